@testable import Raft

/// One node whose peers, disk and clock are played by the test.
struct Solo {
  var node: RaftNode
  var disk: DurableState
  var now = Instant.zero
  /// Writes that are not durable yet.
  var writes: [Write] = []
  var autoPersist = true
  var autoApply = true
  var events: [Event] = []
  var reads: [ReadOutcome] = []
  var chunks: [InstallSnapshot] = []
  var chunkRequests: [SnapshotChunkRequest] = []

  /// A node whose log holds entries of the given terms after position zero.
  init(
    _ id: Int = 0, voters: Int = 3, learners: Int = 0, terms: [UInt64] = [], term: UInt64? = nil, vote: Int? = nil,
    commit: UInt64 = 0, changes: [UInt64: ConfigurationChange] = [:], configuration: Configuration? = nil,
    settings change: (inout Settings) -> Void = { _ in }
  ) {
    var settings = Settings()
    settings.readBatchInterval = .zero
    change(&settings)
    let members =
      configuration
      ?? Configuration(voters: (0..<voters).map(n), learners: (voters..<(voters + learners)).map(n))
    let entries = terms.enumerated().map { place, term in
      Entry(term: Term(term), payload: changes[UInt64(place) + 1].map { .configuration($0) } ?? .command([UInt8(term)]))
    }
    let hard = HardState(term: Term(term ?? terms.last ?? 0), vote: vote.map(n), commit: LogIndex(commit))
    disk = DurableState(
      hardState: hard, snapshot: SnapshotDescription(last: .zero, configuration: members), entries: entries)
    node = try! RaftNode(id: n(id), state: disk, settings: settings, random: RandomSource(seed: 7), now: .zero)
  }

  var log: [UInt64] {
    stride(from: node.firstIndex.rawValue, through: node.lastPosition.index.rawValue, by: 1).map {
      node.term(at: LogIndex($0))!.rawValue
    }
  }

  /// Calls the node, ends its turn, and returns what it sends.
  @discardableResult
  mutating func turn(_ body: (inout RaftNode, Instant) throws -> Void) rethrows -> [Envelope] {
    var sent: [Envelope] = []
    try body(&node, now)
    repeat {
      node.endTurn(at: now)
      sent += node.effects.messages
      writes += node.effects.writes
      events += node.effects.events
      reads += node.effects.reads
      chunks += node.effects.snapshotChunks
      chunkRequests += node.effects.snapshotChunkRequests
      node.effects.removeAll()
      if autoPersist { persistNow() }
      if autoApply { node.applied(through: node.applicableIndex, at: now) }
      node.endTurn(at: now)
    } while !node.effects.isEmpty
    return sent
  }

  @discardableResult
  mutating func receive(_ message: Message, from: Int = 1) -> [Envelope] {
    let envelope = Envelope(from: NodeID(UInt32(from)), to: node.id, message: message)
    return turn { node, now in node.receive(envelope, at: now) }
  }

  /// Makes the first waiting writes durable and returns what may be sent then.
  @discardableResult
  mutating func persist(_ count: Int = .max) -> [Envelope] { turn2 { $0.persistNow(count) } }

  private mutating func turn2(_ body: (inout Solo) -> Void) -> [Envelope] {
    body(&self)
    return turn { _, _ in }
  }

  private mutating func persistNow(_ count: Int = .max) {
    for write in writes.prefix(count) {
      disk.store(write)
      node.writesCompleted(through: write.sequence, at: now)
    }
    writes.removeFirst(min(count, writes.count))
  }

  @discardableResult
  mutating func timeOut() -> [Envelope] {
    now = max(now, node.nextDeadline)
    return turn { node, now in node.advance(to: now) }
  }

  @discardableResult
  mutating func wait(_ span: TimeSpan) -> [Envelope] {
    now = now + span
    return turn { node, now in node.advance(to: now) }
  }

  /// Wins an election with everybody's votes and returns what the new leader sends.
  @discardableResult
  mutating func lead() -> [Envelope] {
    timeOut()
    let voters = Set(node.configuration.voters + node.configuration.outgoing).subtracting([node.id]).sorted()
    var sent: [Envelope] = []
    for voter in voters where node.role == .preCandidate {
      receive(preVoted(node.term.rawValue + 1, true), from: voter.slot)
    }
    persist()
    for voter in voters where node.role == .candidate {
      sent = receive(voted(node.term.rawValue, true), from: voter.slot)
    }
    precondition(node.role == .leader, "not elected")
    return sent
  }
}

// MARK: Messages in few words

func at(_ index: UInt64, _ term: UInt64) -> LogPosition { LogPosition(index: LogIndex(index), term: Term(term)) }

func append(
  _ term: UInt64, after index: UInt64, _ previousTerm: UInt64, _ terms: [UInt64] = [], commit: UInt64 = 0,
  round: UInt64 = 1
) -> Message {
  append(
    term, after: index, previousTerm, entries: terms.map { Entry(term: Term($0), payload: .command([UInt8($0)])) },
    commit: commit, round: round)
}

func append(
  _ term: UInt64, after index: UInt64, _ previousTerm: UInt64, entries: [Entry], commit: UInt64 = 0, round: UInt64 = 1
) -> Message {
  .appendEntries(
    AppendEntries(
      term: Term(term), round: Round(round), previous: at(index, previousTerm), commit: LogIndex(commit),
      entries: entries))
}

func beat(_ term: UInt64, commit: UInt64 = 0, round: UInt64 = 1) -> Message {
  .heartbeat(Heartbeat(term: Term(term), round: Round(round), commit: LogIndex(commit)))
}

func beaten(_ term: UInt64, round: UInt64 = 0) -> Message {
  .heartbeatResponse(HeartbeatResponse(term: Term(term), round: Round(round)))
}

func accepted(_ term: UInt64, _ match: UInt64, round: UInt64 = 0) -> Message {
  .appendAccepted(AppendAccepted(term: Term(term), round: Round(round), match: LogIndex(match)))
}

func rejected(_ term: UInt64, _ previous: UInt64, hint: LogPosition) -> Message {
  .appendRejected(AppendRejected(term: Term(term), round: .zero, previous: LogIndex(previous), hint: hint))
}

func preVote(_ term: UInt64, _ last: LogPosition) -> Message {
  .preVoteRequest(PreVoteRequest(term: Term(term), last: last))
}

func preVoted(_ term: UInt64, _ isGranted: Bool) -> Message {
  .preVoteResponse(PreVoteResponse(term: Term(term), isGranted: isGranted))
}

func ask(_ term: UInt64, _ last: LogPosition, isTransfer: Bool = false) -> Message {
  .voteRequest(VoteRequest(term: Term(term), last: last, isTransfer: isTransfer))
}

func voted(_ term: UInt64, _ isGranted: Bool) -> Message {
  .voteResponse(VoteResponse(term: Term(term), isGranted: isGranted))
}

func install(_ term: UInt64, _ last: LogPosition, _ configuration: Configuration, round: UInt64 = 1) -> Message {
  .installSnapshot(
    InstallSnapshot(
      term: Term(term), round: Round(round), snapshot: SnapshotDescription(last: last, configuration: configuration),
      offset: 0, bytes: [1], isLast: true))
}

/// A joint configuration with the given halves.
func joint(_ voters: [Int], from outgoing: [Int], leavesAutomatically: Bool = true) -> Configuration {
  var result = Configuration(voters: voters.map(n))
  result.outgoing = outgoing.map(n)
  result.leavesAutomatically = leavesAutomatically
  return result
}

extension [Envelope] {
  var appends: [AppendEntries] {
    compactMap { if case .appendEntries(let message) = $0.message { message } else { nil } }
  }
  var acceptances: [UInt64] {
    compactMap { if case .appendAccepted(let message) = $0.message { message.match.rawValue } else { nil } }
  }
  var rejections: [AppendRejected] {
    compactMap { if case .appendRejected(let message) = $0.message { message } else { nil } }
  }
  var votes: [Bool] {
    compactMap { if case .voteResponse(let message) = $0.message { message.isGranted } else { nil } }
  }
  var requests: [VoteRequest] {
    compactMap { if case .voteRequest(let message) = $0.message { message } else { nil } }
  }
  var preVotes: [PreVoteResponse] {
    compactMap { if case .preVoteResponse(let message) = $0.message { message } else { nil } }
  }
  var heartbeats: [Heartbeat] { compactMap { if case .heartbeat(let message) = $0.message { message } else { nil } } }
}
