import Raft

/// A part of the keys that one group hands over to another: cut from the giving group's state at the moment from which
/// on it no longer has them, so that every replica of it cuts the same.
///
/// The first part also bears what the giving group remembers of all its clients, so that a write that was executed
/// there is not executed again by the group that has the key from then on.
public struct MovedPart: Hashable, Sendable {
  /// About how many bytes of keys and values a part has.
  static let targetBytes = 256 << 10

  /// A key and its value.
  struct Entry: Hashable, Sendable {
    var key: Key
    var value: Value
  }

  /// What the giving group remembers of its clients.
  struct Sessions: Hashable, Sendable {
    var watermark: SequenceNumber
    /// In order of last use.
    var sessions: [Session]
  }

  /// What is remembered of one client.
  struct Session: Hashable, Sendable {
    var client: ClientID
    var sequence: SequenceNumber
    var result: OperationResult
  }

  /// The routing by which the keys move.
  public let version: RoutingVersion
  /// The group that had the keys.
  public let from: GroupID
  /// The group that is to have them.
  public let to: GroupID
  /// The part's number, from 0.
  public let number: Int
  /// Whether no part follows.
  public let isLast: Bool
  /// In the first part.
  let sessions: Sessions?
  /// In rising order of keys.
  let entries: [Entry]

  /// How many keys the part has.
  public var keyCount: Int { entries.count }

  /// Cuts what one group hands over to another into parts, of which there is at least one.
  static func cut(
    _ entries: [Entry], _ sessions: Sessions, version: RoutingVersion, from: GroupID, to: GroupID,
    targetBytes: Int = MovedPart.targetBytes
  ) -> [MovedPart] {
    var cuts: [Range<Int>] = []
    var (start, size) = (0, 0)
    for place in entries.indices {
      if size >= targetBytes {
        cuts.append(start..<place)
        (start, size) = (place, 0)
      }
      size += entries[place].key.bytes.count + entries[place].value.count
    }
    cuts.append(start..<entries.count)
    return cuts.enumerated().map { number, range in
      MovedPart(
        version: version, from: from, to: to, number: number, isLast: number == cuts.count - 1,
        sessions: number == 0 ? sessions : nil, entries: Array(entries[range]))
    }
  }
}
