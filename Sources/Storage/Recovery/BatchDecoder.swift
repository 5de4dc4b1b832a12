import Raft

/// Reads the records of a batch, whose sectors are intact: what does not fit is no damage of the disk but another
/// version's or a defective writer's, and refused all the same.
struct BatchDecoder {
  private let bytes: UnsafeRawBufferPointer
  private var place = BatchBuffer.header

  /// What is wrong with a batch: where in its content, what is there, and what belongs there.
  struct Problem: Error {
    var place: Int
    var found: String
    var expected: String
  }

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next record; nil at the end of the batch.
  mutating func next() throws(Problem) -> LogRecord? {
    guard place < bytes.count else { return nil }
    let start = place
    let head = try take(RecordLayout.head, "a record")
    let (kind, flags): (UInt8, UInt8) = (head.get(at: 0), head.get(at: 1))
    let count = Int(head.get(UInt32.self, at: 4))
    let index = LogIndex(try number(head, at: 8, "an index"))
    switch kind {
    case RecordLayout.write:
      guard count <= RecordLayout.mostEntries else {
        throw Problem(place: start + 4, found: "\(count) entries", expected: "at most \(RecordLayout.mostEntries)")
      }
      let state = flags & RecordLayout.hasHardState == 0 ? nil : try hardState(flags)
      var entries: ContiguousArray<Entry> = []
      entries.reserveCapacity(min(count, (bytes.count - place) / RecordLayout.entryHead))
      for _ in 0..<count { entries.append(try entry()) }
      return .write(state, first: index, entries: entries)
    case RecordLayout.snapshotMarker:
      let rest = try take(RecordLayout.snapshot, "a snapshot's marker")
      let term = Term(try number(rest, at: 0, "a term"))
      let reference = SnapshotReference(
        number: rest.get(at: 8), last: LogPosition(index: index, term: term), fileBytes: rest.get(at: 16),
        fingerprint: UInt32(truncatingIfNeeded: rest.get(UInt64.self, at: 24)))
      return .snapshot(reference, replacesLog: flags & RecordLayout.replacesLog != 0)
    default:
      throw Problem(
        place: start, found: "a record of kind \(kind)", expected: "kind 1, a write, or 2, a snapshot's marker")
    }
  }

  private mutating func hardState(_ flags: UInt8) throws(Problem) -> HardState {
    let words = try take(RecordLayout.hardState, "a hard state")
    let vote = flags & RecordLayout.hasVote == 0 ? nil : NodeID(words.get(at: 16))
    return HardState(
      term: Term(try number(words, at: 0, "a term")), vote: vote,
      commit: LogIndex(try number(words, at: 8, "a commit index")))
  }

  private mutating func entry() throws(Problem) -> Entry {
    let start = place
    let head = try take(RecordLayout.entryHead, "an entry")
    let term = Term(try number(head, at: 0, "a term"))
    let count = Int(head.get(UInt32.self, at: 12))
    let content = UnsafeRawBufferPointer(start: try take(count, "an entry's \(count) bytes"), count: count)
    switch head.get(UInt32.self, at: 8) {
    case UInt32(RecordLayout.emptyPayload) where count == 0: return Entry(term: term, payload: .empty)
    case UInt32(RecordLayout.commandPayload): return Entry(term: term, payload: .command(Array(content)))
    case UInt32(RecordLayout.configurationPayload):
      guard let change = ConfigurationChange(bytes: content) else {
        throw Problem(
          place: start + RecordLayout.entryHead, found: "\(count) bytes", expected: "a configuration change")
      }
      return Entry(term: term, payload: .configuration(change))
    case let kind:
      throw Problem(
        place: start + 8, found: "an entry of kind \(kind) and \(count) bytes",
        expected: "kind 0, empty, 1, a command, or 2, a configuration change")
    }
  }

  private mutating func take(_ count: Int, _ what: String) throws(Problem) -> UnsafeRawPointer {
    guard let start = bytes.baseAddress, count <= bytes.count - place else {
      throw Problem(place: place, found: "\(bytes.count - place) bytes", expected: "\(count) of \(what)")
    }
    defer { place += count }
    return start + place
  }

  private func number(_ bytes: UnsafeRawPointer, at offset: Int, _ what: String) throws(Problem) -> UInt64 {
    let number: UInt64 = bytes.get(at: offset)
    guard number <= RecordLayout.largestNumber else {
      throw Problem(place: place, found: "\(what) of \(number)", expected: "at most \(RecordLayout.largestNumber)")
    }
    return number
  }
}
