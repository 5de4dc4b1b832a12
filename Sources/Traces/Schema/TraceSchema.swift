/// The description of a trace file: what a row is and what each of its columns holds.
public struct TraceSchema: Hashable, Sendable {
  /// The file.
  public var file: TraceFile
  /// What one row is, as a noun phrase.
  public var row: String
  /// The order of rows, and what is left out, in one or two sentences.
  public var notes: String
  /// The columns from left to right.
  public var columns: [Column]

  /// Makes a schema.
  public init(file: TraceFile, row: String, notes: String, columns: [Column]) {
    self.file = file
    self.row = row
    self.notes = notes
    self.columns = columns
  }

  /// The file's first line, without the line feed.
  public var header: String { columns.map(\.name).joined(separator: ",") }
}

/// The description of a column.
public struct Column: Hashable, Sendable {
  /// The name in the header; it ends with the unit when there is one.
  public var name: String
  /// How the field is written.
  public var type: FieldType
  /// Whether the field may be empty, which means: none.
  public var isOptional: Bool
  /// What the field says.
  public var meaning: String

  /// Makes a column.
  public init(_ name: String, _ type: FieldType, optional: Bool = false, _ meaning: String) {
    self.name = name
    self.type = type
    isOptional = optional
    self.meaning = meaning
  }
}

/// How a field is written.
public enum FieldType: Hashable, Sendable {
  /// Text, quoted as RFC 4180 says when it holds a comma, a quote or a line break.
  case text
  /// One of a closed set of words.
  case word([String])
  /// A whole number, not negative.
  case count
  /// Seconds since the run's start, or a length in seconds, with six decimals.
  case seconds
  /// Milliseconds with three decimals.
  case milliseconds
  /// A share of one, with six decimals.
  case ratio
  /// Events per second, with three decimals.
  case rate
  /// US dollars, with nine decimals: exact.
  case usd

  /// A type made of the raw values of an enumeration.
  static func word<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> FieldType {
    .word(type.allCases.map(\.rawValue))
  }

  /// What the reader expects, for error messages and the reference.
  public var expectation: String {
    switch self {
    case .text: "text"
    case .word(let words): words.joined(separator: " | ")
    case .count: "a whole number"
    case .seconds: "seconds with six decimals"
    case .milliseconds: "milliseconds with three decimals"
    case .ratio: "a ratio with six decimals"
    case .rate: "a rate per second with three decimals"
    case .usd: "US dollars with nine decimals"
    }
  }
}

/// A row of a trace file: a value that can be written as a line and read back.
///
/// Times are kept in nanoseconds and written in whole microseconds, so a row survives the way through a file exactly
/// when its times are whole microseconds. An optional text that is empty comes back as none.
public protocol TraceRow: Hashable, Sendable {
  /// The description of the file; the one place where its columns are named.
  static var schema: TraceSchema { get }
  /// Writes the fields in the order of the schema's columns.
  func encode(into row: inout RowEncoder)
  /// Reads the fields in the order of the schema's columns; throws ``TraceError/malformed(file:line:column:found:expected:)``.
  init(from row: inout RowDecoder) throws(TraceError)
}
