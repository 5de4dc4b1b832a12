/// One argument of a request.
enum RequestArgument: Sendable {
  /// Within the chunk that the request ended in.
  case inChunk(start: Int, count: Int)
  /// Copied, since a chunk ended within its request.
  case owned([UInt8])
}

/// What a request's arguments are.
extension RequestParser {
  /// The length of an argument in bytes.
  public func count(of place: Int) -> Int {
    switch arguments[place] {
    case .inChunk(_, let count): count
    case .owned(let bytes): bytes.count
    }
  }

  /// The bytes of an argument, which may be asked for once.
  public mutating func take(_ place: Int, in chunk: UnsafeRawBufferPointer) -> [UInt8] {
    switch arguments[place] {
    case .inChunk(let start, let count):
      return Array(UnsafeRawBufferPointer(rebasing: chunk[start..<start + count]))
    case .owned(let bytes):
      arguments[place] = .inChunk(start: 0, count: 0)
      return bytes
    }
  }

  /// An argument in upper case as a number; that of no word when it is longer than one.
  @inline(__always)
  func word(_ place: Int, in chunk: UnsafeRawBufferPointer) -> Word {
    withArgument(place, in: chunk) { Word($0) }
  }

  /// An argument as a decimal integer of 64 bits; nil when it is none.
  func integer(_ place: Int, in chunk: UnsafeRawBufferPointer) -> Int64? {
    withArgument(place, in: chunk) { DecimalText.integer($0) }
  }

  @inline(__always)
  func withArgument<Result>(
    _ place: Int, in chunk: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    switch arguments[place] {
    case .inChunk(let start, let count): body(UnsafeRawBufferPointer(rebasing: chunk[start..<start + count]))
    case .owned(let bytes): bytes.withUnsafeBytes(body)
    }
  }
}
