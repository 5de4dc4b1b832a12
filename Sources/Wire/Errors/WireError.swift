import KeyValue

/// Why bytes are no frame, where in the frame that shows, what was found and what was expected.
///
/// A connection on which one occurs is of no more use: where the next frame begins is unknown or not to be believed.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The offset from the first byte of the frame's header.
  public var offset: Int
  /// What is wrong there.
  public var problem: Problem

  /// What can be wrong.
  public enum Problem: Hashable, Sendable {
    /// The body ends before the field does.
    case truncated(WireField, needed: Int, present: Int)
    /// A size or count is beyond what the limits, or the rules of the field, allow.
    case tooLarge(WireField, found: UInt64, limit: UInt64)
    /// A byte stands for nothing that this version knows.
    case unknownValue(WireField, found: UInt64)
    /// A size does not fit what it is the size of.
    case sizeMismatch(WireField, found: UInt64, expected: UInt64)
    /// The frame has a format that this code does not read.
    case otherFormat(found: UInt8, expected: UInt8)
    /// The connection does not begin with a greeting of this protocol.
    case notAPeer(found: UInt64)
    /// The bytes of a text are not UTF-8.
    case notText(WireField)
    /// A nested encoding of the key-value store is none.
    case nested(WireField, CodingError)
  }

  /// Makes an error.
  public init(offset: Int, problem: Problem) {
    self.offset = offset
    self.problem = problem
  }

  /// The value as a sentence.
  public var description: String {
    let what =
      switch problem {
      case .truncated(let field, let needed, let present):
        "\(field.rawValue) takes \(needed) bytes and only \(present) are left"
      case .tooLarge(let field, let found, let limit): "\(field.rawValue) is \(found), at most \(limit) is taken"
      case .unknownValue(let field, let found): "\(found) stands for no \(field.rawValue) that this version knows"
      case .sizeMismatch(let field, let found, let expected):
        "\(field.rawValue) is \(found), but \(expected) fits what is there"
      case .otherFormat(let found, let expected): "the frame has format \(found), this program reads \(expected)"
      case .notAPeer(let found):
        "the greeting begins with 0x\(String(found, radix: 16)), not with 0x\(String(Hello.magic, radix: 16))"
      case .notText(let field): "\(field.rawValue) is not UTF-8"
      case .nested(let field, let error): "\(field.rawValue) cannot be read: \(error)"
      }
    return "byte \(offset) of a frame: \(what)"
  }
}

/// A part of a frame that can be wrong, as error messages name it.
public enum WireField: String, Hashable, Sendable {
  case body = "the size of the body"
  case kind = "kind of frame"
  case fields = "the fields of the body"
  case flag = "flag"
  case entries = "the number of entries"
  case entriesSize = "the size of the entries"
  case entry = "an entry"
  case entryKind = "kind of entry"
  case steps = "the number of steps"
  case stepKind = "kind of step"
  case transition = "transition"
  case targets = "the number of targets"
  case responses = "the number of responses"
  case response = "a response"
  case responseKind = "carried response"
  case reason = "reason"
  case configuration = "the number of the configuration's members"
  case chunk = "the size of the chunk"
  case offset = "the offset"
  case progress = "progress"
  case want = "want"
  case key = "the size of the key"
  case keys = "the number of keys"
  case values = "the number of values"
  case condition = "condition"
  case value = "the size of the value"
  case operation = "operation"
  case consistency = "consistency"
  case result = "result"
  case length = "the length"
  case outcome = "outcome"
  case role = "role"
  case groups = "the number of groups"
  case group = "the order of the groups"
  case order = "order"
  case command = "the command that moves keys"
  case answer = "answer"
  case part = "the number of a part"
  case text = "the size of a text"
  case sender = "sender"
  case versions = "the oldest version"
  case refusal = "refusal"
  case action = "action"
  case peers = "the number of peers"
  case jitter = "jitter"
  case loss = "the loss"
  case members = "the number of members"
  case fleet = "the number of the fleet's nodes"
}
