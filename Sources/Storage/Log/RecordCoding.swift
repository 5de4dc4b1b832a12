import Raft

/// A record of the log: what the host asked for, one after the other.
enum LogRecord: Sendable {
  /// A write of the node: it cuts the log before `first` and adds entries there.
  case write(HardState?, first: LogIndex, entries: ContiguousArray<Entry>)
  /// From here on the log continues this snapshot.
  case snapshot(SnapshotReference, replacesLog: Bool)
}

/// How records are laid out; the documentation of the room gives the same byte by byte.
enum RecordLayout {
  /// The bytes of a record before its parts, those of a hard state, and those of an entry before its payload.
  static let head = 16
  static let hardState = 24
  static let entryHead = 16
  static let snapshot = 32

  static let write: UInt8 = 1
  static let snapshotMarker: UInt8 = 2

  static let hasHardState: UInt8 = 1
  static let hasVote: UInt8 = 2
  static let replacesLog: UInt8 = 1

  static let emptyPayload: UInt8 = 0
  static let commandPayload: UInt8 = 1
  static let configurationPayload: UInt8 = 2

  /// Numbers beyond this are absurd: one more than them must still be a number.
  static let largestNumber: UInt64 = .max >> 1
  /// The longest payload of an entry, and the most entries of a write.
  static let longestPayload = 1 << 30
  static let mostEntries = 1 << 24
}

extension BatchBuffer {
  /// Puts a write in.
  mutating func put(_ write: Write) {
    put(
      head: RecordLayout.write,
      flags: write.hardState.map { RecordLayout.hasHardState | ($0.vote == nil ? 0 : RecordLayout.hasVote) } ?? 0,
      count: write.entries.count, index: write.firstIndex)
    if let state = write.hardState {
      put(first: state.term.rawValue, second: state.commit.rawValue)
      reserve(8)
      var vote = UInt64(state.vote?.rawValue ?? 0).littleEndian
      withUnsafeBytes(of: &vote) { put($0) }
    }
    // By pointer, since an entry that is read from an array is retained.
    write.entries.withUnsafeBufferPointer { entries in
      for place in entries.indices { put(entries[place]) }
    }
  }

  /// Puts a snapshot's marker in.
  mutating func put(_ snapshot: SnapshotReference, replacesLog: Bool) {
    put(
      head: RecordLayout.snapshotMarker, flags: replacesLog ? RecordLayout.replacesLog : 0, count: 0,
      index: snapshot.last.index)
    put(first: snapshot.last.term.rawValue, second: snapshot.number)
    put(first: snapshot.fileBytes, second: UInt64(snapshot.fingerprint))
  }

  @inline(__always)
  private mutating func put(_ entry: borrowing Entry) {
    switch entry.payload {
    case .empty: putHead(of: entry, RecordLayout.emptyPayload, count: 0)
    case .command(let bytes):
      putHead(of: entry, RecordLayout.commandPayload, count: bytes.count)
      bytes.withUnsafeBytes { put($0) }
    case .configuration(let change):
      let bytes = change.bytes
      putHead(of: entry, RecordLayout.configurationPayload, count: bytes.count)
      bytes.withUnsafeBytes { put($0) }
    }
  }

  @inline(__always)
  private mutating func putHead(of entry: borrowing Entry, _ kind: UInt8, count: Int) {
    reserve(RecordLayout.entryHead + count)
    var words = (entry.term.rawValue.littleEndian, (UInt64(count) << 32 | UInt64(kind)).littleEndian)
    withUnsafeBytes(of: &words) { put($0) }
  }

  private mutating func put(head kind: UInt8, flags: UInt8, count: Int, index: LogIndex) {
    put(first: UInt64(count) << 32 | UInt64(flags) << 8 | UInt64(kind), second: index.rawValue)
  }

  private mutating func put(first: UInt64, second: UInt64) {
    reserve(16)
    var words = (first.littleEndian, second.littleEndian)
    withUnsafeBytes(of: &words) { put($0) }
  }
}

extension ConfigurationChange {
  /// The transition, then five bytes per step.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    switch transition {
    case .automatic: bytes.append(0)
    case .jointThenLeave: bytes.append(1)
    case .jointUntilTold: bytes.append(2)
    }
    for step in steps {
      let (kind, node): (UInt8, NodeID) =
        switch step {
        case .addVoter(let node): (0, node)
        case .addLearner(let node): (1, node)
        case .remove(let node): (2, node)
        }
      bytes.append(kind)
      withUnsafeBytes(of: node.rawValue.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Reads a change; nil when the bytes are none.
  init?(bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count % 5 == 1, bytes[0] < 3 else { return nil }
    var steps: [Step] = []
    for place in stride(from: 1, to: bytes.count, by: 5) {
      let node = NodeID(start.get(at: place + 1))
      switch bytes[place] {
      case 0: steps.append(.addVoter(node))
      case 1: steps.append(.addLearner(node))
      case 2: steps.append(.remove(node))
      default: return nil
      }
    }
    self.init(steps, transition: [.automatic, .jointThenLeave, .jointUntilTold][Int(bytes[0])])
  }
}
