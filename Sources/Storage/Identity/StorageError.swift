/// Why a storage cannot be used, or cannot be used any longer.
///
/// Every error of a log that is open is terminal: what the medium holds after a failed write or sync is unknown, and a
/// later sync that succeeds says nothing about it (trap 33). The host stops the server; a restart reads what is there.
public enum StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An operation of the file system failed.
  case file(FileError)
  /// Another process has the storage open.
  case locked(path: String)
  /// What is stored may not be started from.
  case refused(StorageRefusal)
  /// The disk has no room for the next segment. Nothing was torn: what is durable stays so.
  case full(needed: Int, available: Int)
  /// A write did not follow on the stored log: the node has broken the order of its writes (trap 31).
  case outOfOrder(end: UInt64, first: UInt64)
  /// One write is larger than a segment can hold.
  case tooLarge(bytes: Int, limit: Int)
  /// The log failed earlier, and takes nothing more.
  case failedBefore

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .locked(let path): "another process has the storage \(path) open"
    case .refused(let refusal): refusal.description
    case .full(let needed, let available):
      "the disk is full: the next segment of the log needs \(needed) bytes, \(available) are available"
    case .outOfOrder(let end, let first):
      "a write starts at index \(first), but the stored log ends at \(end): expected at most \(end + 1)"
    case .tooLarge(let bytes, let limit): "a write takes \(bytes) bytes, more than the \(limit) that a segment can hold"
    case .failedBefore: "the log failed earlier: what the disk holds since then is unknown"
    }
  }
}
