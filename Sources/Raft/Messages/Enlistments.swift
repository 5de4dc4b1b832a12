/// One life of a stateless node: rises with every start, so that what was meant for an earlier life is known, and stays
/// below 2^24, so that the names of reads and streams that are made from it differ between lives.
@frozen
public struct Incarnation: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The life as a plain number.
  public var rawValue: UInt64

  /// Makes an incarnation from a plain number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// Orders by number.
  @inlinable
  public static func < (left: Incarnation, right: Incarnation) -> Bool { left.rawValue < right.rawValue }

  /// The value as text.
  public var description: String { "\(rawValue)" }
}

/// Where a node stands, as far as it matters for who serves whom: nodes with one number are near each other.
@frozen
public struct Locality: Hashable, Sendable, CustomStringConvertible {
  /// The locality as a plain number.
  public var rawValue: UInt16

  /// Makes a locality from a plain number.
  @inlinable
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// The value as text.
  public var description: String { "locality \(rawValue)" }
}

/// A secretary offers its services to whoever leads, and repeats that: the leader keeps no secretary that is silent.
public struct Enlistment: Sendable, Hashable {
  /// The life of the secretary.
  public var incarnation: Incarnation
  /// Where it stands.
  public var locality: Locality
  /// The most followers that it serves.
  public var capacity: UInt16
  /// Whether it is to leave soon: it forwards what it gets and wants no more targets.
  public var isRetiring: Bool
  /// What it holds for observers that take their feed from it, when there are any: it needs entries even without
  /// targets.
  public var feed: Holdings?

  /// What a secretary holds of a leader's log.
  public struct Holdings: Sendable, Hashable {
    /// The leader's term.
    public var term: Term
    /// The last entry.
    public var end: LogIndex
    /// The leader's commit index as far as the secretary was told.
    public var commit: LogIndex

    /// Makes a statement of what is held.
    public init(term: Term, end: LogIndex, commit: LogIndex) {
      self.term = term
      self.end = end
      self.commit = commit
    }
  }

  /// Makes the message.
  public init(incarnation: Incarnation, locality: Locality, capacity: UInt16, isRetiring: Bool, feed: Holdings?) {
    self.incarnation = incarnation
    self.locality = locality
    self.capacity = capacity
    self.isRetiring = isRetiring
    self.feed = feed
  }
}

/// Tells a secretary whether the sender leads, and who does otherwise.
public struct EnlistmentAnswer: Sendable, Hashable {
  /// The sender's term.
  public var term: Term
  /// The leader of that term as far as the sender knows.
  public var leader: NodeID?

  /// Makes the message.
  public init(term: Term, leader: NodeID?) {
    self.term = term
    self.leader = leader
  }
}

extension Enlistment: Announcement { var wrapped: Message { .enlistment(self) } }
extension EnlistmentAnswer: Announcement { var wrapped: Message { .enlistmentAnswer(self) } }
