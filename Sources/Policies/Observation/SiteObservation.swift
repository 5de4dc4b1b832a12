import Emulation
import Raft

/// What the clients of one site asked and got in the last epoch, for one kind of operation.
public struct OperationObservation: Hashable, Sendable {
  /// Operations offered per second.
  public var offeredPerSecond: Double
  /// Operations that succeeded per second.
  public var okPerSecond: Double
  /// Operations that failed or whose outcome is unknown, per second.
  public var failedPerSecond: Double
  /// Operations that succeeded within the SLO, per second.
  public var goodputPerSecond: Double
  /// The median latency of what succeeded; nil when nothing did.
  public var median: TimeSpan?
  /// The 95th percentile of the latency of what succeeded; nil when nothing did.
  public var p95: TimeSpan?

  /// Makes an observation.
  public init(
    offeredPerSecond: Double, okPerSecond: Double, failedPerSecond: Double, goodputPerSecond: Double,
    median: TimeSpan?, p95: TimeSpan?
  ) {
    self.offeredPerSecond = offeredPerSecond
    self.okPerSecond = okPerSecond
    self.failedPerSecond = failedPerSecond
    self.goodputPerSecond = goodputPerSecond
    self.median = median
    self.p95 = p95
  }
}

/// What the clients of one site asked and got in the last epoch.
public struct SiteObservation: Hashable, Sendable {
  /// The site's number.
  public var id: SiteID
  /// The site's name, such as `us-east-1`.
  public var name: String
  /// Operations that change nothing.
  public var reads: OperationObservation
  /// Operations that change something.
  public var writes: OperationObservation

  /// Makes an observation.
  public init(id: SiteID, name: String, reads: OperationObservation, writes: OperationObservation) {
    self.id = id
    self.name = name
    self.reads = reads
    self.writes = writes
  }
}
