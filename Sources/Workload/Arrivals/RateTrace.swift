import Raft

/// Reads a rate trace: CSV text with the header `time_s,rate_per_s`, then one rate per line with rising times, such as
/// `12.5,800`. Lines end in LF or CRLF; fields are plain decimal numbers without quotes.
public enum RateTrace {
  /// The most points that a trace may have.
  public static let maximumPoints = 1_000_000
  /// The largest time in seconds and the largest rate in operations per second.
  public static let largestNumber = 1e9

  /// The columns of a trace.
  public enum Column: String, Hashable, Sendable {
    /// Seconds since the start of the phase.
    case time = "time_s"
    /// Operations per second, all sites together.
    case rate = "rate_per_s"
  }

  /// The points of a trace; throws a ``RateTraceError`` that names the place of what is wrong.
  public static func points(csv text: String) throws(RateTraceError) -> [RatePoint] {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard let header = lines.first else { throw .empty }
    guard header.elementsEqual("\(Column.time.rawValue),\(Column.rate.rawValue)".utf8) else { throw .badHeader }
    guard lines.count > 1 else { throw .empty }
    guard lines.count - 1 <= maximumPoints else { throw .tooManyPoints(limit: maximumPoints) }
    var points: [RatePoint] = []
    points.reserveCapacity(lines.count - 1)
    for (position, line) in lines.enumerated().dropFirst() {
      let number = position + 1
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      guard fields.count == 2 else { throw .fieldCount(line: number, found: fields.count) }
      let time = TimeSpan(seconds: try value(fields[0], line: number, .time))
      let rate = try value(fields[1], line: number, .rate)
      if let last = points.last, time <= last.time { throw .timeNotRising(line: number) }
      points.append(RatePoint(time: time, rate: rate))
    }
    return points
  }

  private static func value(_ field: Substring.UTF8View, line: Int, _ column: Column) throws(RateTraceError) -> Double {
    // `Double` also reads hexadecimal, infinities and NaN, which no trace means.
    let isPlain = field.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
    guard isPlain, let value = Double(Substring(field)) else { throw .notANumber(line: line, column: column) }
    guard value >= 0 else { throw .negative(line: line, column: column) }
    guard value <= largestNumber else { throw .tooLarge(line: line, column: column) }
    return value
  }
}

/// Why a text is no rate trace. Lines are counted from 1, the header being line 1.
public enum RateTraceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no header or no point.
  case empty
  /// The first line is not the header.
  case badHeader
  /// A line does not have two fields.
  case fieldCount(line: Int, found: Int)
  /// A field is no decimal number.
  case notANumber(line: Int, column: RateTrace.Column)
  /// A number is negative.
  case negative(line: Int, column: RateTrace.Column)
  /// A number is beyond ``RateTrace/largestNumber``.
  case tooLarge(line: Int, column: RateTrace.Column)
  /// A time is not later than the one before.
  case timeNotRising(line: Int)
  /// There are more points than ``RateTrace/maximumPoints``.
  case tooManyPoints(limit: Int)

  /// A sentence that says where and what.
  public var description: String {
    switch self {
    case .empty: "the rate trace has no points"
    case .badHeader: "line 1: the header must be time_s,rate_per_s"
    case .fieldCount(let line, let found): "line \(line): 2 fields expected, \(found) found"
    case .notANumber(let line, let column): "line \(line), column \(column.rawValue): not a decimal number"
    case .negative(let line, let column): "line \(line), column \(column.rawValue): must not be negative"
    case .tooLarge(let line, let column): "line \(line), column \(column.rawValue): must not exceed 1e9"
    case .timeNotRising(let line): "line \(line), column time_s: must be later than on the line before"
    case .tooManyPoints(let limit): "the rate trace has more than \(limit) points"
    }
  }
}
