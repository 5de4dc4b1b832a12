import Foundation
import KeyValue
import Raft
import Testing
import Traces
import Workload

@testable import Verification

@Test("The replicated store does what the checker's model says")
func storeAgreesWithModel() {
  let k = Key("k")
  let values: [Value] = ["", "-", "-0", "007", "-9223372036854775808", "9223372036854775807", "12a", "1"].map {
    Array($0.utf8)
  }
  var random = RandomSource(seed: 5)
  var store = Store()
  var model = RegisterModel()
  var differences = 0
  for sequence in 1...3_000 as ClosedRange<UInt64> {
    func value() -> Value { values[Int(random.next(below: UInt64(values.count)))] }
    let operation: KeyValue.Operation =
      switch random.next(below: 6) {
      case 0: .get(k)
      case 1: .put(k, value())
      case 2: .delete(k)
      case 3: .compareAndSwap(k, expected: random.next(below: 4) == 0 ? nil : value(), new: value())
      case 4: .increment(k, by: random.next(below: 4) == 0 ? .max : -1)
      default: .append(k, value())
      }
    let command = Command(client: ClientID(1), sequence: SequenceNumber(sequence), operation: operation)
    let result = store.apply(command, at: LogIndex(sequence)).result
    if result != model.execute(operation) || store.read(k) != model.value { differences += 1 }
  }
  #expect(differences == 0)
}

@Test("A history read back from its file has the same verdict")
func fromFile() throws {
  let path = FileManager.default.temporaryDirectory.path + "/eraft-verification-\(UUID().uuidString).jsonl"
  defer { try? FileManager.default.removeItem(atPath: path) }
  var shape = HistoryGenerator.Shape()
  shape.clients = 5
  shape.keys = 3
  shape.unknownShare = 0.05
  var generator = HistoryGenerator(shape: shape, seed: 3)
  var entries = (0..<200).map { _ in HistoryEntry(generator.next(), site: "here") }
  #expect(try check(entries, path) == .linearizable)
  let victim = try #require(entries.lastIndex { $0.operation.isRead && $0.outcome != .unknown })
  entries[victim].outcome = .ok(.value(Array("never written".utf8)))
  #expect(try check(entries, path).isViolation)
  #expect(throws: TraceError.self) { try History.read(path: path + ".missing") }
}

private func check(_ entries: [HistoryEntry], _ path: String) throws -> LinearizabilityVerdict {
  try? FileManager.default.removeItem(atPath: path)
  let writer = try HistoryWriter(path: path)
  for entry in entries { try writer.write(entry) }
  _ = try writer.close()
  let (history, isTruncated) = try History.read(path: path)
  #expect(!isTruncated)
  return LinearizabilityChecker().check(history).verdict
}

extension HistoryEntry {
  fileprivate init(_ record: OperationRecord, site: String) {
    self.init(
      client: record.client, sequence: record.sequence, site: site, operation: record.operation,
      invoked: record.started, returned: record.ended, consistency: record.consistency, outcome: record.outcome)
  }
}
