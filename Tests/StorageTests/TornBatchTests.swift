import Raft
import Testing

@testable import Storage

@Suite("Torn batches: what is left of one is never taken for part of another") struct TornBatchTests {
  private func write(_ sequence: UInt64, byte: UInt8) -> Write {
    let entry = Entry(term: Term(1), payload: .command([UInt8](repeating: byte, count: 1200)))
    return Write(sequence: WriteSequence(sequence), hardState: nil, firstIndex: LogIndex(1), entries: [entry])
  }

  /// Makes a range of a file what it is in other files.
  private func copy(_ range: Range<Int>, from source: [UInt8], to files: inout MemoryFiles) throws {
    let name = SegmentHeader.name(1)
    for offset in range {
      files.damage(name, at: offset, flipping: try #require(files.content(of: name))[offset] ^ source[offset])
    }
  }

  @Test func sectorsOfTwoTornBatchesAtOnePlaceDoNotMakeOne() throws {
    let blank = try Member.setUp(TestFiles())
    let empty = try #require(blank.base.content(of: SegmentHeader.name(1)))
    let first = try Member.open(blank).log
    try first.append(write(1, byte: 1))
    _ = try first.flush()
    // The first sector of the first batch never reached the disk, the other two did.
    var files = first.files.base
    let whole = try #require(files.content(of: SegmentHeader.name(1)))
    try copy(512..<1024, from: empty, to: &files)
    let (second, recovered) = try Member.open(TestFiles(files))
    #expect(recovered.state.entries.isEmpty)
    #expect(recovered.discarded == DiscardedTail(file: SegmentHeader.name(1), offset: 512))
    // Of the second batch, only the first sector did.
    try second.append(write(1, byte: 2))
    _ = try second.flush()
    files = second.files.base
    try copy(1024..<2048, from: whole, to: &files)
    let (third, again) = try Member.open(TestFiles(files))
    #expect(again.state.entries.isEmpty && again.discarded?.offset == 512)
    // A third one that is all there counts.
    try third.append(write(1, byte: 3))
    _ = try third.flush()
    #expect(try Member.open(third.files).recovered.state.entries == Array(write(1, byte: 3).entries))
  }
}
