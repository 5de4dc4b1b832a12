import Raft

/// An instance that was asked for: a dense number in the order of the requests.
public struct InstanceID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number, which is an index into tables of instances.
  public var rawValue: UInt32
  /// Makes an identity from its number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }
  /// The number as an array index.
  public var slot: Int { Int(rawValue) }
  /// Orders by number.
  public static func < (left: InstanceID, right: InstanceID) -> Bool { left.rawValue < right.rawValue }
  /// The identity as text, such as `i-3`.
  public var description: String { "i-\(rawValue)" }
}

/// An instance and where in its life it stands.
public struct Instance: Hashable, Sendable {
  /// Who it is.
  public let id: InstanceID
  /// The pool that it comes from.
  public let market: MarketID
  /// How it is paid for.
  public let purchase: Purchase
  /// When it was asked for.
  public let requested: Instant
  /// Where it stands.
  public internal(set) var phase: InstancePhase
}

/// Where an instance stands in its life.
public enum InstancePhase: Hashable, Sendable {
  /// Asked for, and not billed yet. Next: `booting`, `running`, `refused` or `cancelled`.
  case pending
  /// Billed, and not of use yet. Next: `running` or `ended`.
  case booting(launched: Instant)
  /// Billed and of use. Next: `ended`.
  case running(launched: Instant)
  /// The pool had no capacity for it; it was never billed.
  case refused(at: Instant, RefusalReason)
  /// Its user withdrew the request before it was launched; it was never billed.
  case cancelled(at: Instant)
  /// It is gone, and its life is on the bill.
  case ended(launched: Instant, at: Instant, by: EndCause)

  /// Whether it is billed now.
  public var isAlive: Bool {
    switch self {
    case .booting, .running: true
    case .pending, .refused, .cancelled, .ended: false
    }
  }

  /// When its bill began, or nil when it never did.
  public var launched: Instant? {
    switch self {
    case .booting(let launched), .running(let launched), .ended(let launched, _, _): launched
    case .pending, .refused, .cancelled: nil
    }
  }
}

/// Who ended an instance.
public enum EndCause: String, Hashable, Sendable, CaseIterable {
  /// Its user dismissed it.
  case user
  /// Its provider took it back.
  case provider
  /// The run came to its end.
  case endOfRun = "end-of-run"
}

/// Why a pool gave out no instance.
public enum RefusalReason: String, Hashable, Sendable, CaseIterable {
  /// The replayed trace says that there is none to be had.
  case noCapacity = "no-capacity"
  /// The market's price is above the bid.
  case priceAboveBid = "price-above-bid"
  /// A shock took this pool's instances a while ago, and it has not recovered.
  case afterShock = "after-shock"
}
