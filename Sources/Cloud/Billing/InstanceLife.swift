import Raft

/// The life of an instance as its bill sees it: from the launch to the end.
public struct InstanceLife: Hashable, Sendable {
  /// Which instance it was.
  public let instance: InstanceID
  /// The pool it came from.
  public let market: MarketID
  /// How it is paid for.
  public let purchase: Purchase
  /// When its bill began.
  public let launched: Instant
  /// When its bill ended.
  public let ended: Instant
  /// Who ended it.
  public let endedBy: EndCause

  /// Describes a life; `ended` must not be before `launched`.
  public init(
    instance: InstanceID, market: MarketID, purchase: Purchase, launched: Instant, ended: Instant, endedBy: EndCause
  ) {
    precondition(ended >= launched, "instance \(instance) ended before it was launched")
    self.instance = instance
    self.market = market
    self.purchase = purchase
    self.launched = launched
    self.ended = ended
    self.endedBy = endedBy
  }

  /// The life of an instance that is over, or nil when it is not, or was never launched.
  public init?(_ instance: Instance) {
    guard case .ended(let launched, let ended, let cause) = instance.phase else { return nil }
    self.init(
      instance: instance.id, market: instance.market, purchase: instance.purchase, launched: launched, ended: ended,
      endedBy: cause)
  }

  /// How long it lived.
  public var length: TimeSpan { ended - launched }
}
