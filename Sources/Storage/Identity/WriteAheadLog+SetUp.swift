import Raft

/// Setting up.
extension WriteAheadLog {
  /// Whose storage a directory is; nil when it was never set up.
  public static func identity(in files: Files) throws(StorageError) -> StorageIdentity? {
    var files = files
    return try IdentityFile.read(&files)
  }

  /// Sets up an empty directory for a new member, or ends a set-up that a crash interrupted.
  ///
  /// Throws ``StorageRefusal/alreadySetUp(_:)`` or ``StorageRefusal/foreignDirectory(path:found:)`` when something else is
  /// there: a storage is never set up anew (trap 15).
  public static func setUp(
    _ files: Files, identity: StorageIdentity, bootstrap: Configuration, settings: StorageSettings
  ) throws(StorageError) {
    var files = files
    try setUp(in: &files, identity: identity, bootstrap: bootstrap, settings: settings)
  }

  /// The same for files that are a value, which hold the storage afterwards.
  public static func setUp(
    in files: inout Files, identity: StorageIdentity, bootstrap: Configuration, settings: StorageSettings
  ) throws(StorageError) {
    let lock = try files.lock(FileName.lock)
    defer { withExtendedLifetime(lock) {} }
    if let found = try IdentityFile.read(&files) { throw .refused(.alreadySetUp(found)) }
    let names = try files.list().filter { $0 != FileName.lock }
    let isUnfinished = names.contains(FileName.unfinishedIdentity)
    if let foreign = names.first(where: { !isUnfinished || !FileName.isOurs($0) }) {
      throw .refused(.foreignDirectory(path: files.path, found: foreign))
    }
    // The file that says that a set-up is under way goes last.
    for name in names where name != FileName.unfinishedIdentity { try files.remove(name) }
    if isUnfinished {
      try files.synchronizeDirectory()
      try files.remove(FileName.unfinishedIdentity)
    }
    let file = try files.create(FileName.unfinishedIdentity)
    try files.writeAll(IdentityFile.encode(identity), to: file, at: 0)
    try files.synchronize(file)
    try files.synchronizeDirectory()
    let snapshot = try SnapshotFile.setUp(bootstrap, number: 1, in: &files)
    let header = SegmentHeader(
      number: 1, sectors: max(2, settings.segmentBytes / Sector.bytes), lastBatch: 0, identity: identity,
      image: LogImage(snapshot: snapshot, end: .zero))
    _ = try header.create(from: nil, in: &files)
    try files.rename(FileName.unfinishedIdentity, to: FileName.identity)
    try files.synchronizeDirectory()
  }
}
