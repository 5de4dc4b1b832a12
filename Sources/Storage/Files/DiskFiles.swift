#if canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The files of one directory of a real file system.
public struct DiskFiles: FileSystem {
  /// The directory's path, for messages.
  public let path: String
  private let directory: OpenFile

  /// Opens a directory, which is made when it is not there; the one above it must be.
  public init(directory path: String) throws(StorageError) {
    self.path = path
    if mkdir(path, 0o700) == 0 {
      let parent = try OpenFile(path, openPath(path + "/..", O_RDONLY | O_CLOEXEC), "open the directory above")
      guard fsync(parent.descriptor) == 0 else { throw .failed("synchronize the directory above", path) }
    } else if errno != EEXIST {
      throw .failed("create the directory", path)
    }
    directory = try OpenFile(path, openPath(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the directory")
  }

  /// Opens a directory that is there.
  public init(existing path: String) throws(StorageError) {
    self.path = path
    directory = try OpenFile(path, openPath(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the directory")
  }

  /// The names of the files, sorted.
  public func list() throws(StorageError) -> [String] {
    let copy = openat(directory.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { throw .failed("list", path) }
    guard let stream = fdopendir(copy) else {
      close(copy)
      throw .failed("list", path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes a file, which must not be there, and opens it for reading and writing.
  public func create(_ name: String) throws(StorageError) -> OpenFile {
    try OpenFile(name, openat(directory.descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600), "create")
  }

  /// Opens a file that is there.
  public func open(_ name: String, _ access: FileAccess) throws(StorageError) -> OpenFile {
    let flags = access == .read ? O_RDONLY : O_RDWR
    return try OpenFile(name, openat(directory.descriptor, name, flags | O_CLOEXEC), "open")
  }

  /// The bytes of a file.
  public func size(of file: OpenFile) throws(StorageError) -> Int {
    var status = stat()
    guard fstat(file.descriptor, &status) == 0 else { throw .failed("look at", file.name) }
    return Int(status.st_size)
  }

  /// Reads at most as many bytes as fit, starting at `offset`; none at the end of the file.
  public func read(
    _ file: OpenFile, at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(StorageError) -> Int {
    while true {
      let count = pread(file.descriptor, bytes.baseAddress, bytes.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw .failed("read", file.name) }
    }
  }

  /// Writes some of the bytes, starting at `offset`; how many.
  public func write(
    _ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: Int
  ) throws(StorageError) -> Int {
    while true {
      let count = pwrite(file.descriptor, bytes.baseAddress, bytes.count, off_t(offset))
      if count > 0 { return count }
      if count == 0 { throw .file(FileError(operation: "write", file: file.name, reason: .system(EIO))) }
      if errno != EINTR { throw .failed("write", file.name) }
    }
  }

  /// Makes a file at least this many bytes long and sets room aside for all of them; what was not written reads as zeros.
  public func allocate(_ bytes: Int, for file: OpenFile) throws(StorageError) {
    let code = posix_fallocate(file.descriptor, 0, off_t(bytes))
    guard code == 0 else { throw .failed("allocate room for", file.name, code) }
  }

  /// Makes durable what was written to a file.
  public func synchronize(_ file: OpenFile) throws(StorageError) {
    // Not tried again, whatever the error: the system may have forgotten what it could not write.
    guard fdatasync(file.descriptor) == 0 else { throw .failed("synchronize", file.name) }
  }

  /// Gives a file another name, whoever had that.
  public func rename(_ name: String, to newName: String) throws(StorageError) {
    guard renameat(directory.descriptor, name, directory.descriptor, newName) == 0 else {
      throw .failed("rename", name)
    }
  }

  /// Removes a file.
  public func remove(_ name: String) throws(StorageError) {
    guard unlinkat(directory.descriptor, name, 0) == 0 else { throw .failed("remove", name) }
  }

  /// Makes the names durable.
  public func synchronizeDirectory() throws(StorageError) {
    guard fsync(directory.descriptor) == 0 else { throw .failed("synchronize the directory", path) }
  }

  /// Opens a file, made when it is not there, and locks it against other processes as long as it is open.
  public func lock(_ name: String) throws(StorageError) -> OpenFile {
    let file = try OpenFile(name, openat(directory.descriptor, name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600), "open")
    guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { throw .locked(path: path) }
      throw .failed("lock", name)
    }
    return file
  }

  /// The bytes that are still available.
  public func availableBytes() throws(StorageError) -> Int {
    var status = statvfs()
    guard fstatvfs(directory.descriptor, &status) == 0 else { throw .failed("look at the room on", path) }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}

/// An open file, closed when nobody refers to it any more.
public final class OpenFile: Sendable {
  let name: String
  let descriptor: Int32

  init(_ name: String, _ descriptor: Int32, _ operation: String) throws(StorageError) {
    // All properties must have a value before an initialiser of a class may throw.
    self.name = name
    self.descriptor = descriptor
    guard descriptor >= 0 else { throw .failed(operation, name) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

extension StorageError {
  /// The error of the system call that just failed.
  static func failed(_ operation: String, _ file: String, _ code: Int32 = errno) -> StorageError {
    let reason: FileError.Reason =
      switch code {
      case ENOENT: .missing
      case EEXIST: .exists
      case ENOSPC, EDQUOT: .full
      default: .system(code)
      }
    return .file(FileError(operation: operation, file: file, reason: reason))
  }
}
