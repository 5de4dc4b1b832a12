import KeyValue
import Raft
import Testing

@testable import Server

/// A secretary as a host runs it.
@Suite("Secretary server") struct SecretaryServerTests {
  let id = NodeID(100)
  let leader = NodeID(0)

  private func server(contacts: [NodeID]) -> SecretaryServer {
    SecretaryServer(
      id: id, incarnation: Incarnation(1), settings: SecretarySettings(locality: Locality(0)), contacts: contacts,
      now: .zero)
  }

  private func enlistments(_ effects: ServerEffects) -> [(to: NodeID, isRetiring: Bool)] {
    effects.messages.compactMap {
      if case .enlistment(let message) = $0.message { ($0.to, message.isRetiring) } else { nil }
    }
  }

  @Test("It enlists as soon as it runs, goes where it is pointed to, and repeats that")
  func enlisting() {
    var server = server(contacts: [NodeID(1)])
    #expect(server.nextDeadline <= .zero)
    server.advance(to: .zero)
    server.endTurn(at: .zero)
    #expect(enlistments(server.effects).map(\.to) == [NodeID(1)])
    server.effects.removeAll()
    server.receive(
      Envelope(
        from: NodeID(1), to: id, message: .enlistmentAnswer(EnlistmentAnswer(term: Term(2), leader: leader))),
      at: .zero)
    server.endTurn(at: .zero)
    #expect(server.nextDeadline <= .zero, "the leader is to hear of it now")
    server.advance(to: .zero)
    server.endTurn(at: .zero)
    #expect(enlistments(server.effects).map(\.to) == [leader])
    let next = Instant.zero + SecretarySettings(locality: Locality(0)).enlistmentInterval
    #expect(server.nextDeadline == next)
    #expect(next <= Instant.zero + Settings().relayTimeout / 3)
  }

  @Test("It passes a batch on within the turn, in the leader's name") func relay() {
    var server = server(contacts: [leader])
    let append = AppendEntries(
      term: Term(1), round: Round(3), previous: .zero, commit: .zero,
      entries: [Entry(term: Term(1), payload: .command([1]))])
    let batch = RelayAppend(
      append: append, incarnation: Incarnation(1), assignment: 1,
      targets: [1, 2].map { RelayTarget(node: NodeID($0), next: LogIndex(1)) })
    server.receive(Envelope(from: leader, to: id, message: .relayAppend(batch)), at: .zero)
    server.endTurn(at: .zero)
    #expect(
      Array(server.effects.messages)
        == [1, 2].map { Envelope(from: leader, to: NodeID($0), message: .appendEntries(append), via: id) })
    #expect(server.effects.writes.isEmpty && server.effects.replies.isEmpty)
    // A host that was not done with the last turn's messages loses none of them.
    server.receive(Envelope(from: leader, to: id, message: .relayAppend(batch)), at: .zero)
    server.endTurn(at: .zero)
    #expect(server.effects.messages.count == 4 && server.node.messages.isEmpty)
  }

  @Test("It tells the leader at once that it is to go") func retiring() {
    var server = server(contacts: [leader])
    server.retire(at: .zero)
    server.endTurn(at: .zero)
    #expect(enlistments(server.effects).map(\.isRetiring) == [true])
  }

  @Test("Clients are pointed to the leader: it has nothing to answer from") func clients() {
    var server = server(contacts: [leader])
    let request = ClientRequest(
      client: ClientID(4), sequence: SequenceNumber(2), operation: .get(Key("k")), consistency: .local)
    server.receive(request, from: ClientAddress(5))
    #expect(server.effects.replies.map(\.reply.outcome) == [.redirect(to: nil)])
    server.receive(
      Envelope(from: leader, to: id, message: .enlistmentAnswer(EnlistmentAnswer(term: Term(2), leader: leader))),
      at: .zero)
    server.receive(request, from: ClientAddress(5))
    #expect(server.effects.replies.last?.reply.outcome == .redirect(to: leader))
    #expect(server.effects.replies.last?.reply.role == .secretary)
    #expect(server.effects.replies.last?.to == ClientAddress(5))
  }
}
