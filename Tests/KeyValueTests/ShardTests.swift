import Raft
import Testing

@testable import KeyValue

@Suite("Sharding: the store's side of moving keys") struct ShardTests {
  static let one = KeyRouter(groups: [.first], version: RoutingVersion(1))
  static let two = one.adding(GroupID(1))

  /// Two groups, the first of which has some keys, before the second gets its share.
  struct Pair {
    var old = TestStore()
    var new = TestStore()
    let keys = (0..<40).map { Key("user\($0)") }

    init() {
      for (number, key) in keys.enumerated() {
        old.apply(UInt64(number % 4) + 1, UInt64(number) + 1, .put(key, [UInt8(number)]))
      }
    }

    var moving: [Key] { keys.filter { two.group(of: $0) == GroupID(1) } }
    var staying: [Key] { keys.filter { two.group(of: $0) == .first } }

    /// Both learn of the routing, in the order that a mover keeps.
    mutating func reroute() {
      #expect(new.run(.reroute(GroupID(1), from: one, to: two)) == .done)
      #expect(old.run(.reroute(.first, from: one, to: two)) == .done)
    }

    func part(_ number: Int) throws -> MovedPart {
      guard case .part(let part) = old.store.part(number, for: GroupID(1), by: two.version) else { throw NoPart() }
      return part
    }
  }

  struct NoPart: Error {}

  @Test("An operation over several keys is executed where all of them are, and nowhere by halves")
  func severalKeys() {
    var pair = Pair()
    pair.reroute()
    let (here, there) = (pair.staying[0], pair.moving[0])
    let mixed = NonEmpty([here, there])!
    let put = Operation.putMany(NonEmpty([KeyedValue(here, [99]), KeyedValue(there, [99])])!)
    for operation in [.getMany(mixed), .countPresent(mixed), .deleteMany(mixed), put] as [Operation] {
      #expect(Self.two.group(of: operation) == nil && Self.one.group(of: operation) == .first)
      #expect(pair.old.apply(9, pair.old.index + 1, operation) == .moved(Self.two))
    }
    #expect(pair.old.store.read(here) == [UInt8(pair.keys.firstIndex(of: here) ?? 99)])
    let staying = NonEmpty(Array(pair.staying[..<2]))!
    #expect(Self.two.group(of: .getMany(staying)) == .first)
    #expect(pair.old.apply(9, pair.old.index + 1, .countPresent(staying)).result == .present(2))
    let moving = NonEmpty(Array(pair.moving[..<2]))!
    #expect(Self.two.group(of: .deleteMany(moving)) == GroupID(1))
    #expect(pair.new.apply(9, pair.new.index + 1, .deleteMany(moving)) == .awaited)
    #expect(
      pair.new.store.place(of: .presence(moving)) == .awaited
        && pair.old.store.place(of: .values(mixed)) == .moved(Self.two))
  }

  @Test("A group that loses keys refuses them from one position on, and sets aside exactly those")
  func fence() throws {
    var pair = Pair()
    #expect(pair.moving.count > 8 && pair.staying.count > 8)
    #expect(pair.old.store.place(of: pair.moving[0]) == .here)
    pair.reroute()
    for key in pair.moving {
      #expect(pair.old.store.place(of: key) == .moved(Self.two) && pair.old.store.read(key) == nil)
      #expect(pair.old.apply(9, pair.old.index + 1, .put(key, [1])) == .moved(Self.two))
    }
    for key in pair.staying {
      #expect(pair.old.store.place(of: key) == .here)
      #expect(
        pair.old.apply(9, pair.old.index + 1, .get(key)).result == .value([UInt8(pair.keys.firstIndex(of: key) ?? 99)]))
    }
    let part = try pair.part(0)
    #expect(part.isLast && Set(part.entries.map(\.key)) == Set(pair.moving) && part.keyCount == pair.moving.count)
    #expect(pair.old.store.part(1, for: GroupID(1), by: Self.two.version) == .nothingLeft)
    #expect(pair.old.store.part(0, for: GroupID(2), by: Self.two.version) == .nothingLeft)
    #expect(pair.old.store.part(0, for: GroupID(1), by: RoutingVersion(9)) == .refused(at: Self.two.version))
  }

  @Test("A group that gets keys serves none of them before the last part is there, and all of them then")
  func install() throws {
    var pair = Pair()
    pair.reroute()
    let key = pair.moving[0]
    #expect(pair.new.store.place(of: key) == .awaited && pair.new.store.place(of: pair.staying[0]) == .moved(Self.two))
    #expect(pair.new.apply(9, 1, .put(key, [1])) == .awaited)
    #expect(pair.new.run(.install(try pair.part(0))) == .done)
    #expect(pair.new.store.place(of: key) == .here && !pair.new.store.isMovingKeys && pair.old.store.isMovingKeys)
    // What was refused was not remembered as done.
    #expect(pair.new.apply(9, 1, .put(key, [1])) == .executed(.stored))
    #expect(pair.old.run(.release(Self.two.version)) == .done)
    #expect(!pair.old.store.isMovingKeys)
    #expect(pair.old.store.part(0, for: GroupID(1), by: Self.two.version) == .nothingLeft)
    let contents = pair.old.store.sortedContents + pair.new.store.sortedContents
    #expect(contents.map(\.key).sorted() == pair.keys.sorted())
  }

  @Test("Commands take effect once however often they come, and those that do not fit change nothing")
  func idempotence() throws {
    var pair = Pair()
    let three = Self.two.adding(GroupID(2))
    #expect(
      pair.new.run(
        .install(
          try {
            var other = Pair(); other.reroute(); return try other.part(0)
          }())) == .refused(at: nil))
    pair.reroute()
    let part = try pair.part(0)
    let digests = (pair.old.store.digest, pair.new.store.digest)
    #expect(pair.old.run(.reroute(.first, from: Self.one, to: Self.two)) == .done)
    #expect(pair.new.run(.reroute(GroupID(1), from: Self.one, to: Self.two)) == .done)
    // While keys move nobody begins another move, nor one from a routing that is not in force, nor in another's name.
    #expect(pair.old.run(.reroute(.first, from: Self.two, to: three)) == .refused(at: Self.two.version))
    #expect(pair.new.run(.reroute(GroupID(1), from: Self.two, to: three)) == .refused(at: Self.two.version))
    #expect(pair.old.run(.reroute(GroupID(1), from: Self.two, to: three)) == .refused(at: Self.two.version))
    #expect(pair.old.run(.install(part)) == .refused(at: Self.two.version))
    #expect(pair.old.run(.release(RoutingVersion(5))) == .refused(at: Self.two.version))
    #expect((pair.old.store.digest, pair.new.store.digest) == digests)

    #expect(pair.new.run(.install(part)) == .done)
    #expect(pair.new.apply(9, 1, .put(pair.moving[0], [77])) == .executed(.stored))
    let digest = pair.new.store.digest
    #expect(pair.new.run(.install(part)) == .done && pair.new.store.read(pair.moving[0]) == [77])
    #expect(pair.new.store.digest == digest)
    #expect(pair.old.run(.release(Self.two.version)) == .done && pair.old.run(.release(Self.two.version)) == .done)
    #expect(pair.old.run(.reroute(.first, from: Self.two, to: three)) == .done)
    #expect(pair.old.run(.release(Self.two.version)) == .done && pair.old.store.isMovingKeys)
    #expect(pair.new.run(.reroute(GroupID(1), from: Self.one, to: three)) == .refused(at: Self.two.version))
  }

  @Test("A write that was executed before its key moved is answered by the new group and not executed again")
  func retry() throws {
    var pair = Pair()
    let counter = try #require((0..<100).map { Key("count\($0)") }.first { Self.two.group(of: $0) == GroupID(1) })
    #expect(pair.old.apply(5, 7, .increment(counter, by: 3)).result == .incremented(3))
    pair.reroute()
    // The old group still knows what it did, and does nothing new.
    #expect(pair.old.apply(5, 7, .increment(counter, by: 3)) == .repeated(.incremented(3)))
    #expect(pair.old.apply(5, 8, .increment(counter, by: 3)) == .moved(Self.two))
    #expect(pair.new.run(.install(try pair.part(0))) == .done)
    #expect(pair.new.apply(5, 7, .increment(counter, by: 3)) == .repeated(.incremented(3)))
    #expect(pair.new.apply(5, 6, .increment(counter, by: 3)) == .stale(last: SequenceNumber(7)))
    #expect(pair.new.apply(5, 8, .increment(counter, by: 3)) == .executed(.incremented(6)))
  }

  @Test("Keys that move away and back have their latest value")
  func thereAndBack() throws {
    var pair = Pair()
    pair.reroute()
    #expect(pair.new.run(.install(try pair.part(0))) == .done)
    #expect(pair.old.run(.release(Self.two.version)) == .done)
    for key in pair.moving { pair.new.apply(8, pair.new.index + 1, .append(key, [200])) }
    let back = try #require(Self.two.removing(GroupID(1)))
    #expect(pair.old.run(.reroute(.first, from: Self.two, to: back)) == .done)
    #expect(pair.old.store.place(of: pair.staying[0]) == .here && pair.old.store.place(of: pair.moving[0]) == .awaited)
    #expect(pair.new.run(.reroute(GroupID(1), from: Self.two, to: back)) == .done)
    guard case .part(let part) = pair.new.store.part(0, for: .first, by: back.version) else { throw NoPart() }
    #expect(pair.old.run(.install(part)) == .done && pair.new.store.keyCount == 0)
    for (number, key) in pair.keys.enumerated() {
      #expect(pair.old.store.read(key) == (pair.moving.contains(key) ? [UInt8(number), 200] : [UInt8(number)]))
    }
  }

  @Test("Many keys go in several parts, which are installed in order")
  func parts() throws {
    var pair = Pair()
    let value = [UInt8](repeating: 1, count: 40_000)
    for number in 0..<60 { pair.old.apply(3, pair.old.index + 1, .put(Key("big\(number)"), value)) }
    pair.reroute()
    var parts: [MovedPart] = []
    repeat { parts.append(try pair.part(parts.count)) } while !parts[parts.count - 1].isLast
    #expect((3...12).contains(parts.count) && parts.map(\.number) == Array(parts.indices))
    #expect(parts.allSatisfy { $0.estimatedSize < MovedPart.targetBytes + 50_000 })
    let keys = parts.flatMap { $0.entries.map(\.key) }
    #expect(keys == keys.sorted() && Set(keys).count == keys.count && keys.count > 20)
    #expect(pair.new.run(.install(parts[1])) == .expects(part: 0))
    #expect(pair.new.run(.install(parts[0])) == .done && pair.new.run(.install(parts[0])) == .expects(part: 1))
    #expect(pair.new.run(.install(parts[2])) == .expects(part: 1))
    for part in parts.dropFirst() {
      #expect(pair.new.store.place(of: keys[0]) == .awaited)
      #expect(pair.new.run(.install(part)) == .done)
    }
    #expect(pair.new.store.place(of: keys[0]) == .here && pair.new.store.keyCount == keys.count)
  }

  @Test("A snapshot in the midst of a move brings back all of it, wherever it is cut", arguments: [3, 100, 1 << 20])
  func snapshots(chunkBytes: Int) throws {
    var pair = Pair()
    let limits = StoreLimits(keyBytes: 32, valueBytes: 50)
    pair.old = TestStore(limits)
    for (number, key) in pair.keys.enumerated() {
      pair.old.apply(UInt64(number % 4) + 1, UInt64(number) + 1, .put(key, [UInt8(number)]))
    }
    pair.reroute()
    for original in [pair.old, pair.new] {
      let made = Array(original.store.snapshot(chunkBytes: chunkBytes))
      var restorer = SnapshotRestorer(limits: original.store.limits)
      for chunk in made { try restorer.consume(chunk) }
      let restored = try restorer.finish()
      #expect(restored.digest == original.store.digest && Array(restored.snapshot(chunkBytes: chunkBytes)) == made)
      #expect(restored.routingVersion == Self.two.version && restored.isMovingKeys)
      for key in pair.keys { #expect(restored.place(of: key) == original.store.place(of: key)) }
      #expect(
        restored.part(0, for: GroupID(1), by: Self.two.version)
          == original.store.part(0, for: GroupID(1), by: Self.two.version))
    }
    // Sessions that came together keep their order.
    pair.new.run(.install(try pair.part(0)))
    var restorer = SnapshotRestorer()
    for chunk in pair.new.store.snapshot(chunkBytes: chunkBytes) { try restorer.consume(chunk) }
    let restored = try restorer.finish()
    #expect(
      restored.digest == pair.new.store.digest && restored.sessions.inOrderOfUse == pair.new.store.sessions.inOrderOfUse
    )
  }

  @Test("The digest tells stores apart that differ in their share of the keys alone")
  func digests() {
    var (left, right, plain) = (TestStore(), TestStore(), TestStore())
    left.run(.reroute(GroupID(1), from: Self.one, to: Self.two))
    right.run(.reroute(GroupID(2), from: Self.one, to: Self.two))
    plain.run(.release(Self.two.version))
    #expect(Set([left, right, plain].map(\.store.digest)).count == 3 && !plain.store.isSharded)
  }
}

extension TestStore {
  @discardableResult
  mutating func run(_ command: ShardCommand) -> ShardAnswer {
    index += 1
    // Replicas apply what was encoded.
    guard let decoded = try? ShardCommand(decoding: command.encoded()), decoded == command else {
      return .refused(at: RoutingVersion(.max))
    }
    return store.apply(decoded, at: LogIndex(index))
  }
}
