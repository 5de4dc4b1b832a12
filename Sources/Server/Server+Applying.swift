import KeyValue
import Raft

/// From the core's effects to the state machine and the clients.
extension Server {
  mutating func takeNodeEffects(at now: Instant) {
    take(&node.effects.messages, into: &effects.messages)
    take(&node.effects.writes, into: &effects.writes)
    if !node.effects.reads.isEmpty {
      for outcome in node.effects.reads { reads.take(outcome) }
      node.effects.reads.removeAll(keepingCapacity: true)
    }
    if !node.effects.snapshotChunkRequests.isEmpty { supplySnapshotChunks(at: now) }
    if !node.effects.snapshotChunks.isEmpty { stageSnapshotChunks(at: now) }
    if !node.effects.events.isEmpty {
      for event in node.effects.events { note(event) }
      take(&node.effects.events, into: &effects.events)
    }
  }

  /// Moves a buffer's contents by exchanging buffers when it can.
  private func take<Element>(_ source: inout ContiguousArray<Element>, into target: inout ContiguousArray<Element>) {
    if source.isEmpty { return }
    if target.isEmpty {
      swap(&source, &target)
    } else {
      target.append(contentsOf: source)
      source.removeAll(keepingCapacity: true)
    }
  }

  private mutating func note(_ event: Event) {
    switch event {
    case .roleChanged(let role, _) where role != .leader && !node.plays(.answersOverwritten):
      // Whether what was proposed is committed by the next leader cannot be known here.
      while let waiting = writes.popFirst() {
        reply(.unknown(leader: node.leader), to: waiting.address, waiting.client, waiting.sequence)
      }
      reads.refuseAll()
    case .leaderChanged: if node.role != .leader { reads.refuseAll() }
    default: break
    }
  }

  mutating func applyCommitted(at now: Instant) {
    let end = node.applicableIndex
    guard end > node.appliedIndex else { return }
    var index = node.appliedIndex
    while index < end {
      index = index.next
      let entry = node.entry(at: index)
      guard case .command(let bytes) = entry.payload else { continue }
      apply(bytes, at: LogPosition(index: index, term: entry.term))
    }
    node.applied(through: end, at: now)
  }

  private mutating func apply(_ bytes: [UInt8], at position: LogPosition) {
    guard let command = try? Command(decoding: bytes) else { return applySharding(bytes, at: position) }
    let outcome = execute(command, at: position.index)
    effects.operations += 1
    if settings.reportsApplied, case .executed = outcome {
      effects.applied.append(
        AppliedCommand(client: command.client, sequence: command.sequence, index: position.index))
    }
    if writes.count > 0 { answerWriters(at: position, answer(outcome)) }
  }

  /// Answers whoever waits for a position of the log or one before it, where something else was committed.
  mutating func answerWriters(at position: LogPosition, _ outcome: ClientReply.Outcome) {
    while let waiting = writes.popFirst(through: position.index) {
      let isOurs = waiting.position == position || node.plays(.answersOverwritten)
      reply(
        isOurs ? outcome : .unknown(leader: node.leader), to: waiting.address, waiting.client, waiting.sequence)
    }
  }

  private mutating func execute(_ command: Command, at index: LogIndex) -> ApplyOutcome {
    #if Mutants
      if node.plays(.duplicateExecuted) { return store.applyRepeatedly(command, at: index) }
    #endif
    return store.apply(command, at: index)
  }

  private func answer(_ outcome: ApplyOutcome) -> ClientReply.Outcome {
    switch outcome {
    case .executed(let result), .repeated(let result): .done(result)
    case .sessionExpired(let watermark): .sessionExpired(above: watermark)
    case .moved(let router): .moved(router)
    case .awaited: .busy
    case .stale, .alreadyApplied: .unknown(leader: node.leader)
    }
  }

  /// The index up to which reads may be served.
  private var readableIndex: LogIndex {
    node.plays(.readBeforeApplied) ? LogIndex(.max) : node.appliedIndex
  }

  mutating func answerReads() {
    while let (read, isServed) = reads.popReady(applied: readableIndex) {
      if isServed, let refusal = store.refusal(of: read.query) {
        reply(refusal, to: read.address, read.client, read.sequence)
      } else if isServed {
        effects.operations += 1
        reply(.done(store.answer(read.query)), to: read.address, read.client, read.sequence)
      } else {
        reply(.redirect(to: node.role == .leader ? nil : node.leader), to: read.address, read.client, read.sequence)
      }
    }
  }
}
