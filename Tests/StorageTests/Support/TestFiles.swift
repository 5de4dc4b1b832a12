import Raft

@testable import Storage

/// A way to treat files wrongly: known-bad variants of a storage, only there to show that the tests find them.
enum StorageDefect: Hashable, CaseIterable {
  /// What was written is reported durable without having been synchronised.
  case acknowledgesBeforeSync
  /// New names are never made durable.
  case neverSynchronizesDirectory
  /// Whatever stands in a sector or a chunk is taken for what was written.
  case ignoresChecksums
  /// A synchronisation that failed is tried again.
  case retriesFailedSync
}

/// Files in memory, with a defect on top.
struct TestFiles: FileSystem {
  var base: MemoryFiles
  var defect: StorageDefect?

  init(_ base: MemoryFiles = MemoryFiles(), defect: StorageDefect? = nil) {
    self.base = base
    self.defect = defect
  }

  var path: String { base.path }
  mutating func list() throws(StorageError) -> [String] { try base.list() }
  mutating func create(_ name: String) throws(StorageError) -> MemoryFiles.File { try base.create(name) }
  mutating func open(_ name: String, _ access: FileAccess) throws(StorageError) -> MemoryFiles.File {
    try base.open(name, access)
  }
  mutating func size(of file: MemoryFiles.File) throws(StorageError) -> Int { try base.size(of: file) }
  mutating func read(
    _ file: MemoryFiles.File, at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(StorageError) -> Int {
    let count = try base.read(file, at: offset, into: bytes)
    if defect == .ignoresChecksums, file.name.hasPrefix("wal-"), offset % Sector.bytes == 0 {
      for start in stride(from: 0, to: count - count % Sector.bytes, by: Sector.bytes) {
        let sector = bytes.baseAddress! + start
        guard !Sector.isBlank(UnsafeRawPointer(sector)) else { continue }
        sector.put(Sector.checksum(UnsafeRawPointer(sector), at: (offset + start) / Sector.bytes), at: 0)
      }
    }
    return count
  }
  mutating func write(
    _ bytes: UnsafeRawBufferPointer, to file: MemoryFiles.File, at offset: Int
  ) throws(StorageError) -> Int { try base.write(bytes, to: file, at: offset) }
  mutating func allocate(_ bytes: Int, for file: MemoryFiles.File) throws(StorageError) {
    try base.allocate(bytes, for: file)
  }
  mutating func synchronize(_ file: MemoryFiles.File) throws(StorageError) {
    if defect == .acknowledgesBeforeSync { return }
    do throws(StorageError) {
      try base.synchronize(file)
    } catch {
      guard defect == .retriesFailedSync, !base.isOff else { throw error }
      try base.synchronize(file)
    }
  }
  mutating func rename(_ name: String, to newName: String) throws(StorageError) { try base.rename(name, to: newName) }
  mutating func remove(_ name: String) throws(StorageError) { try base.remove(name) }
  mutating func synchronizeDirectory() throws(StorageError) {
    if defect != .neverSynchronizesDirectory { try base.synchronizeDirectory() }
  }
  mutating func lock(_ name: String) throws(StorageError) -> MemoryFiles.File { try base.lock(name) }
  mutating func availableBytes() throws(StorageError) -> Int { try base.availableBytes() }
}
