import Emulation

/// What is wrong with a user's text, and where.
public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A place in a text.
  public enum Place: Hashable, Sendable, CustomStringConvertible {
    /// The text as a whole.
    case text
    /// A line, counted from 1, and a column's name.
    case line(Int, column: String?)
    /// A byte, counted from 0.
    case byte(Int)
    /// An element of the list, counted from 1, and a field's name.
    case record(Int, field: String?)

    /// The place in words.
    public var description: String {
      switch self {
      case .text: "the text"
      case .line(let line, let column): "line \(line)" + (column.map { ", column \($0)" } ?? "")
      case .byte(let offset): "byte \(offset)"
      case .record(let record, let field): "record \(record)" + (field.map { ", \($0)" } ?? "")
      }
    }
  }

  /// Where it stands.
  public let place: Place
  /// What stands there, cut to a readable length.
  public let found: String
  /// What should stand there.
  public let expected: String

  init(_ place: Place, found: String, expected: String) {
    self.place = place
    self.found = excerpt(found)
    self.expected = expected
  }

  /// The error in one line, such as `record 3, SpotPrice: found 'cheap', expected …`.
  public var description: String { "\(place): found \(found), expected \(expected)" }

  /// The most bytes that a text may have: 256 MiB.
  public static let mostBytes = 256 << 20

  /// Throws when a text is larger than ``mostBytes``.
  static func checkSize(_ count: Int) throws(ParseError) {
    guard count <= mostBytes else { throw ParseError(.text, found: "\(count) bytes", expected: "at most \(mostBytes)") }
  }
}
