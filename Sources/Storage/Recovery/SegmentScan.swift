import Raft

/// A batch that a scan found whole.
struct ScannedBatch {
  /// Its number.
  var number: UInt64
  /// Its first sector in the file.
  var place: Int
  /// How many sectors it takes.
  var sectors: Int
  /// The bytes of records that it carries.
  var bytes: Int
  /// The records.
  var records: [LogRecord]
}

/// Reads one segment batch by batch, and finds its end.
///
/// A durable write starts only when the one before it has ended. So a sector of a later batch, wherever it is, proves
/// that all earlier ones were durable and may have been acknowledged; a batch with a sector that was never written
/// proves that nobody was told of it. What is damaged is refused, wherever that is before the log's end.
struct SegmentScan<Files: FileSystem> {
  /// The file's name.
  let name: String
  /// The last batch of the segments before, and then the last one that was read.
  private(set) var last: UInt64
  /// Where the next batch starts, in sectors.
  private(set) var place = 1
  /// The highest number that any sector carries.
  private(set) var highestSeen: UInt64
  /// Whether a torn batch follows on the last one.
  private(set) var isTorn = false
  /// The last batch that was read, in sectors.
  private(set) var lastBatch: Range<Int>?
  private var reader: SectorReader<Files>
  private var content: [UInt8] = []

  init(_ file: Files.File, header: SegmentHeader) {
    name = header.name
    last = header.lastBatch
    highestSeen = header.lastBatch
    reader = SectorReader(file, count: header.sectors)
  }

  /// The next batch; nil at the end of the log in this segment.
  mutating func next(in files: inout Files) throws(StorageError) -> ScannedBatch? {
    guard !isTorn, place < reader.count else { return nil }
    let number: UInt64
    switch try reader.condition(at: place, in: &files) {
    case .damaged(let stored, let computed): throw damaged(place, stored, computed)
    case .blank: return try endOfLog(torn: nil, in: &files)
    case .intact(let batch, _) where batch <= last: return try endOfLog(torn: nil, in: &files)
    case .intact(let batch, let index):
      guard index == 0, batch <= RecordLayout.largestNumber else {
        throw .damaged(
          name, place * Sector.bytes, found: "sector \(index) of batch \(batch)",
          expected: "the first sector of a batch after \(last)")
      }
      number = batch
    }
    return try batch(number, in: &files)
  }

  private mutating func batch(_ number: UInt64, in files: inout Files) throws(StorageError) -> ScannedBatch? {
    let length = Int(try reader.look(at: place, in: &files) { $0.get(UInt32.self, at: Sector.prefix) })
    let sectors = Sector.count(carrying: length)
    guard length >= BatchBuffer.header, sectors <= reader.count - place else {
      throw .damaged(
        name, place * Sector.bytes + Sector.prefix, found: "a batch of \(length) bytes",
        expected: "at most \((reader.count - place) * Sector.capacity), what the segment has room for")
    }
    content.removeAll(keepingCapacity: true)
    for index in 0..<sectors {
      switch try reader.condition(at: place + index, in: &files) {
      case .damaged(let stored, let computed): throw damaged(place + index, stored, computed)
      case .blank: return try endOfLog(torn: number, in: &files)
      case .intact(let batch, _) where batch < number: return try endOfLog(torn: number, in: &files)
      case .intact(let batch, let found):
        guard batch == number, found == index else {
          throw .damaged(
            name, (place + index) * Sector.bytes, found: "sector \(found) of batch \(batch)",
            expected: "sector \(index) of batch \(number)")
        }
      }
      let count = min(Sector.capacity, length - index * Sector.capacity)
      try reader.append(count, at: place + index, to: &content, in: &files)
    }
    let records = try decode(at: place)
    defer { place += sectors }
    last = number
    highestSeen = max(highestSeen, number)
    lastBatch = place..<place + sectors
    return ScannedBatch(number: number, place: place, sectors: sectors, bytes: length, records: records)
  }

  private func decode(at place: Int) throws(StorageError) -> [LogRecord] {
    let outcome = content.withUnsafeBytes { bytes -> Result<[LogRecord], BatchDecoder.Problem> in
      do throws(BatchDecoder.Problem) {
        var decoder = BatchDecoder(bytes)
        var records: [LogRecord] = []
        while let record = try decoder.next() { records.append(record) }
        return .success(records)
      } catch {
        return .failure(error)
      }
    }
    switch outcome {
    case .success(let records): return records
    case .failure(let problem):
      let (sector, rest) = problem.place.quotientAndRemainder(dividingBy: Sector.capacity)
      throw .damaged(
        name, (place + sector) * Sector.bytes + Sector.prefix + rest, found: problem.found, expected: problem.expected)
    }
  }

  /// Makes sure that nothing behind the end of the log says that more of it was durable once.
  private mutating func endOfLog(torn: UInt64?, in files: inout Files) throws(StorageError) -> ScannedBatch? {
    isTorn = torn != nil
    highestSeen = max(highestSeen, torn ?? 0)
    for later in place..<reader.count {
      // Damage behind a sector that was never written is damage to what nobody was told of.
      guard case .intact(let batch, let index) = try reader.condition(at: later, in: &files), batch > last else {
        continue
      }
      // What starts here as well is the same torn batch, or one that an earlier recovery discarded.
      guard later - index == place else {
        throw .damaged(
          name, place * Sector.bytes, found: "an end of the log after batch \(last)",
          expected: "more of it, as byte \(later * Sector.bytes) holds a sector of batch \(batch)")
      }
      isTorn = true
      highestSeen = max(highestSeen, batch)
    }
    return nil
  }

  private func damaged(_ place: Int, _ stored: UInt32, _ computed: UInt32) -> StorageError {
    .damaged(
      name, place * Sector.bytes, found: "checksum 0x\(hex(stored))", expected: "0x\(hex(computed)), that of the sector"
    )
  }
}
