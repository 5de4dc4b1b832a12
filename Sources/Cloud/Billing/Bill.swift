import Emulation

/// What a run costs: one line per instance life and per pair of sites that data went between.
public struct Bill: Hashable, Sendable {
  /// A line per life.
  public let instances: [InstanceCharge]
  /// A line per pair.
  public let transfers: [TransferCharge]

  /// What all instances cost: the exact sum of their lines.
  public var instanceTotal: Money { instances.reduce(into: .zero) { $0 += $1.cost } }
  /// What all transfer costs: the exact sum of its lines.
  public var transferTotal: Money { transfers.reduce(into: .zero) { $0 += $1.cost } }
  /// What the run costs: the exact sum of all lines.
  public var total: Money { instanceTotal + transferTotal }
}

/// A line of a bill: what the data from one site to one destination costs.
public struct TransferCharge: Hashable, Sendable {
  /// Where data can go to from a site.
  public enum Destination: Hashable, Sendable {
    /// A site, the source itself included.
    case site(SiteID)
    /// Clients outside the provider's network.
    case internet
  }

  /// Where the data came from.
  public let source: SiteID
  /// Where it went.
  public let destination: Destination
  /// How much it was.
  public let bytes: UInt64
  /// The price, both ends together.
  public let rate: TransferRate

  /// What it costs, rounded half up to a billionth of a USD.
  public var cost: Money { rate.price(ofBytes: bytes) }
}
