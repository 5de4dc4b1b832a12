/// How a secretary behaves.
public struct SecretarySettings: Sendable, Hashable {
  /// Where the secretary stands.
  public var locality: Locality
  /// The most followers that it serves.
  public var capacity: UInt16 = 64
  /// The time between two enlistments; the leader keeps no secretary that is silent for its relay timeout, so that this
  /// is to be a third of that at most.
  public var enlistmentInterval: TimeSpan = .milliseconds(150)
  /// The longest that a batch may wait in the secretary before it is dropped: at most half of the shortest election
  /// timeout, since what is passed on later only repeats what the leader says by then (rule R5).
  public var longestHold: TimeSpan = .milliseconds(400)
  /// The most bytes of entries that wait to be passed on; beyond that the oldest batch is dropped (rule R6).
  public var maximumQueuedBytes = 16 << 20
  /// The most entries kept for observers.
  public var feedCapacity = 8_192
  /// The most bytes of entries in one message of a feed.
  public var maximumBytesPerMessage = 1 << 20
  /// The most observers that are fed.
  public var maximumFeeds = 1_024
  /// How long an observer that does not ask is taken for interested.
  public var feedExpiry: TimeSpan = .seconds(2)

  /// The documented defaults.
  public init(locality: Locality) { self.locality = locality }
}
