import Raft

/// A thing that a member keeps in its storage.
public enum StoredRecord: Hashable, Sendable, CustomStringConvertible {
  /// Term, vote and commit index.
  case hardState
  /// What the snapshot stands for.
  case snapshotDescription
  /// The snapshot's bytes.
  case snapshot
  /// The log entry at an index.
  case entry(LogIndex)

  /// The value in words.
  public var description: String {
    switch self {
    case .hardState: "the hard state"
    case .snapshotDescription: "the description of the snapshot"
    case .snapshot: "the snapshot"
    case .entry(let index): "the entry at index \(index)"
    }
  }
}
