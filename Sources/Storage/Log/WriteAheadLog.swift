import Raft

/// The durable state of one member: a segmented log of writes and snapshot markers, and snapshot files beside it.
///
/// A log has one owner. What was appended is durable once ``flush()`` has returned; everything between two flushes
/// becomes durable together, or not at all. A log that has thrown takes nothing more (trap 33). The files' formats are in
/// the documentation of the room.
public final class WriteAheadLog<Files: FileSystem> {
  /// Whose log it is.
  public let identity: StorageIdentity
  /// How it uses its disk.
  public let settings: StorageSettings
  /// The files; public for those who look at simulated ones.
  public internal(set) var files: Files

  /// The lock, held as long as the log is open.
  private let lock: Files.File
  /// What the log amounts to with what was appended, and without what is not durable yet.
  var image: LogImage
  var durable: LogImage
  var buffer = BatchBuffer()
  var effect = BatchEffect()
  var segments: [Segment]
  /// The last segment, and the sector at which its next batch starts.
  var current: Files.File
  var place: Int
  var lastBatch: UInt64
  var nextBatch: UInt64
  var nextSnapshot: UInt64
  /// Segments that are set aside: files that have their room, and perhaps batches of an earlier use.
  var spares: [String] = []
  var nextSpare: UInt64 = 1
  /// The last write that was appended.
  var appended = WriteSequence(0)
  var waitingSnapshots: [SnapshotSave] = []
  var staging: SnapshotStaging<Files>?
  /// Whether an operation is under way or has thrown.
  private var isUnusable = false

  init(
    files: Files, lock: Files.File, identity: StorageIdentity, settings: StorageSettings, image: LogImage,
    segments: [Segment], current: Files.File, place: Int, lastBatch: UInt64, nextBatch: UInt64, nextSnapshot: UInt64
  ) {
    self.files = files
    self.lock = lock
    self.identity = identity
    self.settings = settings
    self.image = image
    durable = image
    self.segments = segments
    self.current = current
    self.place = place
    self.lastBatch = lastBatch
    self.nextBatch = nextBatch
    self.nextSnapshot = nextSnapshot
  }

  /// The bytes that wait for the next ``flush()``, snapshots aside.
  public var bufferedBytes: Int { buffer.isEmpty ? 0 : buffer.sectors * Sector.bytes }
  /// Whether a snapshot is being written: ``flush()`` is to be called again.
  public var isStaging: Bool { staging != nil || !waitingSnapshots.isEmpty }

  /// Takes a write, in order: durable after the next ``flush()``.
  public func append(_ write: Write) throws(StorageError) {
    try begin()
    if let state = write.hardState { image.hardState = state }
    if let first = try image.take(first: write.firstIndex, count: write.entries.count) {
      effect.note(first: first, end: image.end)
    }
    buffer.put(write)
    guard buffer.sectors < Int(UInt32.max) / Sector.bytes else {
      throw .tooLarge(bytes: bufferedBytes, limit: Int(UInt32.max))
    }
    appended = write.sequence
    isUnusable = false
  }

  /// Takes a snapshot, in order: each ``flush()`` writes a part of it, and the one that writes the last part reports it.
  /// Writes that are appended meanwhile go first; those that a replacing snapshot voids carry no entries.
  public func append(_ save: SnapshotSave) throws(StorageError) {
    try begin()
    waitingSnapshots.append(save)
    isUnusable = false
  }

  /// Makes durable all writes that were appended, and goes on with the snapshots; what is durable now.
  public func flush() throws(StorageError) -> Flushed {
    try begin()
    try writeBatch()
    var flushed = Flushed(through: appended, snapshot: nil)
    if let save = try advanceSnapshots() { flushed.snapshot = save }
    isUnusable = false
    return flushed
  }

  /// Sets the next segment aside, off the path of the writes; whether the disk has room for what is to come.
  public func maintain() throws(StorageError) -> StorageSpace {
    try begin()
    let space = try prepareSpare()
    isUnusable = false
    return space
  }

  /// What is durable.
  public struct Flushed: Sendable {
    /// The last write that is durable, with all before it.
    public var through: WriteSequence
    /// The snapshot that became durable, if one did.
    public var snapshot: SnapshotSave?
  }

  private func begin() throws(StorageError) {
    guard !isUnusable else { throw .failedBefore }
    isUnusable = true
  }
}
