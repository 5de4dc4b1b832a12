import KeyValue
import Raft
import Testing

@testable import Server

@Suite("Reads") struct ReadTests {
  let key = Key("k")

  @Test func aLinearizableReadWaitsForARoundOfTheLeader() throws {
    var group = try ServerGroup()
    group.elect(0)
    group.ask(0, .put(key, [3]), sequence: 1)
    group.deliver()
    group.silent = [1, 2]
    group.ask(0, .get(key), sequence: 2)
    group.deliver()
    #expect(group.outcomes(2).isEmpty)
    group.silent = []
    group.advance(0, by: .milliseconds(200))
    #expect(group.outcomes(2) == [.done(.value([3]))])
  }

  @Test func readsOfOneTurnShareOneQuestion() throws {
    var group = try ServerGroup()
    group.elect(0)
    for sequence in 1...50 as ClosedRange<UInt64> {
      group.servers[0].receive(
        ClientRequest(
          client: ClientID(sequence), sequence: SequenceNumber(1), operation: .get(key), consistency: .linearizable),
        from: ClientAddress(sequence), at: group.now)
    }
    group.settle(0)
    #expect(group.mailbox.count == 2)
    group.deliver()
    #expect(group.replies.filter { $0.reply.outcome == .done(.value(nil)) }.count == 50)
  }

  @Test func aFollowerServesAReadOnceItHasAppliedTheLeadersIndex() throws {
    var settings = ServerSettings()
    settings.servesFollowerReads = true
    var group = try ServerGroup(settings: settings)
    group.elect(0)
    group.deliver()
    // The follower misses the entry that is committed without it.
    group.ask(0, .put(key, [9]), sequence: 1)
    let isForFollower: (Envelope) -> Bool = {
      guard $0.to == NodeID(1) else { return false }
      if case .appendEntries = $0.message { return true }
      return false
    }
    group.deliver(where: isForFollower)
    #expect(group.outcomes(1) == [.done(.stored)])
    group.ask(1, .get(key), client: 2, sequence: 1)
    group.deliver(where: isForFollower)
    #expect(group.outcomes(1, client: 2).isEmpty && group.servers[1].store.read(key) == nil)
    group.deliver()
    group.advance(0, by: .milliseconds(200))
    #expect(group.outcomes(1, client: 2) == [.done(.value([9]))])
    #expect(group.replies.last { $0.to == 2 }?.reply.role == .follower)
  }

  @Test func aLocalReadIsServedAtOnceAndMayBeStale() throws {
    var group = try ServerGroup()
    group.elect(0)
    group.silent = [1]
    group.ask(0, .put(key, [4]), sequence: 1)
    group.deliver()
    group.ask(1, .get(key), client: 2, sequence: 1, consistency: .local)
    #expect(group.outcomes(1, client: 2) == [.done(.value(nil))])
    group.ask(0, .get(key), client: 2, sequence: 2, consistency: .local)
    #expect(group.outcomes(2, client: 2) == [.done(.value([4]))])
  }

  @Test func aReadThatGetsNoIndexIsSentElsewhereInTheEnd() throws {
    var group = try ServerGroup()
    group.elect(0)
    group.silent = [1, 2]
    group.ask(0, .get(key), sequence: 1)
    // Without a quorum the leader steps down; whoever waits may ask somebody else, and never back to it.
    for _ in 0..<20 { group.advance(0, by: .milliseconds(200)) }
    #expect(group.outcomes(1) == [.redirect(to: nil)])
  }

  /// Found by the fuzzer (default profile, seed 10): the deadline of a read that had its index and waited for it to be
  /// applied stayed in the past, and the server asked to be called again for ever.
  @Test func aReadWhoseIndexIsNotAppliedInTimeIsSentElsewhere() throws {
    var settings = ServerSettings()
    settings.servesFollowerReads = true
    var group = try ServerGroup(settings: settings)
    group.elect(0)
    group.stuckDisks = [1]
    group.ask(0, .put(key, [4]), sequence: 1)
    group.deliver()
    group.ask(1, .get(key), client: 2, sequence: 1)
    group.deliver()
    #expect(group.outcomes(1, client: 2).isEmpty)
    group.advance(0, by: .milliseconds(100))
    group.advance(1, by: .milliseconds(settings.readTimeoutMilliseconds - 100))
    #expect(group.outcomes(1, client: 2) == [.redirect(to: nil)])
    #expect(group.servers[1].nextDeadline > group.now)
  }

  @Test func aLostQuestionOfAFollowerEndsInARedirect() throws {
    var settings = ServerSettings()
    settings.servesFollowerReads = true
    var group = try ServerGroup(settings: settings)
    group.elect(0)
    group.ask(1, .get(key), sequence: 1)
    group.mailbox.removeAll()
    group.advance(1, by: .milliseconds(settings.readTimeoutMilliseconds))
    #expect(group.outcomes(1).count == 1)
    guard case .redirect = group.outcomes(1).first else { return #expect(Bool(false), "no redirect") }
  }
}
