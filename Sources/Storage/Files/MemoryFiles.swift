import Raft

/// A directory in memory with what a loss of power does to a real one: for tests and simulated disks.
///
/// Bytes that were written and not synchronised are lost or kept by the sector, names that were not synchronised are
/// lost from some operation on. Everything is a function of what is called and of the random source that is passed in.
public struct MemoryFiles: FileSystem {
  /// A name for messages.
  public var path = "memory"
  /// The bytes that all files together may take.
  public var capacity = Int.max
  /// The operation, counted from zero, in which the power fails; everything after it fails too.
  public var powerFailsAt: Int?
  /// What goes wrong at operations, in order of their numbers.
  public var faults: [(at: Int, fault: FileFault)] = []
  /// How many operations there were.
  public private(set) var operations = 0
  /// Whether the power failed.
  public private(set) var isOff = false

  var files: [MemoryFile] = []
  /// The names as they are, and as they are on the medium, with what was done to them since.
  var names = MemoryNames()
  var durableNames = MemoryNames()
  var pendingNames: [MemoryNames] = []

  /// An empty directory.
  public init() {}

  /// What can go wrong with an operation.
  public enum FileFault: Hashable, Sendable {
    /// The operation fails with an input/output error. After a failed synchronisation what was written since the last one
    /// is taken for written, and is not.
    case failure
    /// A write takes only this many bytes.
    case shortWrite(Int)
    /// The disk is full.
    case full
  }

  /// An open file.
  public struct File: Hashable, Sendable {
    let number: Int
    let name: String
  }

  // MARK: Names

  /// The names of the files, sorted.
  public mutating func list() throws(StorageError) -> [String] {
    try check("list", path)
    return names.all
  }

  /// Makes a file, which must not be there, and opens it for reading and writing.
  public mutating func create(_ name: String) throws(StorageError) -> File {
    if try step("create", name) == .failure { throw failure("create", name, .system(5)) }
    guard names[name] == nil else { throw failure("create", name, .exists) }
    files.append(MemoryFile())
    names[name] = files.count - 1
    pendingNames.append(names)
    return File(number: files.count - 1, name: name)
  }

  /// Opens a file that is there.
  public mutating func open(_ name: String, _ access: FileAccess) throws(StorageError) -> File {
    try check("open", name)
    guard let number = names[name] else { throw failure("open", name, .missing) }
    return File(number: number, name: name)
  }

  /// Gives a file another name, whoever had that.
  public mutating func rename(_ name: String, to newName: String) throws(StorageError) {
    if try step("rename", name) == .failure { throw failure("rename", name, .system(5)) }
    guard let number = names[name] else { throw failure("rename", name, .missing) }
    names[name] = nil
    names[newName] = number
    pendingNames.append(names)
  }

  /// Removes a file.
  public mutating func remove(_ name: String) throws(StorageError) {
    if try step("remove", name) == .failure { throw failure("remove", name, .system(5)) }
    guard names[name] != nil else { throw failure("remove", name, .missing) }
    names[name] = nil
    pendingNames.append(names)
  }

  /// Makes the names durable.
  public mutating func synchronizeDirectory() throws(StorageError) {
    if try step("synchronize the directory", path) == .failure {
      throw failure("synchronize the directory", path, .system(5))
    }
    durableNames = names
    pendingNames.removeAll()
  }

  /// Opens a file, made when it is not there. Nobody else can have it: a directory in memory is a value.
  public mutating func lock(_ name: String) throws(StorageError) -> File {
    names[name] == nil ? try create(name) : try open(name, .write)
  }

  // MARK: Content

  /// The bytes of a file.
  public mutating func size(of file: File) throws(StorageError) -> Int {
    try check("look at", file.name)
    return files[file.number].content.count
  }

  /// Reads at most as many bytes as fit, starting at `offset`; none at the end of the file.
  public mutating func read(
    _ file: File, at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(StorageError) -> Int {
    try check("read", file.name)
    let content = files[file.number].content
    let count = max(0, min(bytes.count, content.count - offset))
    if count > 0 { bytes.copyBytes(from: content[offset..<offset + count]) }
    return count
  }

  /// Writes some of the bytes, starting at `offset`; how many.
  public mutating func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StorageError) -> Int {
    var count = bytes.count
    do throws(StorageError) {
      switch try step("write", file.name) {
      case nil: break
      case .failure: throw failure("write", file.name, .system(5))
      case .full: throw failure("write", file.name, .full)
      case .shortWrite(let limit): count = min(count, max(1, limit))
      }
    } catch {
      // The power fails in the middle of it: what of it reaches the medium is decided sector by sector.
      if isOff { files[file.number].write(bytes, at: offset) }
      throw error
    }
    try grow(file, to: offset + count, "write")
    files[file.number].write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: offset)
    return count
  }

  /// Makes a file at least this many bytes long and sets room aside for all of them.
  public mutating func allocate(_ bytes: Int, for file: File) throws(StorageError) {
    switch try step("allocate room for", file.name) {
    case .failure: throw failure("allocate room for", file.name, .system(5))
    case .full: throw failure("allocate room for", file.name, .full)
    default: break
    }
    try grow(file, to: bytes, "allocate room for")
  }

  /// Makes durable what was written to a file.
  public mutating func synchronize(_ file: File) throws(StorageError) {
    if try step("synchronize", file.name) == .failure {
      files[file.number].forgetChanges()
      throw failure("synchronize", file.name, .system(5))
    }
    files[file.number].synchronize()
  }

  /// The bytes that are still available.
  public mutating func availableBytes() throws(StorageError) -> Int {
    try check("look at the room on", path)
    return max(0, capacity - used)
  }

  private var used: Int { names.numbers.reduce(0) { $0 + files[$1].content.count } }

  private mutating func grow(_ file: File, to bytes: Int, _ operation: String) throws(StorageError) {
    let more = bytes - files[file.number].content.count
    guard more > 0 else { return }
    guard capacity == .max || used + more <= capacity else { throw failure(operation, file.name, .full) }
    files[file.number].grow(to: bytes)
  }

  // MARK: Faults

  private func check(_ operation: String, _ file: String) throws(StorageError) {
    if isOff { throw failure(operation, file, .powerLost) }
  }

  /// Counts an operation that changes something, and finds what goes wrong with it.
  private mutating func step(_ operation: String, _ file: String) throws(StorageError) -> FileFault? {
    try check(operation, file)
    defer { operations += 1 }
    if powerFailsAt == operations {
      isOff = true
      throw failure(operation, file, .powerLost)
    }
    return faults.first { $0.at == operations }?.fault
  }

  private func failure(_ operation: String, _ file: String, _ reason: FileError.Reason) -> StorageError {
    .file(FileError(operation: operation, file: file, reason: reason))
  }
}
