/// What is wrong with a file of a storage, and where.
public struct FileDamage: Hashable, Sendable, CustomStringConvertible {
  /// The file's name in its directory.
  public var file: String
  /// The first byte concerned.
  public var offset: Int
  /// What is there.
  public var found: String
  /// What belongs there.
  public var expected: String

  /// Makes a report of damage.
  public init(file: String, offset: Int, found: String, expected: String) {
    self.file = file
    self.offset = offset
    self.found = found
    self.expected = expected
  }

  /// The value as a sentence.
  public var description: String { "\(file) is damaged at byte \(offset): found \(found), expected \(expected)" }
}

extension StorageError {
  /// The refusal of a damaged file.
  static func damaged(_ file: String, _ offset: Int, found: String, expected: String) -> StorageError {
    .refused(.fileDamaged(FileDamage(file: file, offset: offset, found: found, expected: expected)))
  }
}
