/// The bytes of a file as a stream: a window over the file that moves forward and grows only up to a limit.
struct InputBytes: ~Copyable {
  /// The file's path.
  let path: String
  /// The file's name, for error messages.
  let name: String
  /// The bytes at hand; only those in `range` count.
  var bytes: [UInt8]
  /// The bytes not consumed yet.
  private(set) var range: Range<Int>
  /// Whether the file has no more bytes than those at hand.
  private(set) var isAtEnd = false

  private let descriptor: Int32
  private let limit: Int

  /// Opens a file; `limit` bounds the bytes that are held at once.
  init(path: String, limit: Int) throws(TraceError) {
    descriptor = try POSIX.openForReading(path)
    self.path = path
    name = path.split(separator: "/").last.map(String.init) ?? path
    self.limit = limit
    bytes = [UInt8](repeating: 0, count: min(limit, 1 << 18) + 1)
    range = 0..<0
  }

  deinit { POSIX.closeQuietly(descriptor) }

  /// Drops the first bytes at hand.
  mutating func consume(_ count: Int) { range = (range.lowerBound + count)..<range.upperBound }

  /// Gets more bytes behind those at hand; false when there are none or when the limit is reached.
  mutating func fill() throws(TraceError) -> Bool {
    guard !isAtEnd, range.count <= limit else { return false }
    if range.lowerBound > 0 {
      let held = range.count
      bytes.withUnsafeMutableBytes { buffer in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[range]))
      }
      range = 0..<held
    }
    if range.upperBound == bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: min(bytes.count, limit + 1 - bytes.count)))
    }
    let start = range.upperBound
    let path = path
    let descriptor = descriptor
    let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(TraceError) -> Int in
      try POSIX.readSome(
        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[start...]),
        from: descriptor, path: path)
    }
    isAtEnd = count == 0
    range = range.lowerBound..<(start + count)
    return count > 0
  }

  /// The index of the first byte at or behind `start` that equals `byte`, among the bytes at hand.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    bytes[start..<range.upperBound].withUnsafeBufferPointer { slice in
      slice.firstIndex(of: byte).map { $0 + start }
    }
  }
}
