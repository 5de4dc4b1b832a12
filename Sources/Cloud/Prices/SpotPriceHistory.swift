import Raft

/// A record of a spot price history: from `time` on, the price holds in this zone.
public struct SpotPriceRecord: Hashable, Sendable {
  /// When the price changed.
  public var time: CalendarTime
  /// The instance type.
  public var type: InstanceTypeName
  /// The availability zone, such as `us-east-1b`.
  public var zone: String
  /// The product, such as `Linux/UNIX`.
  public var product: String
  /// The price from then on.
  public var price: HourlyRate
}

/// A spot price history as providers give it out: price changes of several types, zones and products.
public struct SpotPriceHistory: Hashable, Sendable {
  /// The records in the order of the file.
  public let records: [SpotPriceRecord]

  init(records: [SpotPriceRecord]) { self.records = records }

  /// The zones for which there is a record of a type and product, in alphabetical order.
  public func zones(of type: InstanceTypeName, product: String = "Linux/UNIX") -> [String] {
    Set(records.lazy.filter { $0.type == type && $0.product == product }.map(\.zone)).sorted()
  }

  /// The price of a pool over the time of a run that starts at `origin`, or at the pool's first record.
  ///
  /// A record before `origin` gives the price at the start; if there is none, the first price holds from the start. Of
  /// several records of one instant the first of the file holds, for files list the newest first. Nil when the pool has
  /// no record.
  public func series(
    of type: InstanceTypeName, zone: String, product: String = "Linux/UNIX", from origin: CalendarTime? = nil
  ) -> PriceSeries? {
    let pool = records.enumerated().filter { $1.type == type && $1.zone == zone && $1.product == product }
    // Later in the file is older; of equal times the one that comes last in order holds.
    let ordered = pool.sorted { ($0.element.time, -$0.offset) < ($1.element.time, -$1.offset) }.map(\.element)
    guard let first = ordered.first else { return nil }
    let start = origin ?? first.time
    return PriceSeries(ordered.map { PriceSeries.Step(at: max(.zero, $0.time - start), value: $0.price) })
  }
}
