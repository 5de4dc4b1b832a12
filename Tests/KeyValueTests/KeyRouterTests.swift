import Raft
import Testing

@testable import KeyValue

@Suite("Routing: consistent hashing of keys onto groups") struct KeyRouterTests {
  static let keys = (0..<40_000).map { Key("user\($0)") }

  static func router(_ count: Int) -> KeyRouter {
    KeyRouter(groups: (0..<count).map { GroupID(UInt16($0)) }, version: RoutingVersion(1))
  }

  static func shares(_ router: KeyRouter) -> [GroupID: Int] {
    keys.reduce(into: [:]) { $0[router.group(of: $1), default: 0] += 1 }
  }

  @Test("Each group's share lies within a fifth of its equal share", arguments: [2, 3, 4, 5, 8, 12, 16])
  func fairness(count: Int) {
    let shares = Self.shares(Self.router(count))
    let equal = Double(Self.keys.count) / Double(count)
    #expect(shares.count == count)
    for (group, share) in shares { #expect(abs(Double(share) / equal - 1) < 0.2, "\(group) has \(share) of \(equal)") }
  }

  @Test("Neighbouring keys are spread, as are families of other names", arguments: ["count", "k", "a/long/path/"])
  func families(prefix: String) {
    let router = Self.router(4)
    let counts = (0..<20_000).reduce(into: [GroupID: Int]()) {
      $0[router.group(of: Key("\(prefix)\($1)")), default: 0] += 1
    }
    #expect(counts.values.allSatisfy { abs(Double($0) / 5_000 - 1) < 0.2 })
  }

  @Test("A group that is added takes about its share, from all others, and no key moves elsewhere", arguments: 1...12)
  func adding(count: Int) {
    let (old, added) = (Self.router(count), GroupID(UInt16(count)))
    let new = old.adding(added)
    let moved = Self.keys.filter { old.group(of: $0) != new.group(of: $0) }
    #expect(moved.allSatisfy { new.group(of: $0) == added })
    let expected = Double(Self.keys.count) / Double(count + 1)
    #expect(abs(Double(moved.count) / expected - 1) < 0.2, "\(moved.count) of \(expected)")
    #expect(Set(moved.map { old.group(of: $0) }).count == count)
    #expect(new.version == RoutingVersion(2) && new.groups.count == count + 1)
  }

  @Test("A group that is removed leaves its keys to all others, and no other key moves", arguments: 2...8)
  func removing(count: Int) throws {
    let (old, removed) = (Self.router(count), GroupID(1))
    let new = try #require(old.removing(removed))
    for key in Self.keys {
      let (before, after) = (old.group(of: key), new.group(of: key))
      #expect(before == removed ? after != removed : after == before)
    }
    #expect(KeyRouter(groups: new.groups, version: new.version) == new && new.version == RoutingVersion(2))
  }

  @Test("The last group stays, and one that is not there cannot go")
  func impossible() {
    #expect(Self.router(1).removing(.first) == nil)
    #expect(Self.router(2).removing(GroupID(7)) == nil)
  }

  @Test("The routing is a function of the groups, whatever way they came about")
  func function() {
    let direct = KeyRouter(groups: [GroupID(2), GroupID(0), GroupID(0)], version: RoutingVersion(4))
    let grown = Self.router(2).adding(GroupID(2)).removing(GroupID(1))
    for key in Self.keys.prefix(2_000) { #expect(direct.group(of: key) == grown?.group(of: key)) }
    // The very places are part of the format: replicas of different builds must agree on them.
    #expect((0..<16).map { Self.router(4).group(of: Key("user\($0)")).rawValue } == Self.pinned)
  }

  static let pinned: [UInt16] = [0, 3, 2, 3, 0, 1, 0, 3, 0, 1, 2, 3, 2, 1, 0, 0]
}
