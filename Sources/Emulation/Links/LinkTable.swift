import Raft

/// The link models of every ordered pair of sites, also from a site to itself: what a network is made of.
public struct LinkTable: Hashable, Sendable {
  /// How many sites there are.
  public let siteCount: Int
  private(set) var models: [LinkModel]

  /// Makes links whose delays come from `matrix` and all else from `between` (different sites) and `within` (one site).
  public init(
    _ matrix: LatencyMatrix, between: LinkModel = LinkModel(delay: .zero), within: LinkModel = LinkModel(delay: .zero)
  ) {
    siteCount = matrix.sites.count
    models = []
    models.reserveCapacity(siteCount * siteCount)
    for from in 0..<siteCount {
      for to in 0..<siteCount {
        var model = from == to ? within : between
        model.delay = matrix.delay(from: SiteID(UInt16(from)), to: SiteID(UInt16(to)))
        models.append(model)
      }
    }
  }

  /// The link in one direction; both sites must exist. Setting one direction leaves the other as it is.
  public subscript(from: SiteID, to: SiteID) -> LinkModel {
    get { models[slot(from, to)] }
    set { models[slot(from, to)] = newValue }
  }

  private func slot(_ from: SiteID, _ to: SiteID) -> Int {
    precondition(from.slot < siteCount && to.slot < siteCount, "a link between sites that do not exist was asked for")
    return from.slot * siteCount + to.slot
  }
}
