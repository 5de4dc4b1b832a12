import Raft
import Testing

@testable import Verification

/// A story about forged nodes, and the invariant it breaks, if any.
struct Story: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var broken: Invariant?
  var tell: @Sendable () -> InvariantViolation?

  init(_ name: String, breaks broken: Invariant?, _ tell: @escaping @Sendable () -> InvariantViolation?) {
    testDescription = name
    self.broken = broken
    self.tell = tell
  }

  static let all =
    leaders + logs + commits + counting + configurations + votes + restarts + relays + fleetWords + feeds + countedWords

  static let leaders: [Story] = [
    Story("a settled group", breaks: nil) { Watch.settled().watch.violation },
    Story("two leaders in one term", breaks: .electionSafety) {
      var (watch, _, followers) = Watch.settled()
      followers[0].role = .leader
      watch.see(followers[0])
      return watch.violation
    },
    Story("two leaders in two terms", breaks: nil) {
      var (watch, leader, followers) = Watch.settled()
      followers[0].role = .leader
      followers[0].append(2)
      watch.see(followers[0])
      leader.append(1, 9)
      watch.see(leader)
      return watch.violation
    },
    Story("a leader's log shrinks", breaks: .leaderAppendOnly) {
      var (watch, leader, _) = Watch.settled()
      leader.append(1)
      watch.see(leader)
      leader.entries.removeLast()
      watch.see(leader)
      return watch.violation
    },
    Story("a leader replaces its last entry by one of the same term", breaks: .leaderAppendOnly) {
      var (watch, leader, _) = Watch.settled()
      leader.append(1, 7)
      watch.see(leader)
      leader.entries[3] = Entry(term: Term(1), payload: .command([8]))
      leader.append(1, 9)
      watch.see(leader)
      return watch.violation
    },
    Story("a leader compacts its log", breaks: nil) {
      var (watch, leader, _) = Watch.settled()
      leader.compact(to: 3)
      watch.see(leader)
      leader.append(1)
      watch.see(leader)
      return watch.violation
    },
    Story("a follower's log is cut", breaks: nil) {
      var (watch, _, followers) = Watch.settled()
      followers[0].append(1, 4)
      watch.see(followers[0])
      followers[0].entries.removeLast()
      followers[0].append(2, 4)
      watch.see(followers[0])
      return watch.violation
    },
    Story("a leader lacks what was committed in a lower term", breaks: .leaderCompleteness) {
      var (watch, leader, _) = Watch.settled()
      var late = ForgedNode(4)
      late.append(1, 1)
      late.role = .leader
      late.term = Term(2)
      watch.see(leader)
      watch.see(late)
      return watch.violation
    },
    Story("a leader holds another entry where one was committed in a lower term", breaks: .leaderCompleteness) {
      var (watch, leader, _) = Watch.settled()
      leader.append(2, 4)
      leader.apply(4)
      watch.see(leader)
      var usurper = ForgedNode(4)
      for content in 1...3 { usurper.append(1, UInt8(content)) }
      usurper.append(3, 4)
      usurper.role = .leader
      watch.see(usurper)
      return watch.violation
    },
    Story("an old leader commits after a newer one was elected without the entry", breaks: .leaderCompleteness) {
      var (watch, leader, followers) = Watch.settled()
      followers[0].append(2, 4)
      followers[0].role = .leader
      watch.see(followers[0])
      leader.append(1, 5)
      leader.apply(4)
      watch.see(leader)
      followers[0].append(2, 6)
      watch.see(followers[0])
      return watch.violation
    },
    Story("a candidate of an older term counts its last vote late", breaks: nil) {
      var (watch, _, followers) = Watch.settled()
      followers[0].append(3, 4)
      followers[0].role = .leader
      followers[0].apply(4)
      watch.see(followers[0])
      followers[1].term = Term(2)
      followers[1].role = .leader
      watch.see(followers[1])
      return watch.violation
    },
  ]

  static let logs: [Story] = [
    Story("one position with two contents", breaks: .logMatching) {
      var (watch, leader, followers) = Watch.settled()
      leader.append(1, 4)
      watch.see(leader)
      followers[0].append(1, 5)
      watch.see(followers[0])
      return watch.violation
    },
    Story("one position behind two terms", breaks: .logMatching) {
      var (watch, leader, followers) = Watch.settled()
      leader.append(2, 4)
      leader.append(3, 5)
      watch.see(leader)
      followers[0].append(1, 4)
      followers[0].append(3, 5)
      watch.see(followers[0])
      return watch.violation
    },
    Story("terms fall along a log", breaks: .logMatching) {
      var (watch, _, followers) = Watch.settled()
      followers[0].append(3)
      followers[0].append(2)
      watch.see(followers[0])
      return watch.violation
    },
    Story("one position with two configurations", breaks: .logMatching) {
      var (watch, leader, followers) = Watch.settled()
      func change(_ node: UInt32) -> Entry {
        Entry(term: Term(1), payload: .configuration(ConfigurationChange([.addVoter(NodeID(node))])))
      }
      leader.entries.append(change(8))
      watch.see(leader)
      followers[0].entries.append(change(9))
      watch.see(followers[0])
      return watch.violation
    },
    Story("rival entries of two terms, each in two logs", breaks: nil) {
      var (watch, leader, followers) = Watch.settled()
      leader.append(1, 4)
      watch.see(leader)
      followers[0].append(2, 4)
      watch.see(followers[0])
      followers[1].append(2, 4)
      watch.see(followers[1])
      followers[1].entries.removeLast()
      followers[1].append(3, 6)
      watch.see(followers[1])
      return watch.violation
    },
    Story("rival entries of one term", breaks: .logMatching) {
      var (watch, leader, followers) = Watch.settled()
      leader.append(1, 4)
      watch.see(leader)
      followers[0].append(2, 4)
      watch.see(followers[0])
      followers[1].append(2, 5)
      watch.see(followers[1])
      return watch.violation
    },
    Story("a log that begins with a snapshot", breaks: nil) {
      var (watch, leader, _) = Watch.settled()
      leader.append(1, 4)
      watch.see(leader)
      var late = leader
      late.id = NodeID(9)
      late.role = .follower
      late.compact(to: 3)
      watch.see(late)
      return watch.violation
    },
    Story("a log that begins with a snapshot of something else", breaks: .logMatching) {
      var (watch, leader, _) = Watch.settled()
      leader.append(2, 4)
      watch.see(leader)
      var late = ForgedNode(9)
      late.base = LogPosition(index: LogIndex(3), term: Term(2))
      late.append(2, 4)
      late.apply(3)
      watch.see(late)
      return watch.violation
    },
  ]

  static let commits: [Story] = [
    Story("two nodes commit entries of different terms", breaks: .stateMachineSafety) {
      var (watch, leader, followers) = Watch.settled()
      leader.append(1, 4)
      leader.commitIndex = LogIndex(4)
      watch.see(leader)
      followers[0].append(2, 4)
      followers[0].commitIndex = LogIndex(4)
      watch.see(followers[0])
      return watch.violation
    },
    Story("a node applies what it did not hold when the log was compared", breaks: .stateMachineSafety) {
      var (watch, leader, followers) = Watch.settled()
      leader.append(1, 4)
      leader.append(1, 5)
      leader.apply(5)
      watch.see(leader)
      followers[0].append(1, 4)
      followers[0].append(1, 5)
      watch.see(followers[0])
      // Far from the end of the log, where a step's change is not looked for.
      followers[0].entries[3] = Entry(term: Term(1), payload: .command([66]))
      followers[0].apply(5)
      watch.see(followers[0])
      return watch.violation
    },
    Story("the commit index falls", breaks: .commitMonotonic) {
      var (watch, leader, _) = Watch.settled()
      leader.apply(2)
      watch.see(leader)
      return watch.violation
    },
    Story("the applied index falls", breaks: .commitMonotonic) {
      var (watch, leader, _) = Watch.settled()
      leader.appliedIndex = LogIndex(2)
      watch.see(leader)
      return watch.violation
    },
    Story("applied beyond the commit index", breaks: .commitMonotonic) {
      var (watch, leader, _) = Watch.settled()
      leader.append(1)
      leader.appliedIndex = LogIndex(4)
      watch.see(leader)
      return watch.violation
    },
    Story("committed beyond the log", breaks: .commitMonotonic) {
      var (watch, leader, _) = Watch.settled()
      leader.commitIndex = LogIndex(4)
      watch.see(leader)
      return watch.violation
    },
    Story("a restart forgets what was committed", breaks: nil) {
      var (watch, leader, _) = Watch.settled()
      leader.role = .follower
      leader.apply(0)
      watch.see(leader, incarnation: 1)
      leader.apply(3)
      watch.see(leader, incarnation: 1)
      return watch.violation
    },
  ]

  static let votes: [Story] = [
    Story("a node changes its vote", breaks: .oneVotePerTerm) {
      var (watch, _, followers) = Watch.settled()
      followers[0].term = Term(2)
      followers[0].vote = NodeID(1)
      watch.see(followers[0])
      followers[0].vote = NodeID(3)
      watch.see(followers[0])
      return watch.violation
    },
    Story("a node votes again in a later term", breaks: nil) {
      var (watch, _, followers) = Watch.settled()
      for term in 2...3 as ClosedRange<UInt64> {
        followers[0].term = Term(term)
        followers[0].vote = NodeID(UInt32(term))
        watch.see(followers[0])
        watch.hear(2, UInt32(term), .voteResponse(VoteResponse(term: Term(term), isGranted: true)))
      }
      return watch.violation
    },
    Story("a node grants two votes in one term", breaks: .oneVotePerTerm) {
      var watch = Watch()
      watch.hear(2, 1, .voteResponse(VoteResponse(term: Term(5), isGranted: true)))
      watch.hear(2, 1, .voteResponse(VoteResponse(term: Term(5), isGranted: true)))
      watch.hear(2, 3, .voteResponse(VoteResponse(term: Term(5), isGranted: false)))
      guard watch.violation == nil else { return nil }
      watch.hear(2, 3, .voteResponse(VoteResponse(term: Term(5), isGranted: true)))
      return watch.violation
    },
    Story("a candidate votes for another one", breaks: .oneVotePerTerm) {
      var watch = Watch()
      watch.hear(2, 1, .voteRequest(VoteRequest(term: Term(5), last: .zero, isTransfer: false)))
      watch.hear(2, 3, .voteResponse(VoteResponse(term: Term(5), isGranted: true)))
      return watch.violation
    },
    Story("a restart forgets a vote that was heard of", breaks: .oneVotePerTerm) {
      var (watch, _, followers) = Watch.settled()
      followers[0].term = Term(2)
      followers[0].vote = NodeID(1)
      watch.see(followers[0])
      watch.hear(2, 1, .voteResponse(VoteResponse(term: Term(2), isGranted: true)))
      followers[0].vote = nil
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
    Story("a restart forgets a vote that nobody heard of", breaks: nil) {
      var (watch, _, followers) = Watch.settled()
      followers[0].term = Term(2)
      followers[0].vote = NodeID(1)
      watch.see(followers[0])
      followers[0].vote = nil
      followers[0].term = Term(1)
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
  ]

  static let restarts: [Story] = [
    Story("a term falls", breaks: .termMonotonic) {
      var (watch, _, followers) = Watch.settled()
      followers[0].term = Term(4)
      watch.see(followers[0])
      followers[0].term = Term(3)
      watch.see(followers[0])
      return watch.violation
    },
    Story("a restart forgets a term that was promised", breaks: .termMonotonic) {
      var (watch, _, followers) = Watch.settled()
      followers[0].term = Term(4)
      watch.see(followers[0])
      watch.hear(2, 1, .appendAccepted(AppendAccepted(term: Term(4), round: .zero, match: LogIndex(3))))
      followers[0].term = Term(3)
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
    Story("a restart loses what was acknowledged", breaks: .durableAcknowledgement) {
      var (watch, _, followers) = Watch.settled()
      followers[0].append(1, 4)
      watch.see(followers[0])
      watch.hear(2, 1, .appendAccepted(AppendAccepted(term: Term(1), round: .zero, match: LogIndex(4))))
      followers[0].entries.removeLast()
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
    // Found by the fuzzer (default profile, seed 16363): the write took until after the next leader had cut the log.
    Story("a restart loses what was acknowledged late, in a term that was over", breaks: nil) {
      var (watch, _, followers) = Watch.settled()
      followers[0].append(1, 4)
      watch.see(followers[0])
      followers[0].entries.removeLast()
      followers[0].append(2, 4)
      watch.see(followers[0])
      watch.hear(2, 1, .appendAccepted(AppendAccepted(term: Term(1), round: .zero, match: LogIndex(4))))
      followers[0].entries.removeLast()
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
    // Found by the fuzzer (default profile, seed 24118): the machine crashed before its node heard of the snapshot.
    Story("a restart finds a newer leader's snapshot in place of what was acknowledged", breaks: nil) {
      var (watch, _, followers) = Watch.settled()
      followers[0].append(1, 4)
      followers[0].append(1, 5)
      watch.see(followers[0])
      watch.hear(2, 1, .appendAccepted(AppendAccepted(term: Term(1), round: .zero, match: LogIndex(5))))
      followers[0].entries.removeLast(2)
      followers[0].append(2, 4)
      followers[0].compact(to: 4)
      followers[0].apply(4)
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
    Story("a restart loses what was committed and acknowledged late", breaks: .durableAcknowledgement) {
      var (watch, _, followers) = Watch.settled()
      followers[0].term = Term(2)
      watch.see(followers[0])
      watch.hear(2, 1, .appendAccepted(AppendAccepted(term: Term(1), round: .zero, match: LogIndex(3))))
      followers[0].entries.removeLast()
      followers[0].apply(2)
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
    Story("a restart loses what a newer leader cut off", breaks: nil) {
      var (watch, _, followers) = Watch.settled()
      followers[0].append(1, 4)
      followers[0].append(1, 5)
      watch.see(followers[0])
      watch.hear(2, 1, .appendAccepted(AppendAccepted(term: Term(1), round: .zero, match: LogIndex(5))))
      followers[0].entries.removeLast(2)
      followers[0].append(2, 4)
      watch.see(followers[0])
      watch.see(followers[0], incarnation: 1)
      return watch.violation
    },
  ]
}

@Test("Each invariant fires on its breach and is silent on what is legal", arguments: Story.all)
func invariants(_ story: Story) {
  let violation = story.tell()
  #expect(violation?.invariant == story.broken, "\(violation?.description ?? "silent")")
}

@Test("Every invariant has a story that breaks it")
func everyInvariantFires() {
  #expect(Set(Story.all.compactMap(\.broken)) == Set(Invariant.allCases))
}

@Test("The audit of a whole log finds what steps do not show")
func audit() {
  var (watch, leader, _) = Watch.settled()
  #expect(watch.checker.checkLog(leader) == nil)
  leader.entries[0] = Entry(term: Term(1), payload: .command([99]))
  #expect(watch.checker.check(leader, incarnation: 0) == nil)
  #expect(watch.checker.checkLog(leader)?.invariant == .logMatching)
}

@Test("Memory stays bounded while logs grow, with compaction and without")
func boundedMemory() {
  var watch = Watch(checker: InvariantChecker(capacity: 100))
  var node = ForgedNode(1)
  for round in 1...2_000 as ClosedRange<UInt64> {
    node.append(1, UInt8(truncatingIfNeeded: round))
    node.apply(round)
    if round % 50 == 0 { node.compact(to: round - 10) }
    watch.see(node)
  }
  #expect(watch.violation == nil)
  #expect(watch.checker.changes == 2_000)
  var window = IndexedWindow(vacant: 0, capacity: 10)
  for index in 1...1_000 as ClosedRange<UInt64> { window.set(LogIndex(index), to: Int(index)) }
  #expect(window.count <= 13)
  #expect(window[LogIndex(1_000)] == 1_000)
  #expect(window[LogIndex(1)] == nil)
  window.set(LogIndex(5_000), to: 7)
  #expect(window.count == 1)
  window.drop(below: LogIndex(9_000))
  #expect(window[LogIndex(5_000)] == nil)
}
