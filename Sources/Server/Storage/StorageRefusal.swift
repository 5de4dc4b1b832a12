import Raft

/// Why a server may not start from a storage: what it acknowledged may be lost or damaged.
public enum StorageRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The storage is empty, though the member had one.
  case identityMissing(expected: StorageIdentity)
  /// The storage belongs to another member, or is another storage of this one.
  case identityMismatch(expected: StorageIdentity, found: StorageIdentity)
  /// A record is all there and its checksum is not that of its content.
  case recordDamaged(StoredRecord, checksum: UInt64, computed: UInt64)

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .identityMissing(let expected):
      "the storage is empty but should be that of \(expected): its votes and acknowledgements are lost"
    case .identityMismatch(let expected, let found):
      "the storage is that of \(found), not that of \(expected)"
    case .recordDamaged(let record, let checksum, let computed):
      "\(record) is damaged: its checksum is \(hex(checksum)), that of its content \(hex(computed))"
    }
  }

  private func hex(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }
}

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

/// How recovery finds a record, which decides what becomes of it.
///
/// A record says how long it is, and its header has a checksum of its own, so that a damaged length is damage and
/// nothing else. A loss of power cuts off what was being written: the last record is then *torn*, shorter than it says.
/// Nobody was told that it is durable, so it is discarded. A record that has its full length and a wrong checksum is
/// *damaged*: it was complete once and may have been acknowledged. So may a short record with another one behind it, as
/// records are written in order. To drop either would break a promise: the start is refused (trap 34).
public enum RecordCondition: Hashable, Sendable {
  /// As it was written.
  case intact
  /// Cut off at the very end; to be discarded.
  case torn
  /// Changed after it was written; to be refused.
  case damaged

  /// Classifies a record of which `present` of its `length` bytes are there.
  public init(
    length: Int, present: Int, isLast: Bool, checksum: UInt64, computed: @autoclosure () -> UInt64
  ) {
    if present < length {
      self = isLast ? .torn : .damaged
    } else {
      self = computed() == checksum ? .intact : .damaged
    }
  }
}
