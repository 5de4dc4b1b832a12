import Foundation

/// Reads files of bounded size.
enum BoundedFile {
  /// The file's bytes; never reads more than `limit` and one.
  static func read(_ path: String, limit: Int) -> Result<[UInt8], CompanionFileError> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(systemError()) }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) > limit {
      return .failure(tooLarge("\(status.st_size) bytes", limit))
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return .failure(systemError()) }
      if count == 0 { return .success(bytes) }
      bytes += buffer[..<count]
    }
    return .failure(tooLarge("more than \(limit) bytes", limit))
  }

  private static func tooLarge(_ found: String, _ limit: Int) -> CompanionFileError {
    CompanionFileError(reason: "it has \(found), expected at most \(limit)")
  }

  private static func systemError() -> CompanionFileError {
    CompanionFileError(reason: String(cString: strerror(errno)).lowercased())
  }
}
