import Raft

/// Digests for comparing replicas: equal for equal contents, whatever way they came about, and kept up to date in
/// constant time per key written (each entry's hash is added to or taken from a sum).
extension Store {
  /// A digest of the keys and values alone.
  public var contentDigest: UInt64 { RandomSource.mix(hashSum &+ RandomSource.mix(UInt64(slots.count))) }

  /// A digest of everything that decides how the store answers from here on: keys, values, sessions with their
  /// numbers, results and last use, the watermark of expired sessions, and the group's share of the keys.
  public var digest: UInt64 {
    var hash = StableHash(seed: 0xD16E)
    hash.combine(contentDigest)
    hash.combine(sessions.hashSum)
    hash.combine(UInt64(sessions.count))
    hash.combine(sessions.watermark.rawValue)
    if let shard { hash.combine(shard.hash) }
    return hash.value
  }

  static func entryHash(_ key: Key, _ value: Value) -> UInt64 {
    var hash = StableHash(seed: 0xE27)
    hash.combine(key.bytes)
    hash.combine(value)
    return hash.value
  }
}
