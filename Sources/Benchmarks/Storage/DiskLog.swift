import Foundation
import Raft
import Storage

/// A log in a directory that is removed afterwards.
final class DiskLog {
  private static let identity = StorageIdentity(
    cluster: ClusterID(high: 0, low: 0), node: NodeID(0), incarnation: 1)
  static let payload = [UInt8](repeating: 0xA5, count: 128)

  private let path = FileManager.default.temporaryDirectory.appendingPathComponent("eraft-bench-\(UUID().uuidString)")
  private let log: WriteAheadLog<DiskFiles>
  private var next: UInt64 = 1

  init() throws {
    let files = try DiskFiles(directory: path.path)
    let bootstrap = Configuration(voters: [NodeID(0)])
    try WriteAheadLog.setUp(files, identity: DiskLog.identity, bootstrap: bootstrap, settings: StorageSettings())
    log = try WriteAheadLog.open(files, identity: DiskLog.identity, settings: StorageSettings()).log
    _ = try log.maintain()
  }

  func remove() { try? FileManager.default.removeItem(at: path) }

  func write(_ flushes: Int, _ together: Int) throws {
    for _ in 0..<flushes {
      for _ in 0..<together {
        try log.append(DiskLog.write(next, first: next))
        next += 1
      }
      _ = try log.flush()
      _ = try log.maintain()
    }
  }

  /// A log on files that drop what is written; opened before anything is.
  static func withoutDisk() throws -> WriteAheadLog<DiscardingFiles> {
    var files = DiscardingFiles()
    let bootstrap = Configuration(voters: [NodeID(0)])
    try WriteAheadLog.setUp(in: &files, identity: identity, bootstrap: bootstrap, settings: StorageSettings())
    return try WriteAheadLog.open(files, identity: identity, settings: StorageSettings()).log
  }

  /// A write of one entry.
  static func write(_ sequence: UInt64, first: UInt64) -> Write {
    Write(
      sequence: WriteSequence(sequence), hardState: nil, firstIndex: LogIndex(first),
      entries: [Entry(term: Term(1), payload: .command(payload))])
  }
}
