import Emulation
import Foundation
import KeyValue
import Raft
import Server
import Traces
import Workload

/// A directory that is removed with its owner.
final class Scratch {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("eraft-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and gives its path.
  func file(_ name: String, _ text: String) throws -> String {
    let path = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Makes a run directory whose only trace is a history; nil for none.
  func run(_ entries: [HistoryEntry]?, verdict: String? = "pass", complete: Bool = true) throws -> String {
    let path = "\(path)/run"
    var manifest = Manifest(name: "tiny", world: "simulated", seed: 3, spec: "name: tiny\n", version: "0")
    let directory = try RunDirectory(path: path, manifest: manifest)
    if let entries {
      let writer = try HistoryWriter(path: "\(path)/history.jsonl")
      for entry in entries { try writer.write(entry) }
      manifest.files = [try writer.close()]
    } else {
      manifest.files = []
    }
    manifest.verdict = verdict
    manifest.isComplete = complete
    try directory.replace(manifest: manifest)
    return path
  }
}

/// Short histories on one key.
enum Sample {
  static let key = Key(Array("k".utf8))

  static func entry(
    _ client: UInt64, _ operation: KeyValue.Operation, _ times: ClosedRange<Int64>, _ result: OperationResult
  ) -> HistoryEntry {
    HistoryEntry(
      client: ClientID(client), sequence: SequenceNumber(UInt64(times.lowerBound) + 1), site: "here",
      operation: operation, invoked: Instant(nanoseconds: times.lowerBound),
      returned: Instant(nanoseconds: times.upperBound), consistency: .linearizable, outcome: .ok(result))
  }

  static let good = [
    entry(1, .put(key, [1]), 0...10, .stored), entry(2, .get(key), 20...30, .value([1])),
    entry(2, .delete(key), 40...50, .deleted(existed: true)), entry(1, .get(key), 60...70, .value(nil)),
  ]
  /// A read that does not see a write that ended before it.
  static let stale = [
    entry(1, .put(key, [1]), 0...10, .stored), entry(2, .get(key), 20...30, .value(nil)),
  ]
}
