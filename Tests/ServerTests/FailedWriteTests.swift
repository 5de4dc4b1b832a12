import KeyValue
import Raft
import Testing

@testable import Server

@Suite("A server whose disk fails") struct FailedWriteTests {
  static let key = Key("k")

  /// A leader with a request of each kind that waits, and an earlier one that was answered.
  func makeBusyLeader() throws -> ServerGroup {
    var group = try ServerGroup()
    group.elect(0)
    group.ask(0, .put(Self.key, [1]), sequence: 1)
    group.deliver()
    group.stuckDisks = [0]
    group.ask(0, .put(Self.key, [2]), sequence: 2)
    group.ask(0, .get(Self.key), sequence: 3)
    group.mailbox.removeAll()
    return group
  }

  @Test func itStopsAndSaysNothingMore() throws {
    var group = try makeBusyLeader()
    let (replies, waiting) = (group.replies.count, group.servers[0].reads.count)
    group.servers[0].writeFailed(at: group.now)
    group.servers[0].endTurn(at: group.now)
    guard case .durableWriteFailed? = group.servers[0].node.fault else { return #expect(Bool(false), "no fault") }
    #expect(
      group.servers[0].effects.events.contains {
        if case .stopped(.durableWriteFailed) = $0 { true } else { false }
      })
    #expect(group.servers[0].nextDeadline == .distantFuture)
    group.servers[0].effects.removeAll()

    // Requests are not even turned away, and the acknowledgements of others count for nothing.
    group.ask(0, .put(Self.key, [3]), sequence: 4)
    group.ask(0, .get(Self.key), sequence: 5)
    group.ask(0, .get(Self.key), sequence: 6, consistency: .local)
    group.ask(0, .put(Self.key, [1]), sequence: 1)
    let (term, last) = (group.servers[0].node.term, group.servers[0].node.lastPosition.index)
    for from in 1...2 as ClosedRange<UInt32> {
      let message = Message.appendAccepted(AppendAccepted(term: term, round: Round(99), match: last))
      group.servers[0].receive(Envelope(from: NodeID(from), to: NodeID(0), message: message), at: group.now)
    }
    group.advance(0, by: .seconds(60))
    #expect(group.replies.count == replies && group.mailbox.isEmpty)
    #expect(group.servers[0].effects.isEmpty && group.servers[0].reads.count == waiting)
    #expect(group.outcomes(2).isEmpty && group.outcomes(3).isEmpty)
  }

  @Test func whatTheTurnHadAlreadyCollectedIsTakenBack() throws {
    var group = try makeBusyLeader()
    group.servers[0].receive(
      ClientRequest(client: ClientID(1), sequence: SequenceNumber(7), operation: .get(Self.key), consistency: .local),
      from: ClientAddress(1), at: group.now)
    #expect(!group.servers[0].effects.replies.isEmpty)
    group.servers[0].writeFailed(at: group.now)
    group.servers[0].endTurn(at: group.now)
    let effects = group.servers[0].effects
    #expect(effects.replies.isEmpty && effects.messages.isEmpty && effects.writes.isEmpty && !effects.events.isEmpty)
  }

  @Test func theOthersGoOnWithoutIt() throws {
    var group = try makeBusyLeader()
    group.servers[0].writeFailed(at: group.now)
    group.elect(1)
    group.ask(1, .put(Self.key, [9]), client: 2, sequence: 1)
    group.deliver()
    #expect(group.outcomes(1, client: 2) == [.done(.stored)])
  }
}
