import Raft

/// Why latencies between sites cannot be used.
public enum LatencyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No built-in table has this name.
  case unknownTable(String, nearest: String?)
  /// The table has no such site; `elsewhere` names the built-in tables that have it.
  case unknownSite(String, table: String, nearest: String?, valid: [String], elsewhere: [String])
  /// The table has no figure for this pair in either direction.
  case missingPair(from: String, to: String, table: String)
  /// A site was named twice.
  case repeatedSite(String)
  /// No site was named.
  case noSites
  /// More sites than ``LatencyTable/mostSites``.
  case tooManySites(Int)
  /// The count of delays is not the square of the count of sites.
  case wrongShape(found: Int, expected: Int)
  /// A delay is negative or longer than ``LatencyTable/longestDelay``.
  case impossibleDelay(TimeSpan, from: String, to: String)

  /// What is wrong and what would be right, in one line.
  public var description: String {
    switch self {
    case .unknownTable(let name, let nearest):
      let valid = LatencyTable.builtIn.map(\.name).joined(separator: ", ")
      return "unknown latency matrix '\(excerpt(name))'\(suggestion(nearest)); built in are \(valid)"
    case .unknownSite(let site, let table, let nearest, let valid, let elsewhere):
      let other = elsewhere.isEmpty ? "" : " (\(elsewhere.joined(separator: ", ")) has it)"
      let list = nearest == nil ? "; it has \(valid.prefix(40).joined(separator: ", "))" : ""
      return "latency matrix \(table) has no site '\(excerpt(site))'\(other)\(suggestion(nearest))\(list)"
    case .missingPair(let from, let to, let table):
      return "latency matrix \(table) has no figure between \(from) and \(to)"
    case .repeatedSite(let name): return "site \(excerpt(name)) is named twice"
    case .noSites: return "no site is named"
    case .tooManySites(let count): return "\(count) sites are named; at most \(LatencyTable.mostSites) are possible"
    case .wrongShape(let found, let expected): return "\(found) delays were given; the sites need \(expected)"
    case .impossibleDelay(let delay, let from, let to):
      return "the delay from \(from) to \(to) is \(delay); it must lie in 0s ... \(LatencyTable.longestDelay)"
    }
  }
}

/// `; did you mean …?`, or nothing.
package func suggestion(_ nearest: String?) -> String { nearest.map { "; did you mean '\($0)'?" } ?? "" }

/// The text, cut so that a message stays one readable line.
package func excerpt(_ text: some StringProtocol) -> String {
  let line = text.prefix(48).map { $0.isNewline ? " " : $0 }
  return String(line) + (text.utf8.count > String(line).utf8.count ? "…" : "")
}
