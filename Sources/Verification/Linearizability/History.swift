import KeyValue
import Raft
import Server
import Traces
import Workload

/// A value's number in its history; 0 stands for an absent key.
typealias ValueNumber = Int32

/// What clients asked and were told, in a compact form for checking: 56 bytes an operation beside keys and values.
///
/// Left out at once, and counted, is what constrains nothing: operations that certainly failed, reads whose outcome
/// is unknown, and reads that were never promised to be fresh (``ReadConsistency/local``). A read with
/// ``ReadConsistency/bounded`` counts as if it had begun earlier by the age that it was allowed: it may show any state
/// since then.
public struct History: Sendable {
  /// How many operations there are of each sort.
  public struct Counts: Hashable, Sendable, CustomStringConvertible {
    /// Operations that are checked.
    public var checked = 0
    /// Of those, writes whose outcome is unknown.
    public var open = 0
    /// Reads with ``ReadConsistency/local``, and bounded ones of unknown age, left out.
    public var localReads = 0
    /// Reads whose outcome is unknown, left out.
    public var unknownReads = 0
    /// Operations that certainly took no effect, left out.
    public var failed = 0

    /// No operations.
    public init() {}

    /// The counts in words.
    public var description: String {
      "\(checked) operations checked (\(open) of unknown outcome); left out: \(localReads) local reads, "
        + "\(unknownReads) unknown reads, \(failed) failed"
    }
  }

  /// How many operations there are of each sort.
  public private(set) var counts = Counts()
  private(set) var operations: ContiguousArray<HistoryOperation> = []
  private(set) var keys = ByteInterner()
  private(set) var values = ByteInterner()
  /// The values that keys hold before the first operation, by key number; 0 or beyond the end: absent.
  private(set) var initial: ContiguousArray<ValueNumber> = []

  /// How old a state bounded reads may show; nil when it is not known.
  private let boundedAge: TimeSpan?

  /// A history without operations, in which all keys are absent at first.
  public init(boundedAge: TimeSpan? = nil) { self.boundedAge = boundedAge }

  /// How many different keys the operations concern.
  public var keyCount: Int { keys.strings.count }

  /// Says that a key holds a value before the first operation.
  public mutating func assume(_ key: Key, holds value: Value) {
    let number = Int(keys.number(of: key.bytes))
    while initial.count <= number { initial.append(0) }
    initial[number] = self.number(of: value)
  }

  /// Takes a client's record in. The operation lasts from the sending of its first attempt to its end.
  public mutating func append(_ record: OperationRecord) {
    append(
      record.operation, client: record.client, sequence: record.sequence, consistency: record.consistency,
      invoked: record.started, returned: record.ended, outcome: record.outcome)
  }

  /// Takes a line of `history.jsonl` in.
  public mutating func append(_ entry: HistoryEntry) {
    append(
      entry.operation, client: entry.client, sequence: entry.sequence, consistency: entry.consistency,
      invoked: entry.invoked, returned: entry.returned, outcome: entry.outcome)
  }

  /// Reads a file in the format of `history.jsonl`; also says whether its end was cut off.
  public static func read(path: String) throws(TraceError) -> (history: History, isTruncated: Bool) {
    var reader = try HistoryReader(path: path)
    var history = History()
    while let entry = try reader.next() { history.append(entry) }
    return (history, reader.isTruncated)
  }

  /// Takes an operation in; operations may come in any order. One that returned before it was invoked counts as
  /// returned at once.
  public mutating func append(
    _ operation: Operation, client: ClientID, sequence: SequenceNumber,
    consistency: ReadConsistency = .linearizable, invoked: Instant, returned: Instant,
    outcome: OperationRecord.Outcome
  ) {
    let step: HistoryStep
    var start = invoked
    switch outcome {
    case .failed:
      counts.failed += 1
      return
    case .ok(let result):
      switch consistency {
      case .linearizable: break
      case .bounded where boundedAge != nil || !operation.isRead:
        if operation.isRead, let boundedAge { start = max(.zero, invoked - boundedAge) }
      case .bounded, .local:
        guard operation.isRead else { break }
        counts.localReads += 1
        return
      }
      step = self.step(operation, result)
    case .unknown:
      guard !operation.isRead else {
        counts.unknownReads += 1
        return
      }
      counts.open += 1
      step = openStep(operation)
    }
    counts.checked += 1
    // The largest moment is kept for operations that never return.
    let began = min(start.nanoseconds, .max - 1)
    operations.append(
      HistoryOperation(
        client: client.rawValue, sequence: sequence.rawValue, invoked: began,
        returned: outcome == .unknown ? .max : max(began, min(returned.nanoseconds, .max - 1)),
        key: keys.number(of: operation.key.bytes),
        step: step))
  }

  /// The bytes of a value; nil for an absent key.
  func bytes(of value: ValueNumber) -> [UInt8]? { value == 0 ? nil : values.strings[Int(value) - 1] }

  private mutating func number(of value: Value?) -> ValueNumber { value.map { values.number(of: $0) + 1 } ?? 0 }

  /// What the operation and its result say together.
  private mutating func step(_ operation: Operation, _ result: OperationResult) -> HistoryStep {
    switch (operation, result) {
    case (.get, .value(let value)): .observe(number(of: value))
    case (.put(_, let value), .stored): .write(number(of: value))
    case (.put, .refused(.tooLarge)), (.append, .refused(.tooLarge)), (.increment, .refused(.tooLarge)): .nothing
    case (.delete, .deleted(existed: true)): .remove
    case (.delete, .deleted(existed: false)): .observe(0)
    case (.compareAndSwap(_, let expected, let new), .swapped(true, nil)):
      .exchange(number(of: expected), number(of: new))
    case (.compareAndSwap(_, let expected, _), .swapped(false, let found)):
      found == expected ? .impossible : .observe(number(of: found))
    case (.compareAndSwap(_, let expected, _), .refused(.tooLarge)): .observe(number(of: expected))
    case (.increment(_, let amount), .incremented(let sum)): .increment(by: amount, to: sum)
    case (.increment, .refused(.notAnInteger)): .observeText
    case (.increment(_, let amount), .refused(.overflow)): .observeOverflow(by: amount)
    case (.append(_, let bytes), .appended(let length)): .append(number(of: bytes), length: Int64(length))
    default: .impossible
    }
  }

  private mutating func openStep(_ operation: Operation) -> HistoryStep {
    switch operation {
    case .get: .nothing
    case .put(_, let value): .write(number(of: value))
    case .delete: .write(0)
    case .compareAndSwap(_, let expected, let new): .exchange(number(of: expected), number(of: new))
    case .increment(_, let amount): .incrementUnseen(by: amount)
    case .append(_, let bytes): .appendUnseen(number(of: bytes))
    }
  }
}

/// One operation of a history, of plain numbers only.
struct HistoryOperation: Sendable {
  var client: UInt64
  var sequence: UInt64
  /// Nanoseconds.
  var invoked: Int64
  /// Nanoseconds; the largest number when the outcome is unknown.
  var returned: Int64
  var key: Int32
  var step: HistoryStep

  /// Whether the operation may take effect at any time after its invocation, or never.
  var isOpen: Bool { returned == .max }
}

/// What an operation does and demands when it takes effect.
enum HistoryStep: Hashable, Sendable {
  /// Changes nothing and demands nothing: a write refused for its size.
  case nothing
  /// Demands that the key holds a value, or is absent: a read, a refused swap, a delete that found nothing.
  case observe(ValueNumber)
  /// Demands a value that is no integer: an increment refused.
  case observeText
  /// Demands an integer that would overflow: an increment refused.
  case observeOverflow(by: Int64)
  /// Demands nothing and leaves a value, or absence.
  case write(ValueNumber)
  /// Demands one value and leaves another.
  case exchange(ValueNumber, ValueNumber)
  /// Demands any value and leaves absence.
  case remove
  /// Adds, with a known sum.
  case increment(by: Int64, to: Int64)
  /// Adds, with whatever sum.
  case incrementUnseen(by: Int64)
  /// Appends a value, with a known length afterwards.
  case append(ValueNumber, length: Int64)
  /// Appends a value, with whatever length afterwards.
  case appendUnseen(ValueNumber)
  /// An answer that the operation can never give.
  case impossible

  /// Whether the step never changes any state.
  var isObservation: Bool {
    switch self {
    case .nothing, .observe, .observeText, .observeOverflow, .impossible: true
    default: false
    }
  }
}
