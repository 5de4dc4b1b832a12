import Raft

/// A snapshot on its way to its file, a part at a time, so that the log's writes need not wait for all of it.
struct SnapshotStaging<Files: FileSystem> {
  let save: SnapshotSave
  private let number: UInt64
  private let file: Files.File
  private var contentDone = 0
  private var fileBytes: Int
  private var chunks = 0
  private var fingerprint: UInt32
  private var buffer: [UInt8] = []

  /// Starts the file under a name that recovery ignores.
  init(_ save: SnapshotSave, number: UInt64, in files: inout Files) throws(StorageError) {
    self.save = save
    self.number = number
    file = try files.create(FileName.unfinishedSnapshot)
    let header = SnapshotFile.header(save.description, number: number, content: save.bytes.count)
    try files.writeAll(header, to: file, at: 0)
    fileBytes = header.count
    fingerprint = SnapshotFile.fingerprint(header)
  }

  /// Writes the next `limit` bytes or a little more; whether that was all.
  mutating func advance(by limit: Int, in files: inout Files) throws(StorageError) -> Bool {
    buffer.removeAll(keepingCapacity: true)
    save.bytes.withUnsafeBytes { content in
      while contentDone < content.count, buffer.count < limit {
        let end = min(content.count, contentDone + SnapshotFile.chunkBytes)
        let chunk = UnsafeRawBufferPointer(rebasing: content[contentDone..<end])
        let head = SnapshotFile.chunkHead(chunk, number: chunks)
        withUnsafeBytes(of: (head.length.littleEndian, head.checksum.littleEndian)) { buffer.append(contentsOf: $0) }
        buffer.append(contentsOf: chunk)
        fingerprint = SnapshotFile.fingerprint(fingerprint, adding: head.checksum)
        chunks += 1
        contentDone = end
      }
    }
    if !buffer.isEmpty { try files.writeAll(buffer, to: file, at: fileBytes) }
    fileBytes += buffer.count
    // Bit by bit, so that the last one does not stall the log for all of a large snapshot.
    try files.synchronize(file)
    return contentDone == save.bytes.count
  }

  /// Gives the complete file its name, durably.
  func finish(in files: inout Files) throws(StorageError) -> SnapshotReference {
    try files.rename(FileName.unfinishedSnapshot, to: SnapshotFile.name(number))
    try files.synchronizeDirectory()
    return SnapshotReference(
      number: number, last: save.description.last, fileBytes: UInt64(fileBytes), fingerprint: fingerprint)
  }
}

extension SnapshotFile {
  /// Writes the snapshot that a storage is set up with: a configuration at position zero, and no content.
  static func setUp<Files: FileSystem>(
    _ bootstrap: Configuration, number: UInt64, in files: inout Files
  ) throws(StorageError) -> SnapshotReference {
    let description = SnapshotDescription(last: .zero, configuration: bootstrap)
    let header = SnapshotFile.header(description, number: number, content: nil)
    let file = try files.create(FileName.unfinishedSnapshot)
    try files.writeAll(header, to: file, at: 0)
    try files.synchronize(file)
    try files.rename(FileName.unfinishedSnapshot, to: SnapshotFile.name(number))
    try files.synchronizeDirectory()
    return SnapshotReference(
      number: number, last: .zero, fileBytes: UInt64(header.count), fingerprint: SnapshotFile.fingerprint(header))
  }
}
