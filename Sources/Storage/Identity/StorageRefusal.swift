import Raft

/// Why a server may not start from a storage: what it acknowledged may be lost or damaged.
public enum StorageRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The storage is empty, though the member had one.
  case identityMissing(expected: StorageIdentity)
  /// The storage belongs to another member, or is another storage of this one.
  case identityMismatch(expected: StorageIdentity, found: StorageIdentity)
  /// A record is all there and its checksum is not that of its content.
  case recordDamaged(StoredRecord, checksum: UInt64, computed: UInt64)
  /// A file of the storage is not as it was written.
  case fileDamaged(FileDamage)
  /// The directory holds a storage already: it is set up once and never anew.
  case alreadySetUp(StorageIdentity)
  /// The directory holds other files than those of a storage, or those of one whose identity is gone.
  case foreignDirectory(path: String, found: String)

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .identityMissing(let expected):
      "the storage is empty but should be that of \(expected): its votes and acknowledgements are lost"
    case .identityMismatch(let expected, let found):
      "the storage is that of \(found), not that of \(expected)"
    case .recordDamaged(let record, let checksum, let computed):
      "\(record) is damaged: its checksum is \(hex(checksum)), that of its content \(hex(computed))"
    case .fileDamaged(let damage): damage.description
    case .alreadySetUp(let found): "the directory holds the storage of \(found) already"
    case .foreignDirectory(let path, let found):
      "\(path) is no storage and not empty: it holds \(found); expected an empty directory"
    }
  }

  private func hex(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }
}
