import Raft

/// Which group has which keys: consistent hashing of keys onto groups, and a version that tells an old routing from a
/// new one.
///
/// The routing is a function of the set of groups alone. With ``pointsPerGroup`` points a group's share of many keys
/// lies within a fifth of its equal share for up to 16 groups; a group that is added takes about its equal share, in
/// equal parts from all others.
public struct KeyRouter: Hashable, Sendable {
  /// How many points each group has on the ring.
  public static let pointsPerGroup = 512

  /// The most groups of a routing that is read from bytes: a group of two bytes becomes ``pointsPerGroup`` points of 16.
  public static let mostGroups = 1_024

  /// The version of the routing.
  public let version: RoutingVersion
  /// The groups that have keys, in order of their numbers; at least one.
  public let groups: [GroupID]
  /// Nil when one group has all keys.
  private let ring: HashRing?

  /// Makes a routing to some groups, at least one.
  public init(groups: [GroupID] = [.first], version: RoutingVersion = RoutingVersion(0)) {
    precondition(!groups.isEmpty, "a routing needs a group")
    self.version = version
    self.groups = Set(groups).sorted()
    ring = self.groups.count == 1 ? nil : HashRing(self.groups, pointsPerGroup: KeyRouter.pointsPerGroup)
  }

  /// The group that a key belongs to.
  @inline(__always)
  public func group(of key: Key) -> GroupID { ring.map { $0.group(of: key) } ?? groups[0] }

  /// The group that all of an operation's keys belong to; nil when they belong to different groups, and no group can
  /// execute it.
  public func group(of operation: Operation) -> GroupID? {
    switch operation {
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys): common(keys.elements) { $0 }
    case .putMany(let pairs): common(pairs.elements) { $0.key }
    default: group(of: operation.key)
    }
  }

  private func common<Element>(_ elements: [Element], _ key: (Element) -> Key) -> GroupID? {
    let first = group(of: key(elements[0]))
    if ring == nil { return first }
    return elements.dropFirst().allSatisfy { group(of: key($0)) == first } ? first : nil
  }

  /// The next routing, with one group more.
  public func adding(_ group: GroupID) -> KeyRouter { KeyRouter(groups: groups + [group], version: version.next) }

  /// The next routing, with one group less; nil when the group has no keys or all of them.
  public func removing(_ group: GroupID) -> KeyRouter? {
    guard groups.contains(group), groups.count > 1 else { return nil }
    return KeyRouter(groups: groups.filter { $0 != group }, version: version.next)
  }

  /// Two routings are equal when they have the same version and groups.
  public static func == (left: KeyRouter, right: KeyRouter) -> Bool {
    left.version == right.version && left.groups == right.groups
  }

  /// Hashes version and groups.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(version)
    hasher.combine(groups)
  }
}
