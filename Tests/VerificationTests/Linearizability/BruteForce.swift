import Emulation
import KeyValue
import Raft
import Server
import Workload

@testable import Verification

/// Decides whether a tiny history is linearizable by trying every order of all its operations, whatever their keys,
/// from the definition alone.
enum BruteForce {
  static func isLinearizable(_ records: [OperationRecord], initial: Value? = nil) -> Bool {
    var state: [Key: Value] = [:]
    for record in records { state[record.operation.key] = initial }
    return extend(state, records.filter(\.matters))
  }

  private static func extend(_ state: [Key: Value], _ rest: [OperationRecord]) -> Bool {
    if rest.allSatisfy({ $0.outcome == .unknown }) { return true }
    for (position, record) in rest.enumerated() {
      var others = rest
      others.remove(at: position)
      guard !others.contains(where: { $0.precedes(record) }) else { continue }
      let key = record.operation.key
      guard let left = record.valueLeft(on: state[key]) else { continue }
      var after = state
      after[key] = left
      if extend(after, others) { return true }
    }
    return false
  }
}

/// What a record says, written plainly for the oracles.
extension OperationRecord {
  /// Whether the record constrains anything.
  var matters: Bool {
    switch outcome {
    case .failed: false
    case .unknown: !operation.isRead
    case .ok: !(operation.isRead && consistency == .local)
    }
  }

  /// Whether this operation must come first because of time.
  func precedes(_ other: OperationRecord) -> Bool {
    guard outcome != .unknown else { return false }
    if ended < other.started { return true }
    return ended == other.started && client == other.client && sequence < other.sequence
  }

  /// What a key holds after the operation took effect on a value and gave its answer; nil when it cannot there.
  func valueLeft(on value: Value?) -> Value?? {
    if outcome == .ok(.refused(.tooLarge)) {
      // The limits are not known here, so a refused write says nothing; but a swap compares before it writes.
      switch operation {
      case .put, .append, .increment: return .some(value)
      case .compareAndSwap(_, let expected, _): return expected == value ? .some(value) : nil
      case .exchange(_, _, .ifAbsent): return value == nil ? .some(value) : nil
      case .exchange, .putMany: return .some(value)
      case .get, .delete, .length, .getMany, .countPresent, .deleteMany: return nil
      }
    }
    var model = RegisterModel(value)
    let result = model.execute(operation)
    if case .ok(let seen) = outcome, seen != result { return nil }
    return .some(model.value)
  }
}

/// A record on one key, with times in plain numbers.
func record(
  _ client: UInt64, _ sequence: UInt64, _ operation: Operation, _ times: ClosedRange<Int64>,
  _ outcome: OperationRecord.Outcome, _ consistency: ReadConsistency = .linearizable
) -> OperationRecord {
  OperationRecord(
    client: ClientID(client), sequence: SequenceNumber(sequence), site: .init(0), operation: operation, kind: .update,
    consistency: consistency, intended: Instant(nanoseconds: times.lowerBound),
    started: Instant(nanoseconds: times.lowerBound), ended: Instant(nanoseconds: times.upperBound), server: nil,
    role: nil, attempts: 1, outcome: outcome)
}

/// A client's first record on one key.
func record(
  _ client: UInt64, _ operation: Operation, _ times: ClosedRange<Int64>, _ outcome: OperationRecord.Outcome,
  _ consistency: ReadConsistency = .linearizable
) -> OperationRecord {
  record(client, 1, operation, times, outcome, consistency)
}

/// The checker's verdict on records.
func verdict(
  of records: [OperationRecord], initial: Value? = nil, limits: LinearizabilityChecker.Limits = .init()
) -> LinearizabilityVerdict {
  var history = History()
  if let initial { history.assume(Key("k"), holds: initial) }
  for record in records { history.append(record) }
  return LinearizabilityChecker(limits: limits).check(history).verdict
}

extension LinearizabilityVerdict {
  /// Whether the history was found at fault.
  var isViolation: Bool {
    if case .violation = self { true } else { false }
  }
}
