/// Names one stream of a committed feed, chosen by the observer: higher with every stream that it begins.
@frozen
public struct FeedStream: Hashable, Comparable, Sendable {
  /// The stream as a plain number.
  public var rawValue: UInt64

  /// Makes a stream's name from a plain number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// Orders by number.
  @inlinable
  public static func < (left: FeedStream, right: FeedStream) -> Bool { left.rawValue < right.rawValue }
}

/// An observer asks a node for committed entries, and repeats that while it wants them (elastic Raft, 4.3).
public struct FeedRequest: Sendable, Hashable {
  /// The stream; a request with a new one begins anew at what it wants.
  public var stream: FeedStream
  /// What the observer wants.
  public var want: Want

  /// What an observer wants of a source.
  public enum Want: Sendable, Hashable {
    /// The entries after a position, at most `window` of them before the next request.
    case entries(after: LogPosition, window: UInt32)
    /// The rest of the snapshot that ends with the entry, from an offset in bytes on.
    case snapshot(last: LogIndex, offset: Int)
  }

  /// Makes the message.
  public init(stream: FeedStream, want: Want) {
    self.stream = stream
    self.want = want
  }
}

/// Committed entries for an observer; without entries, a sign that the source is there and has no more.
public struct FeedEntries: Sendable, Hashable {
  /// The stream that the entries belong to.
  public var stream: FeedStream
  /// The source's term.
  public var term: Term
  /// The entry before the first one carried.
  public var previous: LogPosition
  /// Consecutive entries that follow `previous`, all of them committed.
  public var entries: [Entry]
  /// The leader of the source's term as far as the source knows.
  public var leader: NodeID?

  /// Makes the message.
  public init(stream: FeedStream, term: Term, previous: LogPosition, entries: [Entry], leader: NodeID?) {
    self.stream = stream
    self.term = term
    self.previous = previous
    self.entries = entries
    self.leader = leader
  }

  /// The index of the last entry carried.
  var lastIndex: LogIndex { previous.index + entries.count }
}

/// A chunk of a snapshot for an observer that is too far behind.
public struct FeedSnapshot: Sendable, Hashable {
  /// The stream that the chunk belongs to.
  public var stream: FeedStream
  /// The snapshot that the chunk belongs to.
  public var snapshot: SnapshotBox
  /// The offset of the chunk in bytes.
  public var offset: Int
  /// The bytes of the chunk.
  public var bytes: [UInt8]
  /// Whether this is the last chunk.
  public var isLast: Bool

  /// Makes the message.
  public init(stream: FeedStream, snapshot: SnapshotDescription, offset: Int, bytes: [UInt8], isLast: Bool) {
    self.stream = stream
    self.snapshot = .description(snapshot)
    self.offset = offset
    self.bytes = bytes
    self.isLast = isLast
  }
}

/// Tells an observer that the sender has no feed for it: it is to ask somebody else.
public struct FeedRefusal: Sendable, Hashable {
  /// The stream refused.
  public var stream: FeedStream

  /// Makes the message.
  public init(stream: FeedStream) { self.stream = stream }
}

extension FeedEntries: Announcement { var wrapped: Message { .feedEntries(self) } }
extension FeedSnapshot: Announcement { var wrapped: Message { .feedSnapshot(self) } }
extension FeedRefusal: Announcement { var wrapped: Message { .feedRefusal(self) } }
