/// Why an external policy's answer is no list of actions.
public enum ActionDecodingError: Error, Hashable, Sendable {
  /// It is no JSON; the byte, counted from 0, and what should have been there.
  case syntax(at: Int, expected: String)
  /// It is longer than the limit, in bytes.
  case tooLong(found: Int, limit: Int)
  /// It has more actions than the limit.
  case tooManyActions(found: Int, limit: Int)
  /// It is something else than a list of objects.
  case notAList(found: String)
  /// An action has a key that it does not take.
  case unknownKey(String, action: Int, expected: [String], nearest: String?)
  /// An action has a key twice.
  case repeatedKey(String, action: Int)
  /// An action lacks a key.
  case missingKey(String, action: Int)
  /// A key has a value that it does not take.
  case badValue(key: String, action: Int, found: String, expected: String, nearest: String?)
}

extension ActionDecodingError: CustomStringConvertible {
  /// The key, what was found, what was expected, and the nearest valid name. Actions are counted from 0.
  public var description: String {
    switch self {
    case .syntax(let at, let expected): "no JSON at byte \(at): expected \(expected)"
    case .tooLong(let found, let limit): "found \(found) bytes, expected at most \(limit)"
    case .tooManyActions(let found, let limit): "found \(found) actions, expected at most \(limit)"
    case .notAList(let found): "found \(found), expected a list of actions"
    case .unknownKey(let key, let action, let expected, let nearest):
      "action \(action): unknown key \(key), expected \(expected.joined(separator: ", "))\(Self.hint(nearest))"
    case .repeatedKey(let key, let action): "action \(action): the key \(key) is there twice"
    case .missingKey(let key, let action): "action \(action): the key \(key) is missing"
    case .badValue(let key, let action, let found, let expected, let nearest):
      "action \(action), \(key): found \(found), expected \(expected)\(Self.hint(nearest))"
    }
  }

  private static func hint(_ nearest: String?) -> String { nearest.map { "; did you mean \($0)?" } ?? "" }
}
