import KeyValue
import Raft
import Testing

@testable import Server

@Suite("Writes") struct WriteTests {
  let key = Key("k")

  @Test func aWriteIsAnsweredWhenItIsCommittedAndApplied() throws {
    var group = try ServerGroup()
    group.elect(0)
    group.ask(0, .put(key, [7]), sequence: 1)
    #expect(group.outcomes(1).isEmpty)
    group.deliver()
    #expect(group.outcomes(1) == [.done(.stored)])
    #expect(group.servers.allSatisfy { $0.store.read(key) == [7] || $0.node.appliedIndex < $0.node.commitIndex.next })
    #expect(group.replies.last?.reply.role == .leader)
  }

  @Test func aFollowerSendsItsClientsToTheLeader() throws {
    var group = try ServerGroup()
    group.ask(1, .put(key, [1]), sequence: 1)
    #expect(group.outcomes(1) == [.redirect(to: nil)])
    group.elect(0)
    group.ask(1, .put(key, [1]), sequence: 2)
    group.ask(1, .get(key), sequence: 3)
    #expect(group.outcomes(2) == [.redirect(to: NodeID(0))])
    #expect(group.outcomes(3) == [.redirect(to: NodeID(0))])
  }

  @Test("Trap 59: a retry takes effect once, at the same leader and at the next one")
  func aRetryTakesEffectOnce() throws {
    var settings = ServerSettings()
    settings.reportsApplied = true
    var group = try ServerGroup(settings: settings)
    group.elect(0)
    group.ask(0, .increment(key, by: 1), sequence: 1)
    // The retry comes before the first attempt is committed: both are entries, and one is executed.
    group.ask(0, .increment(key, by: 1), sequence: 1)
    group.deliver()
    #expect(group.outcomes(1) == [.done(.incremented(1)), .done(.incremented(1))])
    // After that, no entry is needed for it.
    let last = group.servers[0].node.lastPosition
    group.ask(0, .increment(key, by: 1), sequence: 1)
    #expect(group.outcomes(1).count == 3 && group.servers[0].node.lastPosition == last)
    group.elect(1)
    group.ask(1, .increment(key, by: 1), sequence: 1)
    group.deliver()
    #expect(group.outcomes(1).last == .done(.incremented(1)))
    #expect(group.servers[1].store.read(key) == Array("1".utf8))
    #expect(group.applied[0].count == 1)
  }

  @Test("Without a session a command takes effect as often as it is sent")
  func sessionlessCommandsAreNotRemembered() throws {
    var group = try ServerGroup()
    group.elect(0)
    for number in 1...2 as ClosedRange<Int64> {
      group.ask(0, .increment(key, by: 1), client: 0, sequence: 0)
      group.deliver()
      #expect(group.outcomes(0, client: 0).last == .done(.incremented(number)))
    }
    #expect(group.servers[0].store.sessionCount == 0)
  }

  @Test("Every question is answered as a read, without an entry in the log")
  func questionsAreReads() throws {
    var group = try ServerGroup()
    group.elect(0)
    let (other, both) = (Key("o"), NonEmpty([key, Key("o")])!)
    group.ask(0, .putMany(NonEmpty([KeyedValue(key, [1, 2]), KeyedValue(other, [])])!), sequence: 1)
    group.deliver()
    let last = group.servers[0].node.lastPosition
    group.ask(0, .length(key), sequence: 2)
    group.ask(0, .getMany(both), sequence: 3)
    group.ask(0, .countPresent(both), sequence: 4)
    group.deliver()
    #expect(group.outcomes(2) == [.done(.length(2))])
    #expect(group.outcomes(3) == [.done(.values([[1, 2], []]))])
    #expect(group.outcomes(4) == [.done(.present(2))])
    #expect(group.servers[0].node.lastPosition == last)
  }

  @Test func whoLosesOfficeDoesNotKnowWhatBecomesOfWhatWaits() throws {
    var group = try ServerGroup()
    group.elect(0)
    group.silent = [0]
    group.ask(0, .put(key, [1]), sequence: 1)
    group.elect(1)
    group.silent = []
    group.ask(1, .put(key, [2]), client: 2, sequence: 1)
    #expect(group.outcomes(1).isEmpty)
    group.advance(1, by: .milliseconds(200))
    group.advance(1, by: .milliseconds(200))
    #expect(group.outcomes(1) == [.unknown(leader: NodeID(1))] || group.outcomes(1) == [.unknown(leader: nil)])
    #expect(group.servers[0].store.read(key) == [2])
  }

  @Test func tooManyWaitingRequestsAreTurnedAway() throws {
    var settings = ServerSettings()
    settings.maximumPending = 2
    var group = try ServerGroup(settings: settings)
    group.elect(0)
    group.silent = [1, 2]
    for sequence in 1...3 as ClosedRange<UInt64> { group.ask(0, .put(key, [0]), client: sequence, sequence: 1) }
    for sequence in 1...3 as ClosedRange<UInt64> { group.ask(0, .get(key), client: sequence, sequence: 2) }
    #expect(group.outcomes(1, client: 3) == [.busy] && group.outcomes(2, client: 3) == [.busy])
    #expect(group.outcomes(1, client: 2).isEmpty && group.outcomes(2, client: 2).isEmpty)
  }

  @Test func aWriteThatIsNotDurableIsNotAcknowledged() throws {
    var group = try ServerGroup(1)
    group.elect(0)
    group.stuckDisks = [0]
    group.ask(0, .put(key, [1]), sequence: 1)
    group.deliver()
    #expect(group.outcomes(1).isEmpty)
  }
}
