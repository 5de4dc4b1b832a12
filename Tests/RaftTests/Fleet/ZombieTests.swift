import Testing

@testable import Raft

/// Signs of life are rounds (rules F1 to F3): a secretary that goes on cannot keep a dead leader alive.
@Suite struct ZombieTests {
  @Test("A zombie that repeats a dead leader's batches for ever does not delay the election")
  func zombie() throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.hire()
    elastic.begin()
    try elastic.propose("a")
    elastic.run(for: .milliseconds(10))
    let relayed = elastic.seen.filter { envelope in
      if case .appendEntries = envelope.message { envelope.via != nil } else { false }
    }
    #expect(!relayed.isEmpty)
    elastic.group.crash(0)
    let died = elastic.now
    let bound = elastic.group.settings.electionTimeout.upperBound * 2
    while elastic.group.leaders.isEmpty, elastic.now < died + bound {
      for envelope in relayed { elastic.group.deliver(envelope) }
      elastic.run(for: .milliseconds(20))
    }
    #expect(elastic.group.leaders.count == 1, "somebody is elected within two election timeouts")
  }

  @Test("A round that comes over a secretary and directly refreshes a timer once")
  func once() throws {
    var group = TestGroup(voters: 3)
    group.elect(0)
    let append = AppendEntries(
      term: Term(1), round: Round(50), previous: .zero, commit: .zero, entries: [])
    func deliver(via secretary: NodeID?) {
      group.deliver(Envelope(from: n(0), to: n(1), message: .appendEntries(append), via: secretary))
    }
    deliver(via: nil)
    let deadline = group[1].nextDeadline
    group.now = group.now + .milliseconds(100)
    deliver(via: n(9))
    #expect(group[1].nextDeadline == deadline && group[1].counters.roundsRepeated == 1)
  }

  @Test("An old term's batch changes nothing, whatever it says is committed")
  func oldTerm() throws {
    var group = TestGroup(voters: 3)
    group.elect(0)
    group.elect(1)
    let before = (group[2].commitIndex, group[2].lastPosition, group[2].term)
    let entries = [Entry(term: Term(1), payload: .command(bytes("x")))]
    let append = AppendEntries(
      term: Term(1), round: Round(999), previous: LogPosition(index: LogIndex(1), term: Term(1)), commit: LogIndex(9),
      entries: entries)
    group.deliver(Envelope(from: n(0), to: n(2), message: .appendEntries(append), via: n(9)))
    #expect((group[2].commitIndex, group[2].lastPosition, group[2].term) == before)
  }
}
