import Raft

/// What a group's state says of its share of the keys: part of the replicated state, equal on all replicas.
///
/// A store without a shard has never moved keys and takes every key for its own.
struct Shard: Sendable {
  /// Keys that are to come from a group, and which part of them comes next.
  struct Incoming: Sendable {
    var from: GroupID
    var nextPart: Int
  }

  /// Keys that were set aside for a group.
  struct Outgoing: Sendable {
    var to: GroupID
    var parts: [MovedPart]
  }

  let group: GroupID
  /// The routing in force here, and the one before it.
  private(set) var router: KeyRouter
  private(set) var previous: KeyRouter
  /// In order of the groups.
  private(set) var incoming: [Incoming]
  private(set) var outgoing: [Outgoing]
  /// A hash of all of it.
  private(set) var hash: UInt64 = 0

  init(_ group: GroupID, router: KeyRouter, previous: KeyRouter, incoming: [Incoming], outgoing: [Outgoing]) {
    self.group = group
    self.router = router
    self.previous = previous
    self.incoming = incoming
    self.outgoing = outgoing
    rehash()
  }

  private mutating func rehash() {
    var hash = StableHash(seed: 0x54A2)
    hash.combine(encoded())
    self.hash = hash.value
  }

  /// Whether keys are still to come, or are set aside.
  var isMoving: Bool { !incoming.isEmpty || !outgoing.isEmpty }

  func place(of key: Key) -> KeyPlace {
    guard router.group(of: key) == group else { return .moved(router) }
    if incoming.isEmpty { return .here }
    let source = previous.group(of: key)
    return incoming.contains { $0.from == source } ? .awaited : .here
  }

  /// The groups from which keys come to a group with a change of the routing.
  static func sources(of group: GroupID, from old: KeyRouter, to new: KeyRouter) -> [GroupID] {
    guard new.groups.contains(group) else { return [] }
    return old.groups.contains(group) ? old.groups.filter { !new.groups.contains($0) } : old.groups
  }

  /// The groups to which keys go from a group with a change of the routing.
  static func targets(of group: GroupID, from old: KeyRouter, to new: KeyRouter) -> [GroupID] {
    guard old.groups.contains(group) else { return [] }
    return new.groups.contains(group) ? new.groups.filter { !old.groups.contains($0) } : new.groups
  }

  /// The part that was set aside for a group under a number.
  func part(_ number: Int, for target: GroupID, by version: RoutingVersion) -> ShardAnswer {
    guard router.version >= version else { return .refused(at: router.version) }
    guard router.version == version, let parts = outgoing.first(where: { $0.to == target })?.parts,
      parts.indices.contains(number)
    else { return .nothingLeft }
    return .part(parts[number])
  }

  /// Whether a part is to be installed now; else what to answer.
  func refusal(of part: MovedPart) -> ShardAnswer? {
    guard part.to == group, router.version >= part.version else { return .refused(at: router.version) }
    guard router.version == part.version, let place = incoming.first(where: { $0.from == part.from }) else {
      return .done
    }
    return place.nextPart == part.number ? nil : .expects(part: place.nextPart)
  }

  /// Notes that a part was installed.
  mutating func note(_ part: MovedPart) {
    guard let place = incoming.firstIndex(where: { $0.from == part.from }) else { return }
    incoming[place].nextPart += 1
    if part.isLast { incoming.remove(at: place) }
    rehash()
  }

  mutating func release(_ version: RoutingVersion) -> ShardAnswer {
    guard router.version >= version else { return .refused(at: router.version) }
    if router.version == version, !outgoing.isEmpty {
      outgoing = []
      rehash()
    }
    return .done
  }
}
