/// An election term: a logical clock that numbers reigns of leaders (Raft thesis, 3.3).
@frozen
public struct Term: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The term as a plain number.
  public var rawValue: UInt64

  /// Makes a term from a plain number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The term before any election.
  @inlinable
  public static var zero: Term { Term(0) }

  /// The term after this one.
  @inlinable
  public var next: Term { Term(rawValue + 1) }

  /// Orders by number.
  @inlinable
  public static func < (left: Term, right: Term) -> Bool { left.rawValue < right.rawValue }

  /// The value as text.
  public var description: String { "\(rawValue)" }
}

/// A position in the replicated log, counted from 1; 0 is the position before the first entry.
@frozen
public struct LogIndex: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The index as a plain number.
  public var rawValue: UInt64

  /// Makes an index from a plain number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The index before the first entry.
  @inlinable
  public static var zero: LogIndex { LogIndex(0) }

  /// The index after this one.
  @inlinable
  public var next: LogIndex { LogIndex(rawValue + 1) }

  /// The index before this one; the index before zero is zero.
  @inlinable
  public var previous: LogIndex { LogIndex(rawValue == 0 ? 0 : rawValue - 1) }

  /// Orders by number.
  @inlinable
  public static func < (left: LogIndex, right: LogIndex) -> Bool { left.rawValue < right.rawValue }

  /// The index `count` entries later.
  @inlinable
  public static func + (index: LogIndex, count: Int) -> LogIndex { LogIndex(index.rawValue + UInt64(count)) }

  /// How many entries lie after `right` up to and including `left`; zero when `left` is not later.
  @inlinable
  public static func - (left: LogIndex, right: LogIndex) -> Int {
    left.rawValue > right.rawValue ? Int(left.rawValue - right.rawValue) : 0
  }

  /// The value as text.
  public var description: String { "\(rawValue)" }
}

/// An entry's place: its index and the term that wrote it, ordered as logs are compared (Raft thesis, 3.6.1).
@frozen
public struct LogPosition: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The entry's index.
  public var index: LogIndex
  /// The term of the leader that created the entry.
  public var term: Term

  /// Makes a position.
  @inlinable
  public init(index: LogIndex, term: Term) {
    self.index = index
    self.term = term
  }

  /// The position before the first entry.
  @inlinable
  public static var zero: LogPosition { LogPosition(index: .zero, term: .zero) }

  /// Term first, index second: the later log is the more up-to-date one.
  @inlinable
  public static func < (left: LogPosition, right: LogPosition) -> Bool {
    left.term != right.term ? left.term < right.term : left.index < right.index
  }

  /// The value as text.
  public var description: String { "\(index)@\(term)" }
}

/// A member of a group: a small dense number that doubles as a slot in per-peer tables.
///
/// Names that people use are mapped to identifiers once, at the edge. An identifier is never given to another
/// machine, nor to the same machine after it lost its disk (trap 15).
@frozen
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The largest identifier that may be used, so that tables by slot stay bounded.
  public static let largest = NodeID(65_535)

  /// The identifier as a plain number.
  public var rawValue: UInt32

  /// Makes an identifier from a plain number.
  @inlinable
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The identifier as an array index.
  @inlinable
  public var slot: Int { Int(rawValue) }

  /// Orders by number.
  @inlinable
  public static func < (left: NodeID, right: NodeID) -> Bool { left.rawValue < right.rawValue }

  /// The value as text.
  public var description: String { "n\(rawValue)" }
}

/// A wave of messages that one leader sent in one term; later waves have higher numbers.
///
/// A round is a sign of life: only a higher round than the last one seen refreshes an election timer, and an
/// acknowledged round confirms leadership for reads that were waiting when it started.
@frozen
public struct Round: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The round as a plain number.
  public var rawValue: UInt64

  /// Makes a round from a plain number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The round before the first one.
  @inlinable
  public static var zero: Round { Round(0) }

  /// The round after this one.
  @inlinable
  public var next: Round { Round(rawValue + 1) }

  /// Orders by number.
  @inlinable
  public static func < (left: Round, right: Round) -> Bool { left.rawValue < right.rawValue }

  /// The value as text.
  public var description: String { "\(rawValue)" }
}
