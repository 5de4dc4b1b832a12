/// What a storage needs of a file system: the files of one directory.
///
/// It is used generically, so that the same log runs on a real disk and on one that loses power at every step.
/// Nothing is durable before ``synchronize(_:)`` of the file, and no name before ``synchronizeDirectory()``.
public protocol FileSystem: Sendable {
  /// A file that is open until the last reference to it is gone.
  associatedtype File: Sendable

  /// The directory's path, for messages.
  var path: String { get }
  /// The names of the files, sorted.
  mutating func list() throws(StorageError) -> [String]
  /// Makes a file, which must not be there, and opens it for reading and writing.
  mutating func create(_ name: String) throws(StorageError) -> File
  /// Opens a file that is there.
  mutating func open(_ name: String, _ access: FileAccess) throws(StorageError) -> File
  /// The bytes of a file.
  mutating func size(of file: File) throws(StorageError) -> Int
  /// Reads at most as many bytes as fit, starting at `offset`; none at the end of the file.
  mutating func read(
    _ file: File, at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(StorageError) -> Int
  /// Writes some of the bytes, starting at `offset`; how many.
  mutating func write(_ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int) throws(StorageError) -> Int
  /// Makes a file at least this many bytes long and sets room aside for all of them; what was not written reads as zeros.
  mutating func allocate(_ bytes: Int, for file: File) throws(StorageError)
  /// Makes durable what was written to a file. After an error nothing is known about what was written since the last time.
  mutating func synchronize(_ file: File) throws(StorageError)
  /// Gives a file another name, whoever had that.
  mutating func rename(_ name: String, to newName: String) throws(StorageError)
  /// Removes a file.
  mutating func remove(_ name: String) throws(StorageError)
  /// Makes the names durable.
  mutating func synchronizeDirectory() throws(StorageError)
  /// Opens a file, made when it is not there, and locks it against other processes as long as it is open.
  mutating func lock(_ name: String) throws(StorageError) -> File
  /// The bytes that are still available.
  mutating func availableBytes() throws(StorageError) -> Int
}

/// What a file is opened for.
public enum FileAccess: Hashable, Sendable {
  /// Reading alone.
  case read
  /// Reading and writing.
  case write
}

extension FileSystem {
  /// Writes all the bytes, however many calls that takes.
  mutating func writeAll(_ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int) throws(StorageError) {
    var done = 0
    while done < bytes.count {
      done += try write(UnsafeRawBufferPointer(rebasing: bytes[done...]), to: file, at: offset + done)
    }
  }

  /// Reads as many bytes as there are, up to what fits; how many.
  mutating func readAll(
    _ file: File, at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(StorageError) -> Int {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
      let count = try read(file, at: offset + done, into: rest)
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// The bytes of a file from `offset` on, at most `limit`.
  mutating func bytes(of file: File, at offset: Int = 0, limit: Int) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, min(limit, try size(of: file) - offset)))
    // A closure that throws would lose the error's type.
    var outcome = Result<Int, StorageError>.success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(StorageError) {
        outcome = .success(try readAll(file, at: offset, into: buffer))
      } catch {
        outcome = .failure(error)
      }
    }
    let count = try outcome.get()
    if count < bytes.count { bytes.removeSubrange(count...) }
    return bytes
  }

  /// Writes an array, see ``writeAll(_:to:at:)``.
  mutating func writeAll(_ bytes: [UInt8], to file: File, at offset: Int) throws(StorageError) {
    var outcome = Result<Void, StorageError>.success(())
    bytes.withUnsafeBytes { buffer in
      do throws(StorageError) {
        try writeAll(buffer, to: file, at: offset)
      } catch {
        outcome = .failure(error)
      }
    }
    try outcome.get()
  }
}
