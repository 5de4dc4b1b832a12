import Raft

/// What is in a storage's directory, damage included; nothing is changed, and no lock is taken.
public struct LogInspection: Sendable {
  /// A segment and its batches.
  public struct SegmentSummary: Sendable {
    /// The file's name.
    public var file: String
    /// The bytes of the file that the log may use.
    public var bytes = 0
    /// The byte at which the log ends in it.
    public var end = 0
    /// The batches, in order.
    public var batches: [BatchSummary] = []
  }

  /// A batch: what one durable write covered.
  public struct BatchSummary: Sendable {
    /// Its number.
    public var number: UInt64
    /// Its first byte in the file.
    public var offset: Int
    /// The sectors of 512 bytes that it takes.
    public var sectors: Int
    /// Its records in words.
    public var records: [RecordSummary]
  }

  /// A record without its payloads.
  public enum RecordSummary: Sendable, CustomStringConvertible {
    /// A write: its hard state, the first index, and how many entries it has.
    case write(HardState?, first: LogIndex, count: Int)
    /// A snapshot's marker: the last entry covered, the number of its file, and whether it replaces the log.
    case snapshot(LogPosition, number: UInt64, replacesLog: Bool)

    /// The value in words.
    public var description: String {
      switch self {
      case .write(let state, let first, let count):
        let entries =
          switch count {
          case 0: "no entries, cut before \(first)"
          case 1: "entry \(first)"
          default: "entries \(first) to \(first + (count - 1))"
          }
        guard let state else { return entries }
        let vote = state.vote.map { "\($0)" } ?? "none"
        return "term \(state.term), vote \(vote), commit \(state.commit); \(entries)"
      case .snapshot(let last, let number, let replacesLog):
        return "snapshot \(number) up to \(last)\(replacesLog ? ", replacing the log" : "")"
      }
    }
  }

  /// Whose storage it is; nil when that cannot be read.
  public private(set) var identity: StorageIdentity?
  /// The segments, oldest first.
  public private(set) var segments: [SegmentSummary] = []
  /// What a start would find, as far as the log could be read.
  public private(set) var hardState = HardState()
  /// The last entry that the snapshot covers.
  public private(set) var snapshot = LogPosition.zero
  /// The last entry.
  public private(set) var lastIndex = LogIndex.zero
  /// A batch at the end that a loss of power tore, which a start discards.
  public private(set) var discarded: DiscardedTail?
  /// Why a start would be refused, one reason for each file; empty when it would not be.
  public private(set) var damage: [StorageError] = []

  /// Looks at a directory; throws when it cannot be read at all.
  public init<Files: FileSystem>(_ files: Files) throws(StorageError) {
    var files = files
    let names = try files.list()
    do throws(StorageError) {
      identity = try IdentityFile.read(&files)
      if identity == nil {
        damage.append(
          .damaged(FileName.identity, 0, found: "no such file", expected: "the identity of a storage"))
      }
    } catch {
      damage.append(error)
    }
    var headers: [SegmentHeader] = []
    for name in names {
      guard let number = SegmentHeader.number(name) else { continue }
      do throws(StorageError) {
        headers.append(try SegmentHeader.read(name, number: number, identity: identity, in: &files))
      } catch {
        damage.append(error)
        segments.append(SegmentSummary(file: name))
      }
    }
    readSegments(headers, &files)
    segments.sort { $0.file < $1.file }
    if let identity, damage.isEmpty { readAsAStartDoes(names, identity, &files) }
  }

  /// Reads every segment by itself: damage in one does not hide the others.
  private mutating func readSegments<Files: FileSystem>(_ headers: [SegmentHeader], _ files: inout Files) {
    for (place, header) in headers.enumerated() {
      var summary = SegmentSummary(file: header.name, bytes: header.sectors * Sector.bytes)
      let next = place + 1 < headers.count ? headers[place + 1] : nil
      do throws(StorageError) {
        var scan = SegmentScan<Files>(try files.open(header.name, .read), header: header)
        summary.end = Sector.bytes
        while next.map({ $0.lastBatch != scan.last }) ?? true, let batch = try scan.next(in: &files) {
          summary.batches.append(
            BatchSummary(
              number: batch.number, offset: batch.place * Sector.bytes, sectors: batch.sectors,
              records: batch.records.map(RecordSummary.init)))
          summary.end = scan.place * Sector.bytes
        }
      } catch {
        damage.append(error)
      }
      segments.append(summary)
    }
  }

  /// Reads the log as a whole, as a start does.
  private mutating func readAsAStartDoes<Files: FileSystem>(
    _ names: [String], _ identity: StorageIdentity, _ files: inout Files
  ) {
    do throws(StorageError) {
      let headers = try SegmentHeader.all(names, identity: identity, in: &files)
      var reading = LogReading<Files>(headers[0].image, .read)
      for (place, header) in headers.enumerated() {
        try reading.read(header, next: place + 1 < headers.count ? headers[place + 1] : nil, in: &files)
      }
      let image = reading.replay.image
      hardState = image.hardState
      snapshot = image.snapshot.last
      lastIndex = image.end
      discarded = reading.discarded
      _ = try reading.replay.entriesAfterSnapshot(in: headers[0].name)
      _ = try SnapshotFile.read(image.snapshot, of: names, in: &files)
    } catch {
      damage.append(error)
    }
  }
}

extension LogInspection.RecordSummary {
  init(_ record: LogRecord) {
    switch record {
    case .write(let state, let first, let entries): self = .write(state, first: first, count: entries.count)
    case .snapshot(let reference, let replacesLog):
      self = .snapshot(reference.last, number: reference.number, replacesLog: replacesLog)
    }
  }
}

/// What is in a snapshot's file.
public struct SnapshotInspection: Sendable {
  /// What the snapshot stands for.
  public let description: SnapshotDescription
  /// The number in the file's name.
  public let number: UInt64
  /// The bytes of content; nil for the snapshot that a storage is set up with.
  public let contentBytes: Int?
  /// How many chunks the content is in.
  public let chunks: Int

  /// Reads and checks a snapshot's file; throws what is wrong with it.
  public init<Files: FileSystem>(_ file: String, in files: Files) throws(StorageError) {
    var files = files
    let snapshot = try SnapshotFile.read(file, in: &files)
    description = snapshot.description
    number = snapshot.reference.number
    contentBytes = snapshot.content?.count
    chunks = snapshot.chunks
  }
}
