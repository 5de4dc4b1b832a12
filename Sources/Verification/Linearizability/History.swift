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
/// since then. An operation over several keys counts as one on each of them: whatever is found to violate
/// linearizability does, but that the keys change and are seen together is not checked.
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
    var start = invoked
    switch outcome {
    case .failed:
      counts.failed += 1
      return
    case .ok:
      switch consistency {
      case .linearizable: break
      case .bounded where boundedAge != nil || !operation.isRead:
        if operation.isRead, let boundedAge { start = max(.zero, invoked - boundedAge) }
      case .bounded, .local:
        guard operation.isRead else { break }
        counts.localReads += 1
        return
      }
    case .unknown:
      guard !operation.isRead else {
        counts.unknownReads += 1
        return
      }
      counts.open += 1
    }
    counts.checked += 1
    // The largest moment is kept for operations that never return.
    let began = min(start.nanoseconds, .max - 1)
    let ended = outcome == .unknown ? .max : max(began, min(returned.nanoseconds, .max - 1))
    func note(_ key: Key, _ step: HistoryStep) {
      operations.append(
        HistoryOperation(
          client: client.rawValue, sequence: sequence.rawValue, invoked: began, returned: ended,
          key: keys.number(of: key.bytes), step: step))
    }
    guard let keys = operation.severalKeys else {
      let step = if case .ok(let result) = outcome { step(operation, result) } else { openStep(operation) }
      return note(operation.key, step)
    }
    var seen: Set<Key> = []
    let distinct = Set(keys).count
    for place in keys.indices.reversed() where seen.insert(keys[place]).inserted {
      let step =
        if case .ok(let result) = outcome {
          step(operation, result, at: place, distinct: distinct)
        } else {
          openStep(operation, at: place)
        }
      note(keys[place], step)
    }
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
    case (.length, .length(let length)): .observeLength(Int64(length))
    case (.exchange(_, let new, let condition), .exchanged(true, let old)) where condition.holds(for: old):
      .exchange(number(of: old), number(of: new))
    case (.exchange(_, _, let condition), .exchanged(false, let old)) where !condition.holds(for: old):
      .observe(number(of: old))
    case (.exchange(_, _, .ifAbsent), .refused(.tooLarge)): .observe(0)
    case (.exchange, .refused(.tooLarge)): .nothing
    default: .impossible
    }
  }

  /// What an operation over several keys says of the one at a place.
  private mutating func step(
    _ operation: Operation, _ result: OperationResult, at place: Int, distinct: Int
  ) -> HistoryStep {
    switch (operation, result) {
    case (.getMany(let keys), .values(let values)) where values.count == keys.count:
      .observe(number(of: values[place]))
    case (.countPresent(let keys), .present(let count)) where (0...keys.count).contains(count):
      count == 0 ? .observe(0) : .nothing
    case (.putMany(let pairs), .stored): .write(number(of: pairs.elements[place].value))
    case (.putMany, .refused(.tooLarge)): .nothing
    case (.deleteMany, .removed(let count)) where (0...distinct).contains(count):
      count == 0 ? .observe(0) : count == distinct ? .remove : .write(0)
    default: .impossible
    }
  }

  private mutating func openStep(_ operation: Operation, at place: Int) -> HistoryStep {
    switch operation {
    case .putMany(let pairs): .write(number(of: pairs.elements[place].value))
    case .deleteMany: .write(0)
    default: .nothing
    }
  }

  private mutating func openStep(_ operation: Operation) -> HistoryStep {
    switch operation {
    case .get, .length, .getMany, .countPresent, .putMany, .deleteMany: .nothing
    // One that needs a value to be present is taken for one that does not: fewer histories are refused.
    case .exchange(_, let new, .ifAbsent): .exchange(0, number(of: new))
    case .exchange(_, let new, _): .write(number(of: new))
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
  /// Demands a length; an absent key has length 0.
  case observeLength(Int64)
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
    case .nothing, .observe, .observeLength, .observeText, .observeOverflow, .impossible: true
    default: false
    }
  }
}

extension Operation {
  /// The keys of an operation over several; nil when it is over one.
  fileprivate var severalKeys: [Key]? {
    switch self {
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys): keys.elements
    case .putMany(let pairs): pairs.elements.map(\.key)
    case .get, .put, .delete, .compareAndSwap, .increment, .append, .exchange, .length: nil
    }
  }
}
