/// An operation of a file system that failed.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Why it failed, as far as the log cares.
  public enum Reason: Hashable, Sendable {
    /// There is no such file.
    case missing
    /// There is such a file already.
    case exists
    /// The disk is full.
    case full
    /// Another process has the lock.
    case locked
    /// The file ends before the bytes that were asked for.
    case ended
    /// The machine lost power in this operation; only simulated disks say so.
    case powerLost
    /// Any other error, by its number in `errno`.
    case system(Int32)
  }

  /// What was tried.
  public var operation: String
  /// The file's name, or the directory's path.
  public var file: String
  /// Why it failed.
  public var reason: Reason

  /// Makes an error.
  public init(operation: String, file: String, reason: Reason) {
    self.operation = operation
    self.file = file
    self.reason = reason
  }

  /// The value as a sentence.
  public var description: String { "cannot \(operation) \(file): \(reason.text)" }
}

extension FileError.Reason {
  var text: String {
    switch self {
    case .missing: "there is no such file"
    case .exists: "there is such a file already"
    case .full: "the disk is full"
    case .locked: "another process has it locked"
    case .ended: "the file ends too early"
    case .powerLost: "the power failed"
    case .system(let code): SystemCall.message(code)
    }
  }
}
