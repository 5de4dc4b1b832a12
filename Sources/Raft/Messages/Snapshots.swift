/// What a snapshot stands for: the last entry it covers and the configuration in force there.
public struct SnapshotDescription: Sendable, Hashable {
  /// The last entry whose effect the snapshot contains.
  public var last: LogPosition
  /// The configuration after that entry.
  public var configuration: Configuration

  /// Makes a description.
  public init(last: LogPosition, configuration: Configuration) {
    self.last = last
    self.configuration = configuration
  }
}

/// A chunk of a snapshot for a follower that needs entries the leader no longer has (Raft thesis, 5.3).
public struct InstallSnapshot: Sendable, Hashable {
  /// The leader's term.
  public var term: Term
  /// The wave that this message belongs to.
  public var round: Round
  /// The snapshot that the chunk belongs to.
  public var snapshot: SnapshotBox
  /// The offset of the chunk in bytes.
  public var offset: Int
  /// The bytes of the chunk.
  public var bytes: [UInt8]
  /// Whether this is the last chunk.
  public var isLast: Bool

  /// Makes the message.
  public init(
    term: Term, round: Round, snapshot: SnapshotDescription, offset: Int, bytes: [UInt8], isLast: Bool
  ) {
    self.term = term
    self.round = round
    self.snapshot = .description(snapshot)
    self.offset = offset
    self.bytes = bytes
    self.isLast = isLast
  }
}

/// A snapshot's description behind one word, so that the rare message does not widen the frequent ones.
public indirect enum SnapshotBox: Sendable, Hashable {
  case description(SnapshotDescription)

  /// The description.
  public var value: SnapshotDescription {
    switch self {
    case .description(let value): value
    }
  }
}

/// Tells the leader how much of a snapshot has arrived, and at the end that it is installed and durable.
public struct SnapshotReceived: Sendable, Hashable {
  /// The follower's term.
  public var term: Term
  /// The round of the message answered.
  public var round: Round
  /// The last entry that the snapshot covers.
  public var last: LogIndex
  /// What became of the chunk.
  public var progress: Progress

  /// What became of a chunk.
  public enum Progress: Sendable, Hashable {
    /// The next chunk is wanted from this offset in bytes.
    case wanted(offset: Int)
    /// The follower's durable state covers the snapshot: everything up to `last` matches.
    case installed
  }

  /// Makes the message.
  public init(term: Term, round: Round, last: LogIndex, progress: Progress) {
    self.term = term
    self.round = round
    self.last = last
    self.progress = progress
  }
}

extension InstallSnapshot: Announcement { var wrapped: Message { .installSnapshot(self) } }
extension SnapshotReceived: DurablePromise { var wrapped: Message { .snapshotReceived(self) } }
