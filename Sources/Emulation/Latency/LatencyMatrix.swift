import Raft

/// One-way delays between every ordered pair of a run's sites: dense, complete, by ``SiteID``.
public struct LatencyMatrix: Hashable, Sendable {
  /// The sites' names; a site's number is its place in this list.
  public let sites: [String]
  /// One-way delays, row by row: `delays[from * sites.count + to]`.
  private let delays: [TimeSpan]

  /// Makes a matrix from one-way delays in the order of `sites`, row by row (`sites.count` squared of them).
  ///
  /// Throws ``LatencyError`` when there is no site, there are too many, a name occurs twice, the count of delays does
  /// not fit, or a delay is negative or longer than ``LatencyTable/longestDelay``.
  public init(sites: [String], delays: [TimeSpan]) throws(LatencyError) {
    guard !sites.isEmpty else { throw .noSites }
    guard sites.count <= LatencyTable.mostSites else { throw .tooManySites(sites.count) }
    if let name = sites.firstRepeated { throw .repeatedSite(name) }
    guard delays.count == sites.count * sites.count else {
      throw .wrongShape(found: delays.count, expected: sites.count * sites.count)
    }
    for (index, delay) in delays.enumerated() where delay < .zero || delay > LatencyTable.longestDelay {
      throw .impossibleDelay(delay, from: sites[index / sites.count], to: sites[index % sites.count])
    }
    self.sites = sites
    self.delays = delays
  }

  /// Makes a matrix in which all pairs of different sites have one round-trip time, and all sites another within.
  ///
  /// Throws ``LatencyError`` as ``init(sites:delays:)`` does.
  public init(sites: [String], roundTrip: TimeSpan, within: TimeSpan) throws(LatencyError) {
    var delays: [TimeSpan] = []
    delays.reserveCapacity(sites.count * sites.count)
    for from in sites.indices {
      for to in sites.indices { delays.append((from == to ? within : roundTrip) / 2) }
    }
    try self.init(sites: sites, delays: delays)
  }

  /// The one-way delay; `from == to` is the delay between two machines of the site.
  public func delay(from: SiteID, to: SiteID) -> TimeSpan { delays[from.slot * sites.count + to.slot] }

  /// The delay there and back.
  public func roundTrip(_ left: SiteID, _ right: SiteID) -> TimeSpan {
    delay(from: left, to: right) + delay(from: right, to: left)
  }

  /// The number of the site with this name.
  public func site(named name: String) -> SiteID? { sites.firstIndex(of: name).map { SiteID(UInt16($0)) } }
}

extension [String] {
  /// The first name that stood in the list before.
  package var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}
