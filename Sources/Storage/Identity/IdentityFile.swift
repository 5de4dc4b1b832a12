import Raft

/// The file that says whose storage a directory is: 56 bytes, written once at the set-up.
enum IdentityFile {
  static let magic: UInt64 = 0x3144_4954_4641_5245  // "ERAFTID1"
  static let bytes = 56

  static func encode(_ identity: StorageIdentity) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: IdentityFile.bytes)
    bytes.withUnsafeMutableBytes { buffer in
      let file = buffer.baseAddress!
      file.put(magic, at: 0)
      file.put(identity.cluster.high, at: 8)
      file.put(identity.cluster.low, at: 16)
      file.put(UInt64(identity.node.rawValue), at: 24)
      file.put(identity.incarnation, at: 32)
      file.put(UInt64(0), at: 40)
      file.put(UInt64(CRC32C.checksum(UnsafeRawBufferPointer(start: file, count: 48))), at: 48)
    }
    return bytes
  }

  /// Reads the identity of a directory; nil when there is no such file.
  static func read<Files: FileSystem>(_ files: inout Files) throws(StorageError) -> StorageIdentity? {
    let name = FileName.identity
    guard try files.list().contains(name) else { return nil }
    let file = try files.open(name, .read)
    let content = try files.bytes(of: file, limit: bytes + 1)
    guard content.count == bytes else {
      throw .damaged(name, min(content.count, bytes), found: "\(content.count) bytes or more", expected: "\(bytes)")
    }
    let (words, computed) = content.withUnsafeBytes { buffer in
      (
        (0..<7).map { buffer.baseAddress!.get(UInt64.self, at: 8 * $0) },
        UInt64(CRC32C.checksum(UnsafeRawBufferPointer(rebasing: buffer[..<48])))
      )
    }
    guard words[0] == magic else {
      throw .damaged(name, 0, found: "0x\(hex(words[0]))", expected: "0x\(hex(magic)), an identity")
    }
    guard words[6] == computed else {
      throw .damaged(
        name, 48, found: "checksum 0x\(hex(words[6]))", expected: "0x\(hex(computed)), that of the identity")
    }
    return StorageIdentity(
      cluster: ClusterID(high: words[1], low: words[2]), node: NodeID(UInt32(truncatingIfNeeded: words[3])),
      incarnation: words[4])
  }
}
