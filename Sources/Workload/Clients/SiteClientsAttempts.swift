import KeyValue
import Raft
import Server

/// How one operation is sent, repeated and ended.
extension SiteClients {
  /// Begins the first step of an operation in an idle session.
  mutating func begin(_ slot: Int, phase: Int, intended: Instant, at now: Instant) {
    let sequence = nextSequence(slot)
    let draft = source.draw(phase: phase, client: client(slot), sequence: sequence)
    slots[slot].phase = phase
    slots[slot].kind = draft.kind
    busyCount += 1
    begin(slot, draft.operation, draft.continuation, sequence: sequence, intended: intended, at: now)
  }

  private mutating func begin(
    _ slot: Int, _ operation: Operation, _ continuation: ClientSlot.Continuation, sequence: SequenceNumber,
    intended: Instant, at now: Instant
  ) {
    slots[slot].sequence = sequence
    slots[slot].operation = operation
    slots[slot].continuation = continuation
    slots[slot].consistency = phases[slots[slot].phase].consistency
    slots[slot].intended = intended
    slots[slot].started = now
    slots[slot].attempts = 0
    slots[slot].unanswered = 0
    slots[slot].isUncertain = false
    slots[slot].skipped = 0
    slots[slot].redirects = 0
    slots[slot].pauses = 0
    slots[slot].server = nil
    slots[slot].role = nil
    attempt(slot, at: now)
  }

  private func nextSequence(_ slot: Int) -> SequenceNumber { SequenceNumber(slots[slot].sequence.rawValue + 1) }

  /// Sends the operation to `target`, or to whoever seems best.
  private mutating func attempt(_ slot: Int, to target: NodeID? = nil, at now: Instant) {
    let deadline = slots[slot].intended + settings.operationDeadline
    routeAnew(slot)
    let target = target ?? bestServer(for: slot, at: now)
    slots[slot].state = .waiting
    slots[slot].asked = now
    slots[slot].target = target
    slots[slot].attempts += 1
    slots[slot].unanswered += 1
    deadlines.set(slot, min(now + settings.attemptTimeout, max(deadline, now + .nanoseconds(1))))
    sends.append(
      ClientSend(
        to: target,
        request: ClientRequest(
          client: client(slot), sequence: slots[slot].sequence, operation: slots[slot].operation,
          consistency: slots[slot].consistency)))
  }

  /// Finds the group that has the key by now; what was found out about servers of another one says nothing any more.
  @inline(__always)
  private mutating func routeAnew(_ slot: Int) {
    let group = routes.group(of: slots[slot].operation.key)
    if group == slots[slot].group { return }
    slots[slot].group = group
    slots[slot].skipped = 0
  }

  private func asksLeader(_ slot: Int) -> Bool {
    guard slots[slot].operation.isRead else { return true }
    return slots[slot].consistency == .linearizable && settings.linearizableReads == .leader
  }

  private mutating func bestServer(for slot: Int, at now: Instant) -> NodeID {
    let group = slots[slot].group
    // An observer that turned the operation away or did not answer is not asked again for it.
    if slots[slot].operation.isRead, slots[slot].skipped == 0, slots[slot].attempts == 0, group == .first,
      let reader = readers?.share(
        // Sessions that act together ask different ones.
        at: now, spread: slots[slot].sequence.rawValue &+ UInt64(slot), trial: settings.attemptTimeout)
    {
      return reader
    }
    if asksLeader(slot), let leader = routes[group].leader { return leader }
    return routes[group].pick(skipping: slots[slot].skipped, at: now)
  }

  mutating func noteRedirect(from server: NodeID, to hint: NodeID?, _ slot: Int, at now: Instant) {
    let group = slots[slot].group
    guard routes.mayBelong(server, to: group) else { return }
    if let hint, hint != server, routes[group].isUsable(hint, at: now) {
      routes[group].leader = hint
    } else if routes[group].leader == server {
      routes[group].leader = nil
    }
  }

  /// Asks the group that has the key by a routing that was just learnt; pauses when that is the one just asked.
  mutating func followRouting(_ slot: Int, at now: Instant) {
    guard routes.group(of: slots[slot].operation.key) != slots[slot].group,
      slots[slot].redirects < SiteClients.redirectsWithoutPause
    else { return pause(slot, at: now) }
    guard mayTryAgain(slot, at: now) else { return giveUp(slot, at: now) }
    slots[slot].redirects += 1
    attempt(slot, at: now)
  }

  /// Goes where a server points to, at once unless that has led nowhere before. While a leader is dead its followers
  /// still point to it; whoever was silent lately is not asked again on their word.
  mutating func follow(_ hint: NodeID?, from server: NodeID, _ slot: Int, at now: Instant) {
    guard let hint, hint != server, routes[slots[slot].group].isUsable(hint, at: now),
      slots[slot].redirects < SiteClients.redirectsWithoutPause
    else {
      slots[slot].skipped += 1
      return pause(slot, at: now)
    }
    guard mayTryAgain(slot, at: now) else { return giveUp(slot, at: now) }
    slots[slot].redirects += 1
    attempt(slot, to: hint, at: now)
  }

  /// Waits a while before the next attempt: twice as long each time, and less by a random part so that clients that
  /// were refused together do not come back together.
  mutating func pause(_ slot: Int, at now: Instant) {
    guard mayTryAgain(slot, at: now) else { return giveUp(slot, at: now) }
    let doublings = Int64(min(slots[slot].pauses, 40))
    let (doubled, overflow) = settings.firstBackoff.nanoseconds.multipliedReportingOverflow(by: 1 << doublings)
    let longest = overflow ? settings.longestBackoff : min(TimeSpan(nanoseconds: doubled), settings.longestBackoff)
    slots[slot].pauses += 1
    slots[slot].redirects = 0
    slots[slot].state = .pausing
    let end = now + pauseRandom.next(in: (longest / 2)...longest)
    deadlines.set(slot, min(end, slots[slot].intended + settings.operationDeadline))
  }

  private func mayTryAgain(_ slot: Int, at now: Instant) -> Bool {
    slots[slot].attempts < settings.maximumAttempts && now < slots[slot].intended + settings.operationDeadline
  }

  /// Does what a session waited for.
  mutating func reachDeadline(of slot: Int, at now: Instant) {
    switch slots[slot].state {
    case .idle:
      deadlines.remove(slot)
    case .thinking:
      guard let phase else { return rest(slot) }
      begin(slot, phase: phase, intended: slots[slot].intended, at: now)
    case .waiting:
      // An attempt that the operation's deadline cut short says nothing about the server.
      if now >= slots[slot].asked + settings.attemptTimeout {
        routes[slots[slot].group].noteSilence(
          of: slots[slot].target, at: now, avoidance: settings.serverAvoidance)
        readers?.noteSilence(
          of: slots[slot].target, asked: slots[slot].asked, at: now, avoidance: settings.serverAvoidance)
      }
      guard mayTryAgain(slot, at: now) else { return giveUp(slot, at: now) }
      attempt(slot, at: now)
    case .pausing:
      guard mayTryAgain(slot, at: now) else { return giveUp(slot, at: now) }
      attempt(slot, at: now)
    }
  }

  /// Ends an operation without an answer; `watermark` is what the session's next number must be above.
  mutating func giveUp(_ slot: Int, at now: Instant, goingOnAbove watermark: SequenceNumber? = nil) {
    let isCertain = slots[slot].unanswered == 0 && !slots[slot].isUncertain && settings.trustsRefusals
    finish(slot, slots[slot].operation.isRead || isCertain ? .failed : .unknown, above: watermark, at: now)
  }

  /// Records the end of a step, and goes on with the next one or rests.
  mutating func finish(
    _ slot: Int, _ outcome: OperationRecord.Outcome, above watermark: SequenceNumber? = nil, at now: Instant
  ) {
    records.append(record(slot, outcome, at: now))
    if let watermark { slots[slot].sequence = max(slots[slot].sequence, watermark) }
    let sequence = nextSequence(slot)
    if case .ok(let result) = outcome,
      let step = source.next(
        after: slots[slot].continuation, key: slots[slot].operation.key, result: result, phase: slots[slot].phase,
        kind: slots[slot].kind, client: client(slot), sequence: sequence)
    {
      begin(slot, step.operation, step.continuation, sequence: sequence, intended: now, at: now)
    } else {
      busyCount -= 1
      release(slot, at: now)
    }
  }

  private func record(_ slot: Int, _ outcome: OperationRecord.Outcome, at now: Instant) -> OperationRecord {
    OperationRecord(
      client: client(slot), sequence: slots[slot].sequence, site: site, operation: slots[slot].operation,
      kind: slots[slot].kind, consistency: slots[slot].consistency, intended: slots[slot].intended,
      started: slots[slot].started, ended: now, server: slots[slot].server, role: slots[slot].role,
      attempts: slots[slot].attempts, outcome: outcome)
  }
}
