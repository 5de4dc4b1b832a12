import KeyValue
import Raft

/// When operations begin: phases, closed loops, arrivals and the queue.
extension SiteClients {
  private var phaseAfterThis: Int { phase.map { $0 + 1 } ?? 0 }

  var nextPhaseStart: Instant {
    guard let origin, phaseAfterThis < phases.count else { return .distantFuture }
    let start = origin + phases[phaseAfterThis].start
    return start < end ? start : .distantFuture
  }

  var queueDeadline: Instant { queue.first.map { $0.intended + settings.operationDeadline } ?? .distantFuture }

  /// How many sessions, from the first on, are owned by closed loops.
  private var loops: Int {
    guard let phase, case .closed(let clients, _) = phases[phase].arrival else { return 0 }
    return clients
  }

  /// Begins the next phase: closed loops start or end, busy sessions go on with what they do.
  mutating func enterNextPhase(at now: Instant) {
    let start = nextPhaseStart
    let number = phaseAfterThis
    phase = number
    arrivals = ArrivalClock(phases[number].arrival, phaseStart: start, place: place)
    drawNextArrival(after: start)
    free.removeAll(keepingCapacity: true)
    for slot in slots.indices.reversed() where !slots[slot].isBusy {
      rest(slot)
      if slot >= loops { free.append(slot) }
    }
    guard case .closed(let clients, let think) = phases[number].arrival else { return }
    for slot in 0..<clients where !slots[slot].isBusy {
      let delay =
        think > .zero ? TimeSpan(nanoseconds: Int64(arrivalRandom.next(below: UInt64(think.nanoseconds)))) : .zero
      beginLater(slot, intended: start + delay, at: now)
    }
  }

  private mutating func drawNextArrival(after last: Instant) {
    nextArrival = arrivals.next(after: last, &arrivalRandom)
    if nextArrival >= min(end, nextPhaseStart) { nextArrival = .distantFuture }
  }

  /// An operation of an open loop arrives: it takes a free session, or waits for one.
  mutating func arrive(at now: Instant) {
    guard let phase else { return }
    let intended = nextArrival
    drawNextArrival(after: intended)
    if queue.count == 0, let slot = free.popLast() {
      begin(slot, phase: phase, intended: intended, at: now)
    } else if queue.count < settings.queueLimit {
      queue.append(ArrivalQueue.Waiting(intended: intended, phase: phase))
    } else {
      recordUnsent(phase: phase, intended: intended, at: now)
    }
  }

  /// The first operation of the queue waited too long.
  mutating func dropFirstOfQueue(at now: Instant) {
    guard let first = queue.first else { return }
    queue.removeFirst()
    recordUnsent(phase: first.phase, intended: first.intended, at: now)
  }

  private mutating func recordUnsent(phase: Int, intended: Instant, at now: Instant) {
    unsent = SequenceNumber(unsent.rawValue + 1)
    let draft = source.draw(phase: phase, client: unsentClient, sequence: unsent)
    records.append(
      OperationRecord(
        client: unsentClient, sequence: unsent, site: site, operation: draft.operation, kind: draft.kind,
        consistency: phases[phase].consistency, intended: intended, started: now, ended: now, server: nil, role: nil,
        attempts: 0, outcome: .failed))
  }

  /// A session's operation ended: it takes one from the queue, or goes round its loop, or is free.
  mutating func release(_ slot: Int, at now: Instant) {
    while let first = queue.first {
      if queueDeadline <= now {
        dropFirstOfQueue(at: now)
      } else {
        queue.removeFirst()
        return begin(slot, phase: first.phase, intended: first.intended, at: now)
      }
    }
    if let phase, slot < loops, case .closed(_, let think) = phases[phase].arrival {
      beginLater(slot, intended: now + think, at: now)
    } else {
      rest(slot)
      free.append(slot)
    }
  }

  /// Lets a closed loop begin its next operation at `intended`, unless nothing begins any more.
  private mutating func beginLater(_ slot: Int, intended: Instant, at now: Instant) {
    guard intended < end, let phase else { return rest(slot) }
    if intended <= now { return begin(slot, phase: phase, intended: intended, at: now) }
    slots[slot].state = .thinking
    slots[slot].intended = intended
    deadlines.set(slot, intended)
  }

  mutating func rest(_ slot: Int) {
    slots[slot].state = .idle
    deadlines.remove(slot)
  }
}
