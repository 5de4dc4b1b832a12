import Raft

/// `price-crossing`: an instance runs while the market's price is at most its bid. Historical mode only.
///
/// So AWS worked until late 2017; since then it moves prices gradually and interrupts on capacity, not on price. All
/// instances of a market with the same bid die together.
public struct PriceCrossing: Hashable, Sendable {
  /// The highest price that is paid; often a multiple of the on-demand price.
  public var bid: HourlyRate

  /// Makes a model from a bid.
  public init(bid: HourlyRate) { self.bid = bid }

  /// When an instance launched at `start` is revoked: as soon as the price is above the bid; nil when it never is.
  public func revocation(startedAt start: Instant, prices: PriceSeries) -> Instant? {
    prices.first(from: start) { $0 > bid }
  }
}
