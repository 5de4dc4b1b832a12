/// What a finished file holds.
public struct FileDigest: Hashable, Sendable {
  /// Its name in the run directory.
  public var name: String
  /// How many rows it has, the header not counted.
  public var rows: Int
  /// Its length in bytes.
  public var bytes: Int
  /// The CRC-32 of its bytes as eight hexadecimal digits.
  public var crc32: String

  /// Makes a digest.
  public init(name: String, rows: Int, bytes: Int, crc32: String) {
    self.name = name
    self.rows = rows
    self.bytes = bytes
    self.crc32 = crc32
  }
}

/// A file that is written from its beginning to its end, with its checksum.
final class OutputFile {
  /// How many bytes are gathered before they are written.
  static let blockSize = 1 << 16

  /// How many rows were put into it.
  var rows = 0

  private let path: String
  private var descriptor: Int32
  private var crc = CRC32()
  private var bytes = 0
  private var failure: TraceError?

  /// Creates a file, which must not exist.
  convenience init(path: String) throws(TraceError) {
    self.init(descriptor: try POSIX.create(path), path: path)
  }

  /// Writes to a file that is open already, and closes it at the end.
  init(descriptor: Int32, path: String) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    if descriptor >= 0 { POSIX.closeQuietly(descriptor) }
  }

  /// Writes all the bytes gathered and empties the buffer, also on failure: what cannot be written is not kept.
  func write(_ output: inout OutputBytes) throws(TraceError) {
    defer { output.removeAll() }
    if let failure { throw failure }
    do {
      try output.withBytes { (block) throws(TraceError) in
        try POSIX.writeAll(block, to: descriptor, path: path)
        crc.update(block)
        bytes += block.count
      }
    } catch {
      failure = error
      throw error
    }
  }

  /// Closes the file.
  func close() throws(TraceError) -> FileDigest {
    if let failure { throw failure }
    let open = descriptor
    descriptor = -1
    try POSIX.closeFile(open, path: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return FileDigest(name: name, rows: rows, bytes: bytes, crc32: crc.hexadecimal)
  }
}
