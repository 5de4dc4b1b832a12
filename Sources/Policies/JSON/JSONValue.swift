/// A JSON value (RFC 8259); members keep their order.
enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  struct Member: Hashable, Sendable {
    var key: String
    var value: JSONValue
  }

  /// The value in a few words, for an error; never longer than some 40 characters.
  var sketch: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let text): text.count > 32 ? "\"\(text.prefix(32))...\"" : "\"\(text)\""
    case .array(let values): "a list of \(values.count)"
    case .object(let members): "an object of \(members.count) keys"
    }
  }
}
