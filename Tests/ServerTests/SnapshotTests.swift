import KeyValue
import Raft
import Storage
import Testing

@testable import Server

@Suite("Snapshots through the server") struct ServerSnapshotTests {
  func settings() -> ServerSettings {
    var settings = ServerSettings()
    settings.snapshotEvery = 20
    settings.keepEntries = 4
    return settings
  }

  func put(_ number: UInt64) -> Operation { .put(Key("k\(number % 7)"), Array("\(number)".utf8)) }

  @Test func aServerShortensItsLogAndKeepsATail() throws {
    var group = try ServerGroup(settings: settings())
    group.elect(0)
    for number in 1...100 as ClosedRange<UInt64> {
      group.ask(0, put(number), sequence: number)
      group.deliver()
    }
    let node = group.servers[0].node
    #expect(node.snapshot.last.index > LogIndex(60))
    #expect(node.firstIndex == LogIndex(node.snapshot.last.index.rawValue - 3))
  }

  @Test func aLaggingFollowerIsGivenTheStateAndGoesOnFromThere() throws {
    var group = try ServerGroup(settings: settings())
    group.elect(0)
    group.silent = [2]
    for number in 1...100 as ClosedRange<UInt64> {
      group.ask(0, put(number), sequence: number)
      group.deliver()
    }
    #expect(group.servers[2].store.keyCount == 0)
    group.silent = []
    for _ in 0..<20 { group.advance(0, by: .milliseconds(200)) }
    #expect(group.servers[2].node.snapshot.last.index >= LogIndex(60))
    #expect(group.servers[2].store.digest == group.servers[0].store.digest)
    // The session came along: a retry of the last command is not executed again.
    group.elect(2)
    group.ask(2, put(100), sequence: 100)
    group.deliver()
    #expect(group.outcomes(100).last == .done(.stored))
    #expect(group.servers[2].store.digest == group.servers[0].store.digest)
  }

  @Test func aSnapshotThatIsNotDurableShortensNothing() throws {
    var group = try ServerGroup(1, settings: settings())
    group.elect(0)
    for number in 1...18 as ClosedRange<UInt64> { group.ask(0, put(number), sequence: number) }
    // The one that makes a snapshot due is committed; the snapshot itself never reaches the disk.
    group.servers[0].receive(
      ClientRequest(
        client: ClientID(1), sequence: SequenceNumber(19), operation: put(19), consistency: .linearizable),
      from: ClientAddress(1), at: group.now)
    group.servers[0].endTurn(at: group.now)
    if let last = group.servers[0].effects.writes.last {
      group.servers[0].writesCompleted(through: last.sequence, at: group.now)
    }
    group.servers[0].endTurn(at: group.now)
    #expect(group.servers[0].effects.snapshots.count == 1)
    #expect(group.servers[0].node.firstIndex == LogIndex(1))
  }

  @Test func aServerStartsFromItsSnapshotAndRefusesADamagedOne() throws {
    var store = Store()
    for number in 1...30 as ClosedRange<UInt64> {
      _ = store.apply(
        Command(client: ClientID(1), sequence: SequenceNumber(number), operation: put(number)), at: LogIndex(number))
    }
    var bytes = Array(store.snapshot().joined())
    let state = DurableState(
      hardState: HardState(term: Term(3), vote: nil, commit: LogIndex(30)),
      snapshot: SnapshotDescription(
        last: LogPosition(index: LogIndex(30), term: Term(2)), configuration: Configuration(voters: [NodeID(0)])),
      entries: [])
    func start(_ bytes: [UInt8]?) throws -> Server {
      try Server(
        id: NodeID(0), state: state, snapshot: bytes, raft: Settings(), settings: ServerSettings(),
        random: RandomSource(seed: 1), incarnation: 2, now: .zero)
    }
    #expect(try start(bytes).store.digest == store.digest)
    #expect(throws: ServerRefusal.snapshotMissing(last: LogIndex(30))) { try start(nil) }
    bytes[bytes.count / 2] ^= 4
    #expect(throws: ServerRefusal.self) { try start(bytes) }
  }
}
