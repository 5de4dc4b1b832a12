import Raft

/// A ring of hashes on which every group has many points; a key belongs to the group of the first point at or after
/// the key's hash (Karger et al., STOC 1997).
final class HashRing: Sendable {
  private struct Point: Sendable {
    var hash: UInt64
    var group: GroupID
  }

  private let points: ContiguousArray<Point>

  /// Makes a ring of at least one group. A group's points depend on nothing but its number, so that keys move only to
  /// a group that is added, and only from one that is removed.
  init(_ groups: [GroupID], pointsPerGroup: Int) {
    var points: ContiguousArray<Point> = []
    points.reserveCapacity(groups.count * pointsPerGroup)
    for group in groups {
      for number in 0..<pointsPerGroup {
        var hash = StableHash(seed: 0x2146)
        hash.combine(UInt64(group.rawValue))
        hash.combine(UInt64(number))
        points.append(Point(hash: hash.value, group: group))
      }
    }
    points.sort { ($0.hash, $0.group) < ($1.hash, $1.group) }
    self.points = points
  }

  func group(of key: Key) -> GroupID {
    var hasher = StableHash(seed: 0x4E7)
    hasher.combine(key.bytes)
    let hash = hasher.value
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return points[low == points.count ? 0 : low].group
  }
}
