/// Names a client session; chosen by the client, unique in a run.
public struct ClientID: Hashable, Comparable, Sendable {
  /// The name as a plain number.
  public var rawValue: UInt64
  /// Makes a name from a plain number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  /// The name of all who have no session: their commands are executed as often as they are committed, and nothing is
  /// remembered of them. So whoever sends one never sends it again unless it certainly had no effect.
  public static let sessionless = ClientID(0)
  /// Orders by number.
  public static func < (left: ClientID, right: ClientID) -> Bool { left.rawValue < right.rawValue }
}

/// Numbers a client's commands upwards from 1; a retry repeats the number (Raft thesis, 6.3).
///
/// Numbers may be left out, since a client may give up on a command that then never reaches the log. A number is
/// never used for two different commands.
public struct SequenceNumber: Hashable, Comparable, Sendable {
  /// The number.
  public var rawValue: UInt64
  /// Makes a sequence number from a plain number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  /// Orders by number.
  public static func < (left: SequenceNumber, right: SequenceNumber) -> Bool { left.rawValue < right.rawValue }
}
