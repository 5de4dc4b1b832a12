import Emulation
import Raft

/// What lies between the sites of an experiment.
public struct LinkPlan: Hashable, Sendable {
  /// Where the round-trip times come from.
  public var matrix = MatrixSource.builtIn("aws-2020-06")
  /// What every link adds to its delay at random.
  public var jitter = Jitter.none
  /// The capacity of every link in each direction; nil means unlimited.
  public var bandwidth: Bandwidth?
  /// The probability that a message or segment is lost.
  public var loss = 0.0
  /// The probability that a message arrives twice.
  public var duplication = 0.0
  /// Whether links keep order.
  public var ordering = Ordering.ordered
  /// The most bytes that may wait for a link.
  public var queueLimit = 16 << 20
  /// The routes among which every link changes as time passes; nil means that delays stay as they are.
  public var routes: RouteClasses?
  /// Pairs of sites that differ from the rest, later ones over earlier ones.
  public var overrides: [LinkPatch] = []
}

/// Where round-trip times come from.
public enum MatrixSource: Hashable, Sendable {
  /// A matrix that comes with the program.
  case builtIn(String)
  /// Figures of the spec's own, read from a CSV file or given in the spec.
  case figures([PairDelay])
}

/// The round-trip time from one site to another, of which one direction takes half; it holds for the way back too,
/// unless that is given.
public struct PairDelay: Hashable, Sendable {
  /// The site that sends.
  public var from: String
  /// The site that answers; the same site for the time between two of its nodes.
  public var to: String
  /// The round-trip time.
  public var roundTrip: TimeSpan

  /// Makes a round-trip time.
  public init(from: String, to: String, roundTrip: TimeSpan) {
    self.from = from
    self.to = to
    self.roundTrip = roundTrip
  }
}

/// A change of some properties of the links from some sites to others; what is nil stays as it is.
public struct LinkPatch: Hashable, Sendable {
  /// The sites that send; empty means all.
  public var from: [String] = []
  /// The sites that receive; empty means all.
  public var to: [String] = []
  /// Whether the links back change too.
  public var bothWays = false
  /// The new delay in one direction.
  public var delay: TimeSpan?
  /// What the configured delay is multiplied by.
  public var delayFactor: Double?
  /// The new jitter.
  public var jitter: Jitter?
  /// The new probability of loss.
  public var loss: Double?
  /// The new probability of duplication.
  public var duplication: Double?
  /// The new capacity.
  public var bandwidth: Capacity?
  /// The new limit of bytes that wait.
  public var queueLimit: Int?
  /// Whether order is kept from now on.
  public var ordering: Ordering?

  /// A capacity that may be without limit.
  public enum Capacity: Hashable, Sendable {
    /// As much as is sent.
    case unlimited
    /// At most this.
    case limited(Bandwidth)
  }

  /// Whether the patch concerns the link from one site to another.
  ///
  /// `all` means all other sites: the links within a site change only when both lists name it.
  public func concerns(from source: String, to destination: String) -> Bool {
    func matches(_ sender: String, _ receiver: String) -> Bool {
      if sender == receiver { return from.contains(sender) && to.contains(receiver) }
      return (from.isEmpty || from.contains(sender)) && (to.isEmpty || to.contains(receiver))
    }
    return matches(source, destination) || (bothWays && matches(destination, source))
  }

  /// Changes a link.
  public func apply(to link: inout LinkModel) {
    if let delay { link.delay = delay }
    if let delayFactor {
      link.delay = TimeSpan(nanoseconds: Int64((Double(link.delay.nanoseconds) * delayFactor).rounded()))
    }
    if let jitter { link.jitter = jitter }
    if let loss { link.loss = loss }
    if let duplication { link.duplication = duplication }
    if let queueLimit { link.queueLimit = queueLimit }
    if let ordering { link.ordering = ordering }
    switch bandwidth {
    case nil: break
    case .unlimited: link.bandwidth = nil
    case .limited(let bandwidth): link.bandwidth = bandwidth
    }
  }

  /// The patch as changes of a network whose sites have the given names, in the order of their numbers.
  public func changes(sites: [String]) -> [LinkChange] {
    var effects: [LinkEffect] = []
    if let delay { effects.append(.setDelay(delay)) }
    if let delayFactor { effects.append(.scaleDelay(delayFactor)) }
    if let jitter { effects.append(.setJitter(jitter)) }
    if let loss { effects.append(.setLoss(loss)) }
    if let duplication { effects.append(.setDuplication(duplication)) }
    if let queueLimit { effects.append(.setQueueLimit(queueLimit)) }
    if let ordering { effects.append(.setOrdering(ordering)) }
    switch bandwidth {
    case nil: break
    case .unlimited: effects.append(.setBandwidth(nil))
    case .limited(let bandwidth): effects.append(.setBandwidth(bandwidth))
    }
    return selections(sites: sites).flatMap { selection in effects.map { LinkChange(selection, $0) } }
  }

  /// The links that the patch concerns, as few selections as the sites need.
  public func selections(sites: [String]) -> [LinkSelection] {
    if from.isEmpty, to.isEmpty { return [.betweenSites] }
    return sites.enumerated().compactMap { number, source in
      let receivers = sites.indices.filter { concerns(from: source, to: sites[$0]) }.map { SiteID(UInt16($0)) }
      return receivers.isEmpty ? nil : .from([SiteID(UInt16(number))], to: receivers)
    }
  }
}

extension LinkPlan {
  /// The links between sites of the given names, numbered in their order.
  ///
  /// Throws ``LatencyError`` when the matrix has no figure for a pair.
  public func table(sites: [String]) throws(LatencyError) -> LinkTable {
    var between = LinkModel(delay: .zero)
    (between.jitter, between.bandwidth, between.loss) = (jitter, bandwidth, loss)
    (between.duplication, between.ordering, between.queueLimit) = (duplication, ordering, queueLimit)
    between.routes = routes
    var within = LinkModel(delay: .zero)
    (within.ordering, within.queueLimit) = (ordering, queueLimit)
    var table = LinkTable(try matrix.delays(sites: sites), between: between, within: within)
    for (row, source) in sites.enumerated() {
      for (column, destination) in sites.enumerated() {
        let (from, to) = (SiteID(UInt16(row)), SiteID(UInt16(column)))
        for patch in overrides where patch.concerns(from: source, to: destination) {
          patch.apply(to: &table[from, to])
        }
      }
    }
    return table
  }
}

extension MatrixSource {
  /// The one-way delays between sites of the given names, numbered in their order.
  ///
  /// Throws ``LatencyError`` when a site or a pair is missing.
  public func delays(sites: [String]) throws(LatencyError) -> LatencyMatrix {
    switch self {
    case .builtIn(let name): return try LatencyTable.named(name).matrix(of: sites)
    case .figures(let pairs):
      let known = pairs.flatMap { [$0.from, $0.to] }
      if let site = sites.first(where: { !known.contains($0) }), sites.count > 1 {
        let valid = Set(known).sorted()
        throw .unknownSite(
          site, table: "of the spec", nearest: NearestName.of(site, among: valid), valid: valid, elsewhere: [])
      }
      var delays: [TimeSpan] = []
      for from in sites {
        for to in sites {
          let pair =
            pairs.first { $0.from == from && $0.to == to } ?? pairs.first { $0.from == to && $0.to == from }
          if let pair {
            delays.append(pair.roundTrip / 2)
          } else if from == to {
            delays.append(LatencyTable.defaultWithinSite / 2)
          } else {
            throw .missingPair(from: from, to: to, table: "of the spec")
          }
        }
      }
      return try LatencyMatrix(sites: sites, delays: delays)
    }
  }
}
