/// Why bytes are no request. Where the next one would begin cannot be told, so that the connection ends.
public enum ProtocolError: Error, Hashable, Sendable {
  /// The number of arguments is no number, or more than the limit.
  case invalidMultibulkLength
  /// The line with the number of arguments does not end.
  case countLineTooLong
  /// An argument begins with something else than `$`.
  case dollarExpected(found: UInt8)
  /// An argument's length is no number, is negative or exceeds the limit.
  case invalidBulkLength
  /// The line with an argument's length does not end.
  case lengthLineTooLong
  /// An argument is not followed by the end of a line.
  case lineEndExpected
  /// The arguments together exceed the limit.
  case requestTooLarge
  /// An inline request's line exceeds the limit.
  case inlineTooLong
  /// An inline request has a quote without its counterpart.
  case unbalancedQuotes

  /// The error as Redis words it, where Redis has it.
  public var message: StaticString {
    switch self {
    case .invalidMultibulkLength: "ERR Protocol error: invalid multibulk length"
    case .countLineTooLong: "ERR Protocol error: too big mbulk count string"
    case .dollarExpected: "ERR Protocol error: expected '$', got '"
    case .invalidBulkLength: "ERR Protocol error: invalid bulk length"
    case .lengthLineTooLong: "ERR Protocol error: too big bulk count string"
    case .lineEndExpected: "ERR Protocol error: expected the end of a line after an argument"
    case .requestTooLarge: "ERR Protocol error: too big request"
    case .inlineTooLong: "ERR Protocol error: too big inline request"
    case .unbalancedQuotes: "ERR Protocol error: unbalanced quotes in request"
    }
  }
}
