/// The format of a snapshot: a magic number, a version byte, then frames. A frame is a varint length and as many
/// bytes, of which the first is the frame's kind.
///
/// One header, the entries in strictly rising order of keys, the sessions in order of last use, the encoding of
/// the group's share of the keys in pieces (none when keys were never moved), one trailer with a
/// 64-bit checksum: each frame before it is hashed by itself and the hashes are hashed in order, so that the checksum
/// does not depend on how the bytes were cut into chunks.
enum SnapshotFormat {
  static let magic: [UInt8] = Array("eRKV".utf8)
  static let version: UInt8 = 1
  static let checksumSeed: UInt64 = 0x534E_4150

  /// The longest frame that a store with these limits can give: a kind, a few numbers, a key and a value.
  static func largestFrame(_ limits: StoreLimits) -> UInt64 {
    UInt64(limits.keyBytes) + UInt64(limits.valueBytes) + 64
  }

  /// The longest piece of a shard's encoding in bytes: it fits into a frame whatever the limits are.
  static func shardPieceBytes(_ limits: StoreLimits) -> Int { min(limits.valueBytes, 1 << 20) }

  static func frameHash(_ frame: [UInt8]) -> UInt64 {
    var hash = StableHash(seed: checksumSeed)
    hash.combine(frame)
    return hash.value
  }
}
