/// What is wrong with a user's CSV of latencies, and where.
public struct LatencyCSVError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, counted from 1; 0 when the file as a whole is meant.
  public let line: Int
  /// The column's name, or nil when the line as a whole is meant.
  public let column: String?
  /// What stands there, cut to a readable length.
  public let found: String
  /// What should stand there.
  public let expected: String
  /// The valid name that is probably meant.
  public let nearest: String?

  init(line: Int, column: String? = nil, found: String, expected: String, nearest: String? = nil) {
    self.line = line
    self.column = column
    self.found = excerpt(found)
    self.expected = expected
    self.nearest = nearest
  }

  /// The error in one line, such as `line 3, column rtt_ms: found 'fast', expected …`.
  public var description: String {
    let place = line == 0 ? "the file" : "line \(line)"
    return
      "\(place)\(column.map { ", column \($0)" } ?? ""): found \(found), expected \(expected)\(suggestion(nearest))"
  }
}
