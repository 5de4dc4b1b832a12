import Raft

/// Which links a change is about: ordered pairs of sites.
public enum LinkSelection: Hashable, Sendable {
  /// Every link, also those within sites.
  case all
  /// Every link between two different sites.
  case betweenSites
  /// Every link within a site.
  case withinSites
  /// One way: from each of the first sites to each of the second.
  case from([SiteID], to: [SiteID])
  /// Both ways between each of the first sites and each of the second.
  case between([SiteID], [SiteID])
  /// Every link to or from one of these sites and another site.
  case touching([SiteID])
}

/// What a change does to a link; all else of it stays.
public enum LinkEffect: Hashable, Sendable {
  /// Sets the propagation delay.
  case setDelay(TimeSpan)
  /// Sets the propagation delay to a multiple of the *configured* one, so that a factor of 1 undoes it.
  case scaleDelay(Double)
  /// Sets the jitter.
  case setJitter(Jitter)
  /// Sets the probability of loss.
  case setLoss(Double)
  /// Sets the probability of duplication.
  case setDuplication(Double)
  /// Sets the capacity; nil makes it unlimited. What waits already keeps its place and time.
  case setBandwidth(Bandwidth?)
  /// Sets how many bytes may wait.
  case setQueueLimit(Int)
  /// Sets whether order is kept.
  case setOrdering(Ordering)
  /// Sets the routes, from the first of them; nil leaves one.
  case setRoutes(RouteClasses?)
  /// Makes the link as it was configured.
  case restore
}

/// A change of some links, to be applied when the host chooses.
public struct LinkChange: Hashable, Sendable {
  /// Which links change.
  public var links: LinkSelection
  /// How they change.
  public var effect: LinkEffect

  /// Makes a change.
  public init(_ links: LinkSelection, _ effect: LinkEffect) {
    self.links = links
    self.effect = effect
  }
}

extension LinkSelection {
  /// Whether the ordered pair is meant.
  func contains(_ from: SiteID, _ to: SiteID) -> Bool {
    switch self {
    case .all: true
    case .betweenSites: from != to
    case .withinSites: from == to
    case .from(let sources, let targets): sources.contains(from) && targets.contains(to)
    case .between(let left, let right):
      (left.contains(from) && right.contains(to)) || (right.contains(from) && left.contains(to))
    case .touching(let sites): from != to && (sites.contains(from) || sites.contains(to))
    }
  }

  /// Every site that is named.
  var namedSites: [SiteID] {
    switch self {
    case .all, .betweenSites, .withinSites: []
    case .from(let left, let right), .between(let left, let right): left + right
    case .touching(let sites): sites
    }
  }
}

extension LinkModel {
  /// The link after a change; `configured` is what it was when the network was made.
  func applying(_ effect: LinkEffect, configured: LinkModel) -> LinkModel {
    var model = self
    switch effect {
    case .setDelay(let delay): model.delay = delay
    case .scaleDelay(let factor):
      // Beyond the range the delay is refused like any other; "not a number" too.
      let scaled = Double(configured.delay.nanoseconds) * factor
      model.delay = TimeSpan(nanoseconds: scaled >= 0 && scaled < 1e18 ? Int64(scaled.rounded()) : -1)
    case .setJitter(let jitter): model.jitter = jitter
    case .setLoss(let loss): model.loss = loss
    case .setDuplication(let duplication): model.duplication = duplication
    case .setBandwidth(let bandwidth): model.bandwidth = bandwidth
    case .setQueueLimit(let limit): model.queueLimit = limit
    case .setOrdering(let ordering): model.ordering = ordering
    case .setRoutes(let routes): model.routes = routes
    case .restore: model = configured
    }
    return model
  }
}
