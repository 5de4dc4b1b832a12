/// Text in the format that Prometheus reads: a help line, a type line and samples for each metric.
struct MetricsText {
  /// The text so far.
  private(set) var text = ""

  /// What a metric is.
  enum Kind: String {
    /// It only rises.
    case counter
    /// It goes up and down.
    case gauge
  }

  /// Begins a metric.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// Adds a sample.
  mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: some BinaryInteger) {
    text += "\(name)\(MetricsText.braces(labels)) \(value)\n"
  }

  /// Adds a sample.
  mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
    text += "\(name)\(MetricsText.braces(labels)) \(value)\n"
  }

  /// Adds a metric with one sample.
  mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
    begin(name, kind, help)
    sample(name, [], value)
  }

  private static func braces(_ labels: [(String, String)]) -> String {
    guard !labels.isEmpty else { return "" }
    return "{" + labels.map { "\($0.0)=\"\(escape($0.1))\"" }.joined(separator: ",") + "}"
  }

  private static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
