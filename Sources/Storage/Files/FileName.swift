/// The names of the files of a storage.
enum FileName {
  static let lock = "LOCK"
  static let identity = "IDENTITY"
  static let unfinishedIdentity = "IDENTITY.tmp"
  static let unfinishedSnapshot = "snapshot.tmp"
  static let unfinishedSegment = "segment.tmp"
  static let spare = "spare-"

  /// The number in a name of a prefix and 16 hexadecimal digits; nil for other names.
  static func number(_ name: String, prefix: String) -> UInt64? {
    guard name.hasPrefix(prefix), let number = UInt64(name.dropFirst(prefix.utf8.count), radix: 16) else { return nil }
    return name == prefix + hex(number, digits: 16) && number <= RecordLayout.largestNumber ? number : nil
  }

  /// Whether a file of this name belongs to a storage.
  static func isOurs(_ name: String) -> Bool {
    [lock, identity, unfinishedIdentity, unfinishedSnapshot, unfinishedSegment].contains(name)
      || name.hasPrefix(spare) || SegmentHeader.number(name) != nil || SnapshotFile.number(name) != nil
  }
}
