import Glibc

/// Counts the starts of a member in a file of its directory, so that names that it made up in one life are not used in the
/// next.
struct StartCounter {
  /// The member's directory.
  let directory: String

  /// The number of this start, noted durably.
  ///
  /// Throws ``NodeRefusal`` when the file is none of this program's, or cannot be written.
  func next() throws(NodeRefusal) -> UInt64 {
    let path = directory + "/starts"
    let count = try read(path) + 1
    try write(count, to: path)
    // Names are made from the lower 24 bits.
    return count & 0xFF_FFFF
  }

  private func read(_ path: String) throws(NodeRefusal) -> UInt64 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return 0 }
      throw failure("open", path)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw failure("read", path) }
    guard let text = String(validating: bytes.prefix(count), as: UTF8.self), text.hasSuffix("\n"),
      let number = UInt64(text.dropLast())
    else {
      throw .configuration("\(path): found something else than a number of starts, expected one line with a number")
    }
    return number
  }

  private func write(_ count: UInt64, to path: String) throws(NodeRefusal) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    let text = Array("\(count)\n".utf8)
    let isWritten = Glibc.write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    errno = code
    guard isWritten else { throw failure("write", temporary) }
    guard rename(temporary, path) == 0 else { throw failure("rename", temporary) }
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("open", directory) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure("sync", directory) }
  }

  private func failure(_ operation: String, _ path: String) -> NodeRefusal {
    .configuration("cannot \(operation) \(path): \(String(cString: strerror(errno)).lowercased())")
  }
}
