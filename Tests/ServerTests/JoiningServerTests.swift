import KeyValue
import Raft
import Storage
import Testing

@testable import Server

@Suite struct JoiningServerTests {
  /// The first configuration of a group comes as a snapshot at position zero that has no bytes.
  @Test func aJoiningServerTakesTheGroupsFirstConfiguration() throws {
    var server = try Server(
      id: NodeID(2), state: DurableState(bootstrap: Configuration(voters: [])), snapshot: nil, raft: Settings(),
      settings: ServerSettings(), random: RandomSource(seed: 1), incarnation: 1, now: .zero)
    let first = SnapshotDescription(last: .zero, configuration: Configuration(voters: [NodeID(0), NodeID(1)]))
    let message = InstallSnapshot(
      term: Term(1), round: Round(1), snapshot: first, offset: 0, bytes: [], isLast: true)
    server.receive(Envelope(from: NodeID(0), to: NodeID(2), message: .installSnapshot(message)), at: .zero)
    server.endTurn(at: .zero)
    let save = try #require(server.effects.snapshots.first)
    #expect(save.description == first && save.replacesLog)
    server.snapshotSaved(save, at: .zero)
    #expect(server.node.configuration == first.configuration)
    // What was stored starts the server again.
    _ = try Server(
      id: NodeID(2), state: DurableState(hardState: HardState(term: Term(1)), snapshot: first, entries: []),
      snapshot: save.bytes, raft: Settings(), settings: ServerSettings(), random: RandomSource(seed: 1),
      incarnation: 2, now: .zero)
  }
}
