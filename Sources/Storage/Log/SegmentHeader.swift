import Raft

/// The first sector of a segment: which one it is, whose it is, and what the log amounted to where it begins.
struct SegmentHeader: Hashable, Sendable {
  static let magic: UInt64 = 0x4C41_5754_4641_5245  // "ERAFTWAL"
  static let version: UInt32 = 1

  /// The segment's number, which its name repeats.
  var number: UInt64
  /// How many sectors it has, this one included.
  var sectors: Int
  /// The number of the last batch before it.
  var lastBatch: UInt64
  /// Whose log it is.
  var identity: StorageIdentity
  /// What the log amounted to before it.
  var image: LogImage

  /// The name of the segment's file.
  var name: String { SegmentHeader.name(number) }

  static func name(_ number: UInt64) -> String { "wal-" + hex(number, digits: 16) }

  /// The number in a segment's name; nil for other names.
  static func number(_ name: String) -> UInt64? { FileName.number(name, prefix: "wal-") }

  /// The sector.
  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Sector.bytes)
    bytes.withUnsafeMutableBytes { buffer in
      let sector = buffer.baseAddress!
      sector.put(SegmentHeader.version, at: 4)
      sector.put(SegmentHeader.magic, at: 8)
      sector.put(number, at: 16)
      sector.put(UInt64(sectors), at: 24)
      sector.put(lastBatch, at: 32)
      sector.put(identity.cluster.high, at: 40)
      sector.put(identity.cluster.low, at: 48)
      sector.put(identity.node.rawValue, at: 56)
      sector.put(UInt32(image.hardState.vote == nil ? 0 : 1), at: 60)
      sector.put(identity.incarnation, at: 64)
      sector.put(image.hardState.term.rawValue, at: 72)
      sector.put(image.hardState.commit.rawValue, at: 80)
      sector.put(UInt64(image.hardState.vote?.rawValue ?? 0), at: 88)
      sector.put(image.end.rawValue, at: 96)
      sector.put(image.snapshot.last.index.rawValue, at: 104)
      sector.put(image.snapshot.last.term.rawValue, at: 112)
      sector.put(image.snapshot.number, at: 120)
      sector.put(image.snapshot.fileBytes, at: 128)
      sector.put(UInt64(image.snapshot.fingerprint), at: 136)
      sector.put(Sector.checksum(UnsafeRawPointer(sector), at: 0), at: 0)
    }
    return bytes
  }

  /// Reads the header of the segment that should be number `expected` of `identity`, or of any when that is nil.
  init(_ bytes: [UInt8], of file: String, number expected: UInt64, identity: StorageIdentity?) throws(StorageError) {
    guard bytes.count >= Sector.bytes else {
      throw StorageError.damaged(file, bytes.count, found: "the end of the file", expected: "a header of 512 bytes")
    }
    let words = bytes.withUnsafeBytes { buffer in
      let sector = buffer.baseAddress!
      return (
        stored: sector.get(UInt32.self, at: 0), computed: Sector.checksum(sector, at: 0),
        version: sector.get(UInt32.self, at: 4), flags: sector.get(UInt32.self, at: 60),
        node: sector.get(UInt32.self, at: 56),
        values: (0..<18).map { sector.get(UInt64.self, at: $0 * 8) }
      )
    }
    func check(_ isRight: Bool, _ offset: Int, _ found: String, _ expected: String) throws(StorageError) {
      if !isRight { throw StorageError.damaged(file, offset, found: found, expected: expected) }
    }
    let values = words.values
    try check(values[1] == SegmentHeader.magic, 8, "0x\(hex(values[1]))", "0x\(hex(SegmentHeader.magic)), a segment")
    try check(
      words.stored == words.computed, 0, "checksum 0x\(hex(words.stored))",
      "0x\(hex(words.computed)), that of the header")
    try check(words.version == SegmentHeader.version, 4, "version \(words.version)", "\(SegmentHeader.version)")
    try check(values[2] == expected, 16, "segment \(values[2])", "\(expected), as the file's name says")
    try check(
      values[3] > 1 && values[3] <= UInt64(UInt32.max), 24, "\(values[3]) sectors",
      "at least 2 and at most \(UInt32.max)")
    let found = StorageIdentity(
      cluster: ClusterID(high: values[5], low: values[6]), node: NodeID(words.node), incarnation: values[8])
    if let identity { try check(found == identity, 40, "a log of \(found)", "\(identity)") }
    for place in [9, 10, 12, 13, 14] {
      try check(
        values[place] <= RecordLayout.largestNumber, place * 8, "\(values[place])",
        "at most \(RecordLayout.largestNumber)")
    }
    number = values[2]
    sectors = Int(values[3])
    lastBatch = values[4]
    self.identity = found
    image = LogImage(
      hardState: HardState(
        term: Term(values[9]), vote: words.flags & 1 == 0 ? nil : NodeID(UInt32(truncatingIfNeeded: values[11])),
        commit: LogIndex(values[10])),
      snapshot: SnapshotReference(
        number: values[15], last: LogPosition(index: LogIndex(values[13]), term: Term(values[14])),
        fileBytes: values[16], fingerprint: UInt32(truncatingIfNeeded: values[17])),
      end: LogIndex(values[12]))
  }

  init(number: UInt64, sectors: Int, lastBatch: UInt64, identity: StorageIdentity, image: LogImage) {
    self.number = number
    self.sectors = sectors
    self.lastBatch = lastBatch
    self.identity = identity
    self.image = image
  }
}
