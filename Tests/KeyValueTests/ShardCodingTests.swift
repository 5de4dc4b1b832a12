import Raft
import Testing

@testable import KeyValue

@Suite("The encoding of commands that move keys") struct ShardCodingTests {
  static let part: MovedPart = {
    let sessions = MovedPart.Sessions(
      watermark: SequenceNumber(300),
      sessions: [
        MovedPart.Session(client: ClientID(7), sequence: SequenceNumber(1 << 40), result: .swapped(false, found: [1])),
        MovedPart.Session(client: ClientID(1), sequence: SequenceNumber(2), result: .incremented(-9)),
      ])
    let entries = (0..<5).map { MovedPart.Entry(key: Key("k\($0)"), value: [UInt8](repeating: 3, count: $0 * 50)) }
    return MovedPart.cut(entries, sessions, version: RoutingVersion(200), from: GroupID(300), to: .first)[0]
  }()

  static let commands: [ShardCommand] = [
    .reroute(GroupID(9), from: KeyRouter(), to: KeyRouter(groups: [.first, GroupID(9)], version: RoutingVersion(130))),
    .install(part), .release(RoutingVersion(.max)),
  ]

  @Test("A command comes back as it was, and is no command of a client", arguments: commands)
  func roundTrip(command: ShardCommand) throws {
    let bytes = command.encoded()
    #expect(try ShardCommand(decoding: bytes) == command)
    #expect(throws: CodingError.unknownVersion(ShardCommand.encodingVersion)) { try Command(decoding: bytes) }
    #expect(abs(command.estimatedSize - bytes.count) <= 12 + bytes.count / 4)
  }

  @Test("Cut or prolonged bytes are refused, and other damage gives no crash", arguments: commands)
  func damage(command: ShardCommand) {
    let bytes = command.encoded()
    for count in bytes.indices {
      #expect(throws: CodingError.self) { try ShardCommand(decoding: Array(bytes.prefix(count))) }
    }
    #expect(throws: CodingError.trailingBytes(1)) { try ShardCommand(decoding: bytes + [0]) }
    var random = RandomSource(seed: 3)
    var store = TestStore()
    store.run(
      .reroute(
        .first, from: KeyRouter(groups: [GroupID(300)], version: RoutingVersion(199)),
        to: KeyRouter(groups: [.first, GroupID(300)], version: RoutingVersion(200))))
    for _ in 0..<300 {
      var broken = bytes
      let place = Int(random.next(below: UInt64(bytes.count)))
      broken[place] = UInt8(truncatingIfNeeded: random.next())
      // What is still a command is a different one, which a store takes without harm.
      guard let other = try? ShardCommand(decoding: broken) else { continue }
      #expect((other == command) == (broken == bytes))
      var store = store
      store.run(other)
    }
  }

  @Test("A routing to more groups than are taken is refused before its ring is made")
  func groupCount() throws {
    func routing(_ count: Int) -> [UInt8] {
      var writer = ByteWriter(capacity: 0)
      writer.varint(0)
      writer.varint(UInt64(count))
      for group in 0..<count { writer.varint(UInt64(group)) }
      return writer.result
    }
    var largest = ByteReader(routing(KeyRouter.mostGroups))
    #expect(try KeyRouter(from: &largest).groups.count == KeyRouter.mostGroups)
    var larger = ByteReader(routing(KeyRouter.mostGroups + 1))
    #expect(throws: CodingError.malformedNumber(at: 1)) { try KeyRouter(from: &larger) }
  }

  @Test("The bytes of a client's command are refused")
  func clientCommand() {
    let bytes = command(1, 1, .get(Key("k"))).encoded()
    #expect(throws: CodingError.unknownVersion(1)) { try ShardCommand(decoding: bytes) }
  }
}
