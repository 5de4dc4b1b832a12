import Storage

/// Files in memory that drop what is written to segments, save their headers: what is left is the cost of the log.
struct DiscardingFiles: FileSystem {
  private var files = MemoryFiles()

  var path: String { files.path }
  mutating func list() throws(StorageError) -> [String] { try files.list() }
  mutating func create(_ name: String) throws(StorageError) -> MemoryFiles.File { try files.create(name) }
  mutating func open(_ name: String, _ access: FileAccess) throws(StorageError) -> MemoryFiles.File {
    try files.open(name, access)
  }
  mutating func size(of file: MemoryFiles.File) throws(StorageError) -> Int { try files.size(of: file) }
  mutating func read(
    _ file: MemoryFiles.File, at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(StorageError) -> Int { try files.read(file, at: offset, into: bytes) }
  mutating func write(
    _ bytes: UnsafeRawBufferPointer, to file: MemoryFiles.File, at offset: Int
  ) throws(StorageError) -> Int {
    offset == 0 ? try files.write(bytes, to: file, at: offset) : bytes.count
  }
  mutating func allocate(_ bytes: Int, for file: MemoryFiles.File) throws(StorageError) {
    try files.allocate(bytes, for: file)
  }
  mutating func synchronize(_ file: MemoryFiles.File) throws(StorageError) {}
  mutating func rename(_ name: String, to newName: String) throws(StorageError) { try files.rename(name, to: newName) }
  mutating func remove(_ name: String) throws(StorageError) { try files.remove(name) }
  mutating func synchronizeDirectory() throws(StorageError) { try files.synchronizeDirectory() }
  mutating func lock(_ name: String) throws(StorageError) -> MemoryFiles.File { try files.lock(name) }
  mutating func availableBytes() throws(StorageError) -> Int { .max }
}
