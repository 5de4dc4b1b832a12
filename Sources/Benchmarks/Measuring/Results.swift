import Foundation

/// What `eraft-bench` prints and writes.
enum Results {
  /// A figure as a line of the table.
  static func line(_ measurement: Measurement) -> String {
    let name = measurement.name.padding(toLength: 36, withPad: " ", startingAt: 0)
    let value = number(measurement.value)
    let text = name + String(repeating: " ", count: max(0, 14 - value.count)) + value + " " + measurement.unit
    switch measurement.goal {
    case .atLeast(let floor):
      return text + (measurement.isMet ? "  (floor \(number(floor)))" : "  BELOW \(number(floor))")
    case .atMost(let most):
      return text + (measurement.isMet ? "  (at most \(number(most)))" : "  ABOVE \(number(most))")
    case nil: return text
    }
  }

  /// The figures as JSON: a list of names, values and units.
  static func json(_ measurements: [Measurement]) -> String {
    let rows = measurements.map {
      "  {\"name\": \"\($0.name)\", \"value\": \(number($0.value)), \"unit\": \"\($0.unit)\"}"
    }
    return "[\n" + rows.joined(separator: ",\n") + "\n]\n"
  }

  /// Writes the figures to a file, and makes the folder that it is in.
  static func write(_ measurements: [Measurement], to path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(json(measurements).utf8).write(to: file, options: .atomic)
  }

  /// Whole numbers from a thousand on, four decimals below.
  private static func number(_ value: Double) -> String {
    if value == value.rounded() || value >= 1_000 { return String(Int64(value.rounded())) }
    return String((value * 1e4).rounded() / 1e4)
  }
}
