import Raft

/// Reads the segments of a log one after the other.
struct LogReading<Files: FileSystem> {
  private(set) var replay: LogReplay
  private(set) var segments: [Segment] = []
  /// The last segment, where its log ends in sectors, and its last batch.
  private(set) var current: Files.File?
  private(set) var place = 1
  private(set) var lastBatch: UInt64 = 0
  private(set) var highestSeen: UInt64 = 0
  private(set) var discarded: DiscardedTail?
  private var lastSectors: Range<Int>?
  private let access: FileAccess

  /// Starts with what the first segment's header says.
  init(_ image: LogImage, _ access: FileAccess = .write) {
    replay = LogReplay(image)
    self.access = access
  }

  /// Reads a segment; `next` is the header of the one after it, which says where this one ends.
  mutating func read(_ header: SegmentHeader, next: SegmentHeader?, in files: inout Files) throws(StorageError) {
    guard header.image == replay.image else {
      throw .damaged(
        header.name, 72, found: "a log that ends at \(header.image.end), \(header.image.hardState)",
        expected: "\(replay.image.end), \(replay.image.hardState), as the segments before say")
    }
    let file = try files.open(header.name, access)
    segments.append(Segment(number: header.number, sectors: header.sectors))
    var scan = SegmentScan<Files>(file, header: header)
    while next.map({ $0.lastBatch != scan.last }) ?? true, let batch = try scan.next(in: &files) {
      do throws(StorageError) {
        try replay.take(batch.records, in: &segments)
      } catch {
        throw .damaged(
          header.name, batch.place * Sector.bytes, found: "\(error)", expected: "a write that follows on the log")
      }
    }
    if let next, next.lastBatch != scan.last {
      throw .damaged(
        header.name, scan.place * Sector.bytes, found: "an end of the log after batch \(scan.last)",
        expected: "batch \(next.lastBatch), as \(next.name) says")
    }
    current = file
    place = scan.place
    lastBatch = scan.last
    lastSectors = scan.lastBatch
    highestSeen = max(highestSeen, scan.highestSeen)
    if scan.isTorn { discarded = DiscardedTail(file: header.name, offset: scan.place * Sector.bytes) }
  }

  /// Writes the last batch again, and waits until it is durable. A sync alone would not do: after one that failed the
  /// system may hold what it never wrote, and take it for written.
  func makeDurable(in files: inout Files) throws(StorageError) {
    guard let current else { return }
    if let lastSectors {
      let offset = lastSectors.lowerBound * Sector.bytes
      let bytes = try files.bytes(of: current, at: offset, limit: lastSectors.count * Sector.bytes)
      try files.writeAll(bytes, to: current, at: offset)
    }
    try files.synchronize(current)
  }
}
