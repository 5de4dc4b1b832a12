import Testing

@testable import Raft

/// The bytes that stand for a machine say all that can make a difference.
@Suite struct MachineStateTests {
  private static let identity = Renaming.identity(of: 3)

  private static func bytes(_ machine: Machine, _ renaming: Renaming = identity) -> [UInt8] {
    var writer = StateWriter(renaming, rounds: .all)
    machine.write(to: &writer)
    return writer.bytes
  }

  private static func machine(_ slot: Int = 0, _ inputs: [Machine.Input] = []) throws -> Machine {
    var bounds = Bounds()
    bounds.changes = [.leaveJoint]
    var machine = try Machine(slot: slot, disk: DurableState(bootstrap: bounds.configuration), bounds: bounds)
    for input in inputs { _ = try machine.take(input, bounds: bounds) }
    return machine
  }

  private static func voted(by voter: Int, for candidate: Int) -> Machine.Input {
    .deliver(Envelope(from: n(voter), to: n(candidate), message: vote))
  }

  private static let vote: Message = .voteResponse(VoteResponse(term: Term(1), isGranted: true))

  /// A field that is new must be written or be named among those left out, where the reason stands.
  @Test func everyFieldIsWrittenOrLeftOutOnPurpose() throws {
    let leader = try MachineStateTests.machine(0, [.timeOut, .persist, MachineStateTests.voted(by: 1, for: 0)])
    #expect(leader.node.role == .leader)
    func fields(_ value: Any) -> Set<String> { Set(Mirror(reflecting: value).children.compactMap(\.label)) }
    #expect(
      fields(leader.node) == [
        // Written.
        "id", "term", "vote", "log", "writes", "role", "leader", "configuration", "commitIndex", "appliedIndex",
        "fault",
        "ballots", "leadership", "progress",
        // Left out.
        "settings", "effects", "pendingConfigurations", "earlierConfigurations", "quorum", "random", "now",
        "electionTimeout", "electionDeadline", "stickyUntil", "seenRound", "arriving", "peers", "counters", "mutant", "mutantTag",
        // Nothing is in them without secretaries and observers.
        "localities", "feeds", "fed",
      ])
    #expect(
      fields(leader.node.leadership) == [
        // Written.
        "termStart", "round", "uncommittedBytes", "pendingConfiguration", "departure",
        // Nothing is in them at the end of a turn without reads and transfers, as is made sure.
        "unwritten", "unsent", "commitToAnnounce", "transfer", "reads", "isLeaseForfeited", "fleet",
        // Left out.
        "ahead", "heartbeatDeadline", "quorumDeadline", "readDeadline", "stallDeadline", "assignedReads",
        "lastReadRound", "rounds", "slice", "sliceFirst", "sliceLogEnd",
      ])
    #expect(
      fields(leader.node.progress[1]) == [
        // Written.
        "match", "next", "state", "inflights", "sentCommit", "lastSentRound",
        // Left out.
        "acknowledgedRound", "lastSent", "lastHeard", "wasReportedCaughtUp", "isMember",
        // Nothing is in them without secretaries.
        "relayedSince", "relaySnooze", "relayBackoff",
      ])
    #expect(fields(leader) == ["node", "disk", "writes"])
    #expect(fields(leader.disk) == ["hardState", "snapshot", "entries"])
    #expect(fields(leader.disk.hardState) == ["term", "vote", "commit"])
    #expect(fields(leader.disk.snapshot) == ["last", "configuration"])
    #expect(
      fields(leader.node.configuration) == ["voters", "outgoing", "learners", "learnersNext", "leavesAutomatically"])
    #expect(fields(leader.node.log) == ["snapshot", "base", "last", "entries", "head"])
    // What a tracker does is written, not what it holds.
    #expect(
      fields(leader.node.writes) == [
        "issued", "completed", "durableIndex", "durableCommit", "isHardStateDirty", "pending", "gated",
      ])
  }

  /// What makes a difference changes the bytes.
  @Test func anotherStateHasOtherBytes() throws {
    let asked = try MachineStateTests.machine(0, [.timeOut])
    let stored = try MachineStateTests.machine(0, [.timeOut, .persist])
    let leader = try MachineStateTests.machine(0, [.timeOut, .persist, MachineStateTests.voted(by: 1, for: 0)])
    let changes: [(inout Machine) -> Void] = [
      { $0.node.term = Term(2) }, { $0.node.vote = n(2) }, { $0.node.role = .follower }, { $0.node.leader = n(1) },
      { $0.node.configuration.learners = [n(2)] }, { $0.node.configuration.leavesAutomatically = true },
      { $0.node.commitIndex = LogIndex(1) }, { $0.node.appliedIndex = LogIndex(1) },
      { $0.node.fault = .twoLeaders(term: Term(1), n(0), n(1)) },
      { $0.node.log.append(Entry(term: Term(1), payload: .empty)) },
      { $0.node.writes.gate(.ownVote(Term(1))) }, { $0.node.writes.isHardStateDirty = true },
      { $0.node.leadership.termStart = LogIndex(9) }, { $0.node.leadership.pendingConfiguration = LogIndex(9) },
      { $0.node.leadership.round = Round(9) }, { $0.node.progress[1].match = LogIndex(1) },
      { $0.node.progress[1].next = LogIndex(2) }, { $0.node.progress[1].state = .probe(isPaused: false) },
      { $0.node.progress[1].state = .replicate(isPaused: true) }, { $0.node.progress[1].sentCommit = LogIndex(1) },
      { $0.node.progress[1].lastSentRound = Round(7) }, { $0.disk.hardState.vote = nil },
      { $0.disk.hardState.commit = LogIndex(1) }, { $0.disk.entries = [Entry(term: Term(1), payload: .empty)] },
      { $0.writes[0].hardState = HardState() }, { $0.writes[0].firstIndex = LogIndex(2) },
      { $0.writes[0].entries = [Entry(term: Term(1), payload: .command([1]))] },
    ]
    let before = MachineStateTests.bytes(leader)
    for (place, change) in changes.enumerated() {
      var other = leader
      change(&other)
      #expect(MachineStateTests.bytes(other) != before, "change \(place)")
    }
    var refused = stored
    refused.node.ballots[2] = .refused
    #expect(MachineStateTests.bytes(refused) != MachineStateTests.bytes(stored))
    #expect(MachineStateTests.bytes(asked) != MachineStateTests.bytes(stored))
    #expect(MachineStateTests.bytes(leader) == before)
  }

  /// What was left out makes none: time, and what was said before.
  @Test func whatIsLeftOutDoesNotShow() throws {
    let leader = try MachineStateTests.machine(0, [.timeOut, .persist, MachineStateTests.voted(by: 1, for: 0)])
    let again = try MachineStateTests.machine(
      0, [.timeOut, .persist, MachineStateTests.voted(by: 2, for: 0), .timeOut, .persist])
    var other = leader
    other.node.now = Instant(nanoseconds: 5)
    other.node.random = RandomSource(seed: 8)
    other.node.progress[1].lastHeard = Instant(nanoseconds: 9)
    other.node.progress[1].acknowledgedRound = Round(1)
    other.node.ballots[1] = .refused
    #expect(MachineStateTests.bytes(other) == MachineStateTests.bytes(leader))
    #expect(MachineStateTests.bytes(again) != MachineStateTests.bytes(leader), "one more round and one more write")
  }

  /// Under other names, the same happens to the others.
  @Test(arguments: Renaming.all(of: 3)) func otherNamesAreTheSameStory(_ renaming: Renaming) throws {
    func tale(_ leader: Int, _ voter: Int) throws -> Machine {
      let accepted = AppendAccepted(term: Term(1), round: Round(2), match: LogIndex(1))
      return try MachineStateTests.machine(
        leader,
        [
          .timeOut, .persist, MachineStateTests.voted(by: voter, for: leader),
          .deliver(Envelope(from: n(voter), to: n(leader), message: .appendAccepted(accepted))),
        ])
    }
    let first = try tale(0, 1)
    #expect(first.node.progress[1].match == LogIndex(1))
    #expect(try MachineStateTests.bytes(tale(renaming(0), renaming(1))) == MachineStateTests.bytes(first, renaming))
    #expect(
      (MachineStateTests.bytes(first, renaming) == MachineStateTests.bytes(first)) == (renaming == .identity(of: 3)))
  }
}
