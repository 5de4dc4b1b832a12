import Emulation
import KeyValue
import Raft
import Server
import Workload

@testable import Verification

/// Decides whether a tiny single-key history is linearizable by trying every order, from the definition alone.
enum BruteForce {
  static func isLinearizable(_ records: [OperationRecord], initial: Value? = nil) -> Bool {
    let relevant = records.filter { record in
      switch record.outcome {
      case .failed: false
      case .unknown: !record.operation.isRead
      case .ok: !(record.operation.isRead && record.consistency == .local)
      }
    }
    return extend(RegisterModel(initial), relevant)
  }

  private static func extend(_ model: RegisterModel, _ rest: [OperationRecord]) -> Bool {
    if rest.allSatisfy({ $0.outcome == .unknown }) { return true }
    for (position, record) in rest.enumerated() {
      let others = rest.enumerated().filter { $0.offset != position }.map(\.element)
      guard !others.contains(where: { precedes($0, record) }) else { continue }
      var after = model
      // The model knows no limit on sizes: a write refused for its size did nothing.
      if record.outcome == .ok(.refused(.tooLarge)) {
        if extend(model, others) { return true }
        continue
      }
      let result = after.execute(record.operation)
      if case .ok(let seen) = record.outcome, seen != result { continue }
      if extend(after, others) { return true }
    }
    return false
  }

  private static func precedes(_ left: OperationRecord, _ right: OperationRecord) -> Bool {
    guard left.outcome != .unknown else { return false }
    if left.ended < right.started { return true }
    return left.ended == right.started && left.client == right.client && left.sequence < right.sequence
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
