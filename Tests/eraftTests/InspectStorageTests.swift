import ArgumentParser
import Foundation
import Raft
import Storage
import Testing

@testable import eraft

@Suite("inspect wal and snapshot: what is stored, and where it is damaged") struct InspectStorageTests {
  private let identity = StorageIdentity(cluster: ClusterID(high: 0, low: 5), node: NodeID(2), incarnation: 1)

  /// A storage with three writes and a snapshot, in a directory that is gone afterwards.
  private func withStorage(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("eraft-inspect-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var settings = StorageSettings()
    settings.segmentBytes = 8192
    settings.reserveBytes = 0
    let files = try DiskFiles(directory: path)
    try WriteAheadLog.setUp(
      files, identity: identity, bootstrap: Configuration(voters: [NodeID(1), NodeID(2)]), settings: settings)
    let log = try WriteAheadLog.open(files, identity: identity, settings: settings).log
    for index in 1...3 as ClosedRange<UInt64> {
      try log.append(
        Write(
          sequence: WriteSequence(index),
          hardState: HardState(term: Term(4), vote: NodeID(1), commit: LogIndex(index - 1)),
          firstIndex: LogIndex(index), entries: [Entry(term: Term(4), payload: .command([1, 2]))]))
      _ = try log.flush()
    }
    let description = SnapshotDescription(
      last: LogPosition(index: LogIndex(1), term: Term(4)), configuration: Configuration(voters: [NodeID(2)]))
    try log.append(SnapshotSave(description: description, bytes: [9, 9, 9], replacesLog: false))
    while log.isStaging { _ = try log.flush() }
    try body(path)
  }

  @Test func aSoundLog() throws {
    try withStorage { path in
      let outcome = try InspectWALCommand.parse([path]).outcome()
      #expect(outcome.code == .success && outcome.errors.isEmpty)
      let text = outcome.output.joined(separator: "\n")
      #expect(
        text.hasPrefix(
          """
          storage of n2 of cluster 00000000000000000000000000000005 on storage 1
          term 4, vote n1, commit 2
          snapshot up to 1@4
          entries 2 to 3

          """))
      #expect(text.contains("wal-0000000000000001   8192  2560        4      1     4        4"))
      let records = try InspectWALCommand.parse([path, "--records"]).outcome().output.joined(separator: "\n")
      #expect(records.contains("term 4, vote n1, commit 1; entry 2"))
      #expect(records.contains("snapshot 2 up to 1@4"))
    }
  }

  @Test func damageIsSaidWithItsOffset() throws {
    try withStorage { path in
      let file = URL(fileURLWithPath: path + "/wal-0000000000000001")
      var bytes = try Data(contentsOf: file)
      bytes[1100] ^= 1
      try bytes.write(to: file)
      let outcome = try InspectWALCommand.parse([path]).outcome()
      #expect(outcome.code == .violation)
      #expect(outcome.errors.count == 1)
      #expect(
        outcome.errors.first?.hasPrefix("wal-0000000000000001 is damaged at byte 1024: found checksum 0x") == true)
    }
  }

  @Test func aSnapshot() throws {
    try withStorage { path in
      let file = path + "/snapshot-0000000000000002"
      let outcome = try InspectSnapshotCommand.parse([file]).outcome()
      #expect(outcome.code == .success)
      #expect(outcome.output == ["snapshot 2 up to 1@4\nvoters n2\n3 bytes in 1 chunks"])
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      bytes[bytes.count - 1] ^= 8
      try bytes.write(to: URL(fileURLWithPath: file))
      let damaged = try InspectSnapshotCommand.parse([file]).outcome()
      #expect(damaged.code == .violation && damaged.errors.first?.contains("is damaged at byte 84") == true)
    }
  }

  @Test func whatIsNotThereIsUnusable() throws {
    #expect(try InspectWALCommand.parse(["/no/such"]).outcome().code == .unusable)
    #expect(try InspectSnapshotCommand.parse(["/no/such"]).outcome().code == .unusable)
    #expect(
      try InspectSnapshotCommand.parse(["/no/such"]).outcome().errors == [
        "cannot open the directory /no: there is no such file"
      ])
  }
}
