#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few system calls that the files of a run need, with typed errors.
enum POSIX {
  /// The system's words for an error number.
  static func message(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// The error of the system call that just failed.
  static func failure(_ operation: String, _ path: String) -> TraceError {
    .system(operation: operation, path: path, code: errno)
  }

  /// Creates a file that must not exist yet and opens it for writing.
  static func create(_ path: String) throws(TraceError) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", path) }
    return descriptor
  }

  /// Opens a file or a directory for reading.
  static func openForReading(_ path: String) throws(TraceError) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    return descriptor
  }

  /// Writes all the bytes.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(TraceError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw failure("write", path)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Reads at most as many bytes as fit; 0 at the end of the file.
  static func readSome(
    into bytes: UnsafeMutableRawBufferPointer, from descriptor: Int32, path: String
  ) throws(TraceError) -> Int {
    while true {
      let count = read(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      if errno != EINTR { throw failure("read", path) }
    }
  }

  /// Closes a file, reporting what a late write may have left to report.
  static func closeFile(_ descriptor: Int32, path: String) throws(TraceError) {
    guard close(descriptor) == 0 || errno == EINTR else { throw failure("close", path) }
  }

  /// Closes a file that only was read.
  static func closeQuietly(_ descriptor: Int32) { _ = close(descriptor) }

  /// Creates a directory; false when something is already there.
  static func makeDirectory(_ path: String) throws(TraceError) -> Bool {
    if mkdir(path, 0o755) == 0 { return true }
    guard errno == EEXIST else { throw failure("create the directory", path) }
    return false
  }

  /// Removes an empty directory, if it is one.
  static func removeEmptyDirectory(_ path: String) { _ = rmdir(path) }

  /// Removes a file; that it is not there is fine.
  static func removeFile(_ path: String) throws(TraceError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  /// Gives a file another name, replacing what had it.
  static func move(_ source: String, to target: String) throws(TraceError) {
    guard rename(source, target) == 0 else { throw failure("replace", target) }
  }

  /// Whether a plain file has this path.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Locks an open directory or file against other processes; false when another one has the lock.
  static func lock(_ descriptor: Int32, path: String) throws(TraceError) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK else { throw failure("lock", path) }
    return false
  }

  /// Whether a directory holds nothing.
  static func isEmptyDirectory(_ path: String) throws(TraceError) -> Bool {
    guard let directory = opendir(path) else { throw failure("open the directory", path) }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    return count <= 2
  }

  /// The system's name and the machine's architecture, such as `Linux` and `x86_64`.
  static func system() -> (name: String, machine: String) {
    var facts = utsname()
    guard uname(&facts) == 0 else { return ("unknown", "unknown") }
    func text<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return (text(facts.sysname), text(facts.machine))
  }
}
