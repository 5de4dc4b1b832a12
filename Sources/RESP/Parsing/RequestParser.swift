/// Takes requests out of the bytes of a connection, which come in chunks cut anywhere.
///
/// A request is an array of bulk strings, or one line of words (inline). What lies within one chunk is not copied until
/// ``take(_:in:)`` makes an argument of it; what is cut is copied once, as its bytes come: a length that was only
/// announced makes no room.
public struct RequestParser: Sendable {
  /// Where the next byte belongs.
  private enum Phase: UInt8, Sendable {
    case start
    case inline
    case count
    case length
    case body
    case bodyReturn
    case bodyNewline
  }

  /// The bounds of requests.
  public let limits: RequestLimits
  var arguments: ContiguousArray<RequestArgument> = []
  private var phase = Phase.start
  private var argumentsLeft = 0
  private var bodyLeft = 0
  private var total = 0
  private var isComplete = false
  /// The mark of a line that has begun, and the part of it that came in earlier chunks.
  private var line: [UInt8] = []
  /// The part of a cut argument that came so far.
  private var partial: [UInt8] = []

  /// The longest line that holds a number.
  private static let longestNumberLine = 32

  /// Makes a parser that has seen nothing.
  public init(limits: RequestLimits = RequestLimits()) { self.limits = limits }

  /// How many arguments the request has, its name among them; none for an empty line.
  public var argumentCount: Int { arguments.count }

  /// About how many bytes the request takes up.
  public var requestBytes: Int { total }

  /// How many bytes of room there are for cut lines and arguments.
  var reserved: Int { line.capacity + partial.capacity }

  /// Whether a request has begun and its end has not come yet.
  public var isWithinRequest: Bool { phase != .start }

  /// Reads on from an offset of the chunk; true when the request is complete, false when the chunk is used up.
  ///
  /// A complete request's arguments stand until the next call, with the same chunk. Throws ``ProtocolError``; the
  /// parser is of no use afterwards.
  public mutating func next(in chunk: UnsafeRawBufferPointer, at offset: inout Int) throws(ProtocolError) -> Bool {
    if isComplete { forget() }
    while offset < chunk.count {
      switch phase {
      case .start:
        if chunk[offset] == UInt8(ascii: "*") {
          offset += 1
          // Says that the line has begun, should the chunk end here.
          line.append(UInt8(ascii: "*"))
          phase = .count
        } else {
          phase = .inline
        }
      case .inline: if try takeInline(in: chunk, at: &offset) { return finish() }
      case .count: if try takeCount(in: chunk, at: &offset) { return finish() }
      case .length: try takeLength(in: chunk, at: &offset)
      case .body: takeBody(in: chunk, at: &offset)
      case .bodyReturn:
        guard chunk[offset] == UInt8(ascii: "\r") else { throw .lineEndExpected }
        offset += 1
        phase = .bodyNewline
      case .bodyNewline:
        guard chunk[offset] == UInt8(ascii: "\n") else { throw .lineEndExpected }
        offset += 1
        argumentsLeft -= 1
        if argumentsLeft == 0 { return finish() }
        phase = .length
      }
    }
    own(in: chunk)
    return false
  }

  private mutating func finish() -> Bool {
    phase = .start
    isComplete = true
    return true
  }

  private mutating func forget() {
    arguments.removeAll(keepingCapacity: true)
    total = 0
    isComplete = false
  }

  /// Copies what lies within a chunk that ends before its request does.
  private mutating func own(in chunk: UnsafeRawBufferPointer) {
    for place in arguments.indices {
      guard case .inChunk(let start, let count) = arguments[place] else { continue }
      arguments[place] = .owned(Array(chunk[start..<start + count]))
    }
  }

  // MARK: Arrays

  /// Whether the request is complete, since it has no arguments.
  private mutating func takeCount(
    in chunk: UnsafeRawBufferPointer, at offset: inout Int
  ) throws(ProtocolError) -> Bool {
    guard
      let count = try number(
        in: chunk, at: &offset, orElse: .invalidMultibulkLength, whenEndless: .countLineTooLong)
    else { return false }
    guard count <= limits.arguments else { throw .invalidMultibulkLength }
    guard count > 0 else { return true }
    argumentsLeft = count
    phase = .length
    return false
  }

  private mutating func takeLength(in chunk: UnsafeRawBufferPointer, at offset: inout Int) throws(ProtocolError) {
    if line.isEmpty, chunk[offset] != UInt8(ascii: "$") { throw .dollarExpected(found: chunk[offset]) }
    if line.isEmpty {
      offset += 1
      line.append(UInt8(ascii: "$"))
    }
    guard
      let length = try number(in: chunk, at: &offset, orElse: .invalidBulkLength, whenEndless: .lengthLineTooLong)
    else { return }
    guard length >= 0, length <= limits.bulkBytes else { throw .invalidBulkLength }
    total += length + 16
    guard total <= limits.requestBytes else { throw .requestTooLarge }
    if chunk.count - offset >= length {
      arguments.append(.inChunk(start: offset, count: length))
      offset += length
      phase = .bodyReturn
    } else {
      bodyLeft = length
      phase = .body
    }
  }

  private mutating func takeBody(in chunk: UnsafeRawBufferPointer, at offset: inout Int) {
    let count = min(bodyLeft, chunk.count - offset)
    partial.append(contentsOf: chunk[offset..<offset + count])
    offset += count
    bodyLeft -= count
    guard bodyLeft == 0 else { return }
    arguments.append(.owned(partial))
    partial = []
    phase = .bodyReturn
  }

  /// The number that the line at the offset holds; nil when the chunk ends before the line does.
  private mutating func number(
    in chunk: UnsafeRawBufferPointer, at offset: inout Int, orElse error: ProtocolError, whenEndless: ProtocolError
  ) throws(ProtocolError) -> Int? {
    var end = offset
    // The mark of the line does not count.
    let last = min(chunk.count, offset + RequestParser.longestNumberLine - line.count + 2)
    while end < last, chunk[end] != UInt8(ascii: "\n") { end += 1 }
    guard end < last else {
      line.append(contentsOf: chunk[offset..<end])
      offset = end
      guard line.count <= RequestParser.longestNumberLine + 1 else { throw whenEndless }
      return nil
    }
    let value: Int?
    if line.count == 1 {
      value = RequestParser.number(UnsafeRawBufferPointer(rebasing: chunk[offset..<end]))
    } else {
      line.append(contentsOf: chunk[offset..<end])
      value = line.withUnsafeBytes { RequestParser.number(UnsafeRawBufferPointer(rebasing: $0.dropFirst())) }
    }
    line.removeAll(keepingCapacity: true)
    offset = end + 1
    guard let value else { throw error }
    return value
  }

  /// The number of a line that ends with a carriage return.
  private static func number(_ line: UnsafeRawBufferPointer) -> Int? {
    guard let last = line.last, last == UInt8(ascii: "\r") else { return nil }
    return DecimalText.integer(UnsafeRawBufferPointer(rebasing: line.dropLast())).map(Int.init)
  }

  // MARK: Lines

  /// Whether the line came to its end.
  private mutating func takeInline(
    in chunk: UnsafeRawBufferPointer, at offset: inout Int
  ) throws(ProtocolError) -> Bool {
    var end = offset
    let last = min(chunk.count, offset + limits.inlineBytes - line.count + 1)
    while end < last, chunk[end] != UInt8(ascii: "\n") { end += 1 }
    line.append(contentsOf: chunk[offset..<end])
    guard end < last else {
      offset = end
      guard line.count <= limits.inlineBytes else { throw .inlineTooLong }
      return false
    }
    offset = end + 1
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    try InlineWords.split(line, limit: limits.arguments, into: &arguments)
    total = line.count + 16 * arguments.count
    line.removeAll(keepingCapacity: true)
    return true
  }
}
