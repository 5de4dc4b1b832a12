import Raft
import Workload

/// A phase of the workload and the sites whose clients take part in it.
public struct WorkloadPhase: Hashable, Sendable {
  /// The names of the sites.
  public var sites: [String]
  /// What the clients do.
  public var load: LoadPhase

  /// Makes a phase.
  public init(sites: [String], load: LoadPhase) {
    self.sites = sites
    self.load = load
  }

  /// When the operations of a site's clients begin, when `count` sites have clients: a phase names a rate for its own sites
  /// together, and clients share rates among all sites that have clients.
  public func arrival(at site: String, outOf count: Int) -> Arrival {
    guard sites.contains(site) else { return .constant(rate: 0) }
    let factor = Double(count) / Double(sites.count)
    if factor == 1 { return load.arrival }
    switch load.arrival {
    case .closed: return load.arrival
    case .poisson(let rate): return .poisson(rate: rate * factor)
    case .constant(let rate): return .constant(rate: rate * factor)
    case .trace(let points):
      return .trace(points: points.map { RatePoint(time: $0.time, rate: $0.rate * factor) })
    }
  }
}

extension ExperimentSpec {
  /// The places in ``sites`` of those that have clients in any phase.
  public var busySites: [Int] {
    sites.indices.filter { site in workload.contains { $0.sites.contains(sites[site]) } }
  }
}
