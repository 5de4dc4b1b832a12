import Foundation

/// Measured data beside the project, which need not be there.
enum SharedData {
  /// Whether prices and traces are at hand.
  static let isPresent = text(of: "aws_prices.csv") != nil

  /// The text of a file under the shared `data` folder, or nil when there is none.
  static func text(of name: String) -> String? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folders = [
      ProcessInfo.processInfo.environment["ERAFT_SHARED"].map { URL(fileURLWithPath: $0) },
      root.deletingLastPathComponent().appendingPathComponent("shared"),
    ]
    for case let folder? in folders {
      let file = folder.appendingPathComponent("data").appendingPathComponent(name)
      if let text = try? String(contentsOf: file, encoding: .utf8) { return text }
    }
    return nil
  }

  /// The rows of a CSV without quotes, each by column name; lines that begin with `#` are comments.
  static func rows(of name: String) -> [[String: String]]? {
    guard let text = text(of: name) else { return nil }
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }
}
