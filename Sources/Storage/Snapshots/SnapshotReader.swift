import Raft

/// A snapshot's file, read and checked.
struct ReadSnapshot: Sendable {
  var description: SnapshotDescription
  /// Nil for the one that a storage is set up with.
  var content: [UInt8]?
  var reference: SnapshotReference
  var chunks: Int
}

extension SnapshotFile {
  /// Reads a snapshot's file chunk by chunk and checks all of it.
  static func read<Files: FileSystem>(_ name: String, in files: inout Files) throws(StorageError) -> ReadSnapshot {
    let file = try files.open(name, .read)
    let size = try files.size(of: file)
    let start = try files.part(of: file, name, at: 0, count: headerBytes, size)
    let members = try memberCount(start, name)
    let header = try files.part(of: file, name, at: 0, count: headerBytes + 4 * members + 4, size)
    var result = try parse(header, name)
    var place = header.count
    guard result.content != nil else {
      guard size == place else { throw tooLong(name, place, size) }
      return result
    }
    let total = Int(clamping: header.number(at: 40))
    guard total <= size else {
      throw StorageError.damaged(name, 40, found: "\(total) bytes of content", expected: "at most \(size)")
    }
    var content: [UInt8] = []
    content.reserveCapacity(total)
    while content.count < total {
      let expected = min(chunkBytes, total - content.count)
      let chunk = try files.part(of: file, name, at: place, count: chunkHead + expected, size)
      let (length, stored): (UInt32, UInt32) = (chunk.half(at: 0), chunk.half(at: 4))
      guard length == UInt32(expected) else {
        throw StorageError.damaged(name, place, found: "a chunk of \(length) bytes", expected: "\(expected)")
      }
      let computed = chunk.withUnsafeBytes {
        chunkHead(UnsafeRawBufferPointer(rebasing: $0[chunkHead...]), number: result.chunks).checksum
      }
      guard stored == computed else {
        throw StorageError.damaged(
          name, place + 4, found: "checksum 0x\(hex(stored))",
          expected: "0x\(hex(computed)), that of the chunk")
      }
      content.append(contentsOf: chunk[chunkHead...])
      result.reference.fingerprint = fingerprint(result.reference.fingerprint, adding: stored)
      result.chunks += 1
      place += chunk.count
    }
    guard size == place else { throw tooLong(name, place, size) }
    result.content = content
    result.reference.fileBytes = UInt64(size)
    return result
  }

  private static func tooLong(_ name: String, _ place: Int, _ size: Int) -> StorageError {
    StorageError.damaged(name, place, found: "\(size - place) more bytes", expected: "the end of the file")
  }

  private static func memberCount(_ start: [UInt8], _ name: String) throws(StorageError) -> Int {
    guard start.number(at: 0) == magic else {
      throw StorageError.damaged(
        name, 0, found: "0x\(hex(start.number(at: 0)))", expected: "0x\(hex(magic)), a snapshot")
    }
    var members = 0
    for list in 0..<4 {
      let count = Int(start.half(at: 56 + 4 * list))
      guard count <= mostMembers else {
        throw StorageError.damaged(name, 56 + 4 * list, found: "\(count) members", expected: "at most \(mostMembers)")
      }
      members += count
    }
    return members
  }

  private static func parse(_ header: [UInt8], _ name: String) throws(StorageError) -> ReadSnapshot {
    func check(_ isRight: Bool, _ offset: Int, _ found: String, _ expected: String) throws(StorageError) {
      if !isRight { throw StorageError.damaged(name, offset, found: found, expected: expected) }
    }
    let end = header.count - 4
    let computed = header.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    let stored = header.half(at: end)
    try check(stored == computed, end, "checksum 0x\(hex(stored))", "0x\(hex(computed)), that of the header")
    try check(header.half(at: 8) == version, 8, "version \(header.half(at: 8))", "\(version)")
    try check(header.half(at: 48) == UInt32(chunkBytes), 48, "chunks of \(header.half(at: 48))", "\(chunkBytes) bytes")
    for offset in [24, 32] {
      let number = header.number(at: offset)
      try check(number <= RecordLayout.largestNumber, offset, "\(number)", "at most \(RecordLayout.largestNumber)")
    }
    var place = headerBytes
    var lists: [[NodeID]] = []
    for list in 0..<4 {
      let members = (0..<Int(header.half(at: 56 + 4 * list))).map { NodeID(header.half(at: place + 4 * $0)) }
      let isSorted = zip(members, members.dropFirst()).allSatisfy { $0 < $1 } && (members.last ?? NodeID(0)) <= .largest
      try check(isSorted, place, "members \(members)", "identifiers in order, none twice, up to \(NodeID.largest)")
      lists.append(members)
      place += 4 * members.count
    }
    let flags = header.half(at: 12)
    let last = LogPosition(index: LogIndex(header.number(at: 24)), term: Term(header.number(at: 32)))
    return ReadSnapshot(
      description: SnapshotDescription(
        last: last,
        configuration: Configuration(
          voters: lists[0], outgoing: lists[1], learners: lists[2], learnersNext: lists[3],
          leavesAutomatically: flags & leavesAutomatically != 0)),
      content: flags & hasContent == 0 ? nil : [],
      reference: SnapshotReference(
        number: header.number(at: 16), last: last, fileBytes: UInt64(header.count), fingerprint: fingerprint(header)),
      chunks: 0)
  }
}

extension FileSystem {
  /// Exactly `count` bytes of a file of `size` bytes; fewer are damage.
  fileprivate mutating func part(
    of file: File, _ name: String, at offset: Int, count: Int, _ size: Int
  ) throws(StorageError) -> [UInt8] {
    guard size - offset >= count else {
      throw StorageError.damaged(
        name, size, found: "the end of the file", expected: "\(count - (size - offset)) more bytes")
    }
    return try bytes(of: file, at: offset, limit: count)
  }
}

extension [UInt8] {
  fileprivate func number(at offset: Int) -> UInt64 { withUnsafeBytes { $0.baseAddress!.get(at: offset) } }
  fileprivate func half(at offset: Int) -> UInt32 { withUnsafeBytes { $0.baseAddress!.get(at: offset) } }
}
