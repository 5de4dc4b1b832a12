import Raft

/// Measured delays between named sites, from which a run selects its ``LatencyMatrix``; pairs may be missing.
///
/// A one-way delay is half of a measured round trip: a ping says nothing about its two halves.
public struct LatencyTable: Hashable, Sendable {
  /// The most sites that a table may have.
  public static let mostSites = 512
  /// The longest one-way delay that is accepted: one minute.
  public static let longestDelay = TimeSpan.seconds(60)
  /// The round trip within a site for which a table has no figure: 0.2 ms, typical of one availability zone.
  public static let defaultWithinSite = TimeSpan.microseconds(200)

  /// The name that people use, such as `aws-2020-06`.
  public let name: String
  /// Who measured what, how and when.
  public let source: String
  /// The sites' names, in the order of the table's rows.
  public let sites: [String]
  /// One-way delays in nanoseconds, row by row; negative means that the pair is missing.
  let oneWay: [Int64]

  /// A table from complete figures typed in; their count is that of the sites squared (a test sees to that).
  init(name: String, source: String, sites: [String], roundTripMicroseconds: [Int64]) {
    self.init(name: name, source: source, sites: sites, oneWay: roundTripMicroseconds.map { $0 * 500 })
  }

  init(name: String, source: String, sites: [String], oneWay: [Int64]) {
    self.name = name
    self.source = source
    self.sites = sites
    self.oneWay = oneWay
  }

  /// The tables that come with the library.
  public static let builtIn: [LatencyTable] = [aws2020, aws2022, gcp2020]

  /// The built-in table with this name.
  ///
  /// Throws ``LatencyError/unknownTable(_:nearest:)``.
  public static func named(_ name: String) throws(LatencyError) -> LatencyTable {
    if let table = builtIn.first(where: { $0.name == name }) { return table }
    throw .unknownTable(name, nearest: NearestName.of(name, among: builtIn.map(\.name)))
  }

  /// The one-way delay between two named sites, or nil when a name or the pair is missing.
  public func delay(from: String, to: String) -> TimeSpan? {
    guard let row = sites.firstIndex(of: from), let column = sites.firstIndex(of: to) else { return nil }
    return delay(row, column)
  }

  /// The matrix of the given sites, numbered in the given order.
  ///
  /// Throws ``LatencyError``: no site, a repeated one, an unknown one (with the nearest valid name), a missing pair.
  public func matrix(of names: [String]) throws(LatencyError) -> LatencyMatrix {
    var rows: [Int] = []
    rows.reserveCapacity(min(names.count, Self.mostSites))
    guard names.count <= Self.mostSites else { throw .tooManySites(names.count) }
    for name in names {
      guard let row = sites.firstIndex(of: name) else { throw unknown(name) }
      rows.append(row)
    }
    var delays: [TimeSpan] = []
    delays.reserveCapacity(rows.count * rows.count)
    for from in rows {
      for to in rows {
        guard let delay = delay(from, to) else {
          throw .missingPair(from: sites[from], to: sites[to], table: name)
        }
        delays.append(delay)
      }
    }
    return try LatencyMatrix(sites: names, delays: delays)
  }

  private func delay(_ row: Int, _ column: Int) -> TimeSpan? {
    let nanoseconds = oneWay[row * sites.count + column]
    return nanoseconds < 0 ? nil : TimeSpan(nanoseconds: nanoseconds)
  }

  private func unknown(_ site: String) -> LatencyError {
    let elsewhere = Self.builtIn.filter { $0.name != name && $0.sites.contains(site) }.map(\.name)
    return .unknownSite(
      site, table: name, nearest: NearestName.of(site, among: sites), valid: sites, elsewhere: elsewhere)
  }
}
