import Raft

/// The layout of a snapshot's file: a header with the description, then the content in chunks, each with its checksum.
enum SnapshotFile {
  static let magic: UInt64 = 0x504E_5354_4641_5245  // "ERAFTSNP"
  static let version: UInt32 = 1
  /// The bytes of the header before the members of the configuration, and before a chunk.
  static let headerBytes = 72
  static let chunkHead = 8
  /// The bytes of content in every chunk but the last.
  static let chunkBytes = 64 << 10
  /// The most members that a configuration's list may have: one for each identifier.
  static let mostMembers = 65_536

  static let hasContent: UInt32 = 1
  static let leavesAutomatically: UInt32 = 2

  static func name(_ number: UInt64) -> String { "snapshot-" + hex(number, digits: 16) }

  /// The number in a snapshot's name; nil for other names.
  static func number(_ name: String) -> UInt64? { FileName.number(name, prefix: "snapshot-") }

  /// The header of a snapshot; without content it is the one that a storage is set up with.
  static func header(_ description: SnapshotDescription, number: UInt64, content: Int?) -> [UInt8] {
    let configuration = description.configuration
    let lists = [configuration.voters, configuration.outgoing, configuration.learners, configuration.learnersNext]
    let count = headerBytes + 4 * lists.reduce(0) { $0 + $1.count } + 4
    var bytes = [UInt8](repeating: 0, count: count)
    bytes.withUnsafeMutableBytes { buffer in
      let header = buffer.baseAddress!
      header.put(magic, at: 0)
      header.put(version, at: 8)
      header.put(
        (content == nil ? 0 : hasContent) | (configuration.leavesAutomatically ? leavesAutomatically : 0), at: 12)
      header.put(number, at: 16)
      header.put(description.last.index.rawValue, at: 24)
      header.put(description.last.term.rawValue, at: 32)
      header.put(UInt64(content ?? 0), at: 40)
      header.put(UInt32(chunkBytes), at: 48)
      header.put(UInt32(0), at: 52)
      var place = headerBytes
      for (list, members) in lists.enumerated() {
        header.put(UInt32(members.count), at: 56 + 4 * list)
        for member in members {
          header.put(member.rawValue, at: place)
          place += 4
        }
      }
      header.put(CRC32C.checksum(UnsafeRawBufferPointer(start: header, count: place)), at: place)
    }
    return bytes
  }

  /// The head of a chunk: its length, and a checksum over that and its bytes that is bound to its number.
  static func chunkHead(_ bytes: UnsafeRawBufferPointer, number: Int) -> (length: UInt32, checksum: UInt32) {
    let length = UInt32(bytes.count)
    let seed = withUnsafeBytes(of: length.littleEndian) {
      CRC32C.checksum($0, seed: UInt32(truncatingIfNeeded: number))
    }
    return (length, CRC32C.checksum(bytes, seed: seed))
  }

  /// Goes on with the checksum of a file: over the header's bytes first, then over the checksum of every chunk.
  static func fingerprint(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32C.checksum($0) } }

  static func fingerprint(_ earlier: UInt32, adding checksum: UInt32) -> UInt32 {
    withUnsafeBytes(of: checksum.littleEndian) { CRC32C.checksum($0, seed: earlier) }
  }
}
