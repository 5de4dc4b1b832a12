@testable import Raft

/// Writes states as bytes, under other names for the nodes. Numbers are small here and take a byte each; two states
/// have the same bytes only if they are the same.
struct StateWriter {
  private(set) var bytes: [UInt8] = []
  let renaming: Renaming
  let rounds: Bounds.RoundUse

  init(_ renaming: Renaming, rounds: Bounds.RoundUse) {
    self.renaming = renaming
    self.rounds = rounds
    bytes.reserveCapacity(128)
  }

  mutating func put(_ number: Int) { bytes.append(UInt8(number)) }

  mutating func put(_ bit: Bool) { bytes.append(bit ? 1 : 0) }

  mutating func put(_ more: [UInt8]) {
    put(more.count)
    bytes += more
  }

  mutating func put(_ index: LogIndex) { bytes.append(UInt8(index.rawValue)) }

  mutating func put(_ term: Term) { bytes.append(UInt8(term.rawValue)) }

  mutating func put(_ round: Round) { bytes.append(UInt8(round.rawValue)) }

  mutating func put(_ position: LogPosition) {
    put(position.index)
    put(position.term)
  }

  mutating func put(_ node: NodeID) { put(renaming(node.slot)) }

  mutating func put(_ node: NodeID?) { put(node.map { renaming($0.slot) + 1 } ?? 0) }

  /// A list of nodes whose order means nothing.
  mutating func put(_ nodes: [NodeID]) { put(nodes.reduce(0) { $0 | 1 << renaming($1.slot) }) }

  mutating func put(_ configuration: Configuration) {
    put(configuration.voters)
    put(configuration.outgoing)
    put(configuration.learners)
    put(configuration.learnersNext)
    put(configuration.leavesAutomatically)
  }

  mutating func put(_ state: HardState) {
    put(state.term)
    put(state.vote)
    put(state.commit)
  }

  mutating func put(_ snapshot: SnapshotDescription) {
    put(snapshot.last)
    put(snapshot.configuration)
  }

  mutating func put(_ entries: some Collection<Entry>) {
    put(entries.count)
    for entry in entries {
      put(entry.term)
      put(entry.payload)
    }
  }

  private mutating func put(_ payload: Entry.Payload) {
    switch payload {
    case .empty: put(0)
    case .command(let command):
      put(1)
      put(command)
    case .configuration(let change):
      switch change.transition {
      case .automatic: put(2)
      case .jointThenLeave: put(3)
      case .jointUntilTold: put(4)
      }
      put(change.steps.count)
      for step in change.steps {
        switch step {
        case .addVoter: put(0)
        case .addLearner: put(1)
        case .remove: put(2)
        }
        put(step.node)
      }
    }
  }

  mutating func put(_ envelope: Envelope) {
    put(envelope.from)
    put(envelope.to)
    switch envelope.message {
    case .preVoteRequest(let message):
      put(1)
      put(message.term)
      put(message.last)
    case .preVoteResponse(let message):
      put(message.isGranted ? 2 : 3)
      put(message.term)
      put(message.committed)
    case .voteRequest(let message):
      put(message.isTransfer ? 4 : 5)
      put(message.term)
      put(message.last)
    case .voteResponse(let message):
      put(message.isGranted ? 6 : 7)
      put(message.term)
      put(message.committed)
    case .appendEntries(let message):
      put(8)
      put(message.term)
      if rounds == .all { put(message.round) }
      put(message.previous)
      put(message.commit)
      put(message.entries)
    case .appendAccepted(let message):
      put(9)
      put(message.term)
      if rounds == .all { put(message.round) }
      put(message.match)
    case .appendRejected(let message):
      put(10)
      put(message.term)
      if rounds == .all { put(message.round) }
      put(message.previous)
      put(message.hint)
    case .heartbeat(let message):
      put(11)
      put(message.term)
      if rounds != .none { put(message.round) }
      put(message.commit)
    case .heartbeatResponse(let message):
      put(12)
      put(message.term)
      if rounds != .none { put(message.round) }
    case .installSnapshot, .snapshotReceived, .timeoutNow, .readIndexRequest, .readIndexResponse,
      .relayAppend, .relayNotice, .carriedResponses, .enlistment, .enlistmentAnswer, .feedRequest, .feedEntries,
      .feedSnapshot, .feedRefusal, .quorumReadRequest, .quorumReadResponse:
      preconditionFailure("no step of an exploration sends \(envelope)")
    }
  }
}
