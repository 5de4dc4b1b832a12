import Raft

/// Opening: reading back what is durable, and refusing what is damaged.
extension WriteAheadLog {
  /// Opens the storage of a member and reads what it holds; `identity` is whose it must be.
  ///
  /// Throws a ``StorageRefusal`` when the storage is another one or damaged, ``StorageError/locked(path:)`` when another
  /// process has it open.
  public static func open(
    _ files: Files, identity: StorageIdentity, settings: StorageSettings
  ) throws(StorageError) -> (log: WriteAheadLog, recovered: RecoveredStorage) {
    var files = files
    return try open(in: &files, identity: identity, settings: settings)
  }

  static func open(
    in files: inout Files, identity: StorageIdentity, settings: StorageSettings
  ) throws(StorageError) -> (log: WriteAheadLog, recovered: RecoveredStorage) {
    let lock = try files.lock(FileName.lock)
    let found = try IdentityFile.read(&files)
    do throws(StorageRefusal) {
      try StorageIdentity.recover(expected: identity, found: found)
    } catch {
      throw .refused(error)
    }
    let names = try files.list()
    let headers = try SegmentHeader.all(names, identity: identity, in: &files)
    var reading = LogReading<Files>(headers[0].image)
    for (place, header) in headers.enumerated() {
      try reading.read(header, next: place + 1 < headers.count ? headers[place + 1] : nil, in: &files)
    }
    let image = reading.replay.image
    let entries = try reading.replay.entriesAfterSnapshot(in: headers[0].name)
    let snapshot = try SnapshotFile.read(image.snapshot, of: names, in: &files)
    // What is read may be in the system's memory alone, since the process before this one was killed before it, or its
    // disk, said that it is durable. It must be before anyone hears of it.
    try reading.makeDurable(in: &files)
    try files.synchronizeDirectory()
    try removeLeftovers(names, keeping: image.snapshot, in: &files)
    let log = WriteAheadLog(
      files: files, lock: lock, identity: identity, settings: settings, image: image, segments: reading.segments,
      current: reading.current!, place: reading.place, lastBatch: reading.lastBatch, nextBatch: reading.highestSeen + 1,
      nextSnapshot: names.compactMap(SnapshotFile.number).reduce(image.snapshot.number, max) + 1)
    let state = DurableState(hardState: image.hardState, snapshot: snapshot.description, entries: entries)
    return (log, RecoveredStorage(state: state, snapshot: snapshot.content, discarded: reading.discarded))
  }

  /// Removes what interrupted operations left: nothing refers to it.
  private static func removeLeftovers(
    _ names: [String], keeping snapshot: SnapshotReference, in files: inout Files
  ) throws(StorageError) {
    let unfinished = [FileName.unfinishedSegment, FileName.unfinishedSnapshot, FileName.unfinishedIdentity]
    var isChanged = false
    for name in names {
      let isOld = SnapshotFile.number(name).map { $0 != snapshot.number } ?? false
      guard isOld || unfinished.contains(name) || name.hasPrefix(FileName.spare) else { continue }
      try files.remove(name)
      isChanged = true
    }
    if isChanged { try files.synchronizeDirectory() }
  }
}

extension SegmentHeader {
  /// The headers of all segments, oldest first; their numbers must have no gap.
  static func all<Files: FileSystem>(
    _ names: [String], identity: StorageIdentity, in files: inout Files
  ) throws(StorageError) -> [SegmentHeader] {
    var headers: [SegmentHeader] = []
    for name in names {
      guard let number = SegmentHeader.number(name) else { continue }
      if let earlier = headers.last, earlier.number + 1 != number {
        throw .damaged(name, 0, found: "segment \(number) after \(earlier.number)", expected: "\(earlier.number + 1)")
      }
      headers.append(try read(name, number: number, identity: identity, in: &files))
    }
    guard !headers.isEmpty else {
      throw .damaged(files.path, 0, found: "no segment of a log", expected: "at least one")
    }
    return headers
  }

  /// Reads and checks a segment's header, and that the file is as long as that says.
  static func read<Files: FileSystem>(
    _ name: String, number: UInt64, identity: StorageIdentity?, in files: inout Files
  ) throws(StorageError) -> SegmentHeader {
    let file = try files.open(name, .read)
    let bytes = try files.bytes(of: file, limit: Sector.bytes)
    let header = try SegmentHeader(bytes, of: name, number: number, identity: identity)
    let size = try files.size(of: file)
    guard size >= header.sectors * Sector.bytes else {
      throw .damaged(
        name, size, found: "the end of the file", expected: "\(header.sectors * Sector.bytes) bytes, as its header says"
      )
    }
    return header
  }
}

extension SnapshotFile {
  /// Reads the snapshot that the log refers to.
  static func read<Files: FileSystem>(
    _ reference: SnapshotReference, of names: [String], in files: inout Files
  ) throws(StorageError) -> ReadSnapshot {
    let name = name(reference.number)
    guard names.contains(name) else {
      throw .damaged(name, 0, found: "no such file", expected: "the snapshot up to \(reference.last)")
    }
    let snapshot = try read(name, in: &files)
    guard snapshot.reference == reference else {
      throw .damaged(
        name, 0,
        found: "snapshot \(snapshot.reference.number) up to \(snapshot.reference.last), "
          + "checksum 0x\(hex(snapshot.reference.fingerprint))",
        expected:
          "\(reference.number) up to \(reference.last), checksum 0x\(hex(reference.fingerprint)), as the log says")
    }
    return snapshot
  }
}
