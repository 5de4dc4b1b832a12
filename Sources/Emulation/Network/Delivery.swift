import Raft

/// What becomes of a message that was given to the network.
@frozen
public enum Delivery: Hashable, Sendable {
  /// It arrives then, unless ``Network/isBlocked(from:to:)`` holds at that time.
  case deliver(at: Instant)
  /// It arrives twice, the earlier copy first; each under the same condition.
  case twice(Instant, Instant)
  /// It is lost on the way: dropped at random, dropped from a full queue, or given up after retransmissions.
  case lost
  /// A partition lies between the two: it is dropped.
  case blocked
}

/// What went over one direction of a link since the network was made.
public struct LinkCounters: Hashable, Sendable {
  /// Messages that were sent and not blocked.
  public var messages: UInt64 = 0
  /// Their bytes.
  public var bytes: UInt64 = 0
  /// Messages lost at random, or given up after all retransmissions.
  public var lost: UInt64 = 0
  /// Messages dropped from a full queue (unordered) or held back by one (ordered).
  public var overflowed: UInt64 = 0
  /// Messages that waited for a retransmission and arrived (ordered).
  public var retransmitted: UInt64 = 0
  /// Messages that arrived twice (unordered).
  public var duplicated: UInt64 = 0
  /// Messages dropped by a partition when they were sent.
  public var blocked: UInt64 = 0

  /// Nothing sent yet.
  public init() {}

  /// What went over both.
  public static func + (left: LinkCounters, right: LinkCounters) -> LinkCounters {
    var sum = left
    sum.messages += right.messages
    sum.bytes += right.bytes
    sum.lost += right.lost
    sum.overflowed += right.overflowed
    sum.retransmitted += right.retransmitted
    sum.duplicated += right.duplicated
    sum.blocked += right.blocked
    return sum
  }
}
