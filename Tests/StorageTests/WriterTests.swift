import Foundation
import Raft
import Synchronization
import Testing

@testable import Storage

/// Collects what a writer reports, and lets a test wait for it.
private final class Reports: Sendable {
  private let reports = Mutex<[StorageReport]>([])
  /// Signalled at every report; and the first report waits for the other one.
  let arrived = DispatchSemaphore(value: 0)
  let gate = DispatchSemaphore(value: 0)

  func add(_ report: StorageReport) {
    let isFirst = reports.withLock { reports in
      reports.append(report)
      return reports.count == 1
    }
    arrived.signal()
    if isFirst { gate.wait() }
  }

  var all: [StorageReport] { reports.withLock { $0 } }
  var lastSequence: UInt64 {
    all.compactMap { if case .durable(let through, _, _) = $0 { through.rawValue } else { nil } }.last ?? 0
  }
}

@Suite("The writer: one durable write covers all that waited") struct WriterTests {
  private func write(_ index: UInt64) -> Write {
    Write(
      sequence: WriteSequence(index), hardState: nil, firstIndex: LogIndex(index),
      entries: [Entry(term: Term(1), payload: .command([UInt8(truncatingIfNeeded: index)]))])
  }

  @Test func whatIsQueuedDuringADurableWriteSharesTheNextOne() throws {
    try DirectoryTests.withDirectory { path in
      try DirectoryTests.setUp(path)
      let reports = Reports()
      let writer = StorageWriter(try DirectoryTests.open(path).log) { reports.add($0) }
      writer.submit([write(1)])
      reports.arrived.wait()
      for index in 2...500 as ClosedRange<UInt64> { writer.submit([write(index)]) }
      reports.gate.signal()
      reports.arrived.wait()
      #expect(reports.all.count == 2 && reports.lastSequence == 500)
      writer.stop()
      let recovered = try DirectoryTests.open(path).recovered
      #expect(recovered.state.entries.count == 500)
    }
  }

  @Test func stoppingMakesDurableWhatIsQueuedAndGivesBackTheLock() throws {
    try DirectoryTests.withDirectory { path in
      try DirectoryTests.setUp(path)
      let reports = Reports()
      reports.gate.signal()
      let writer = StorageWriter(try DirectoryTests.open(path).log) { reports.add($0) }
      let description = SnapshotDescription(
        last: LogPosition(index: LogIndex(100), term: Term(1)), configuration: Model.bootstrap)
      let save = SnapshotSave(
        description: description, bytes: [UInt8](repeating: 7, count: 3 << 20), replacesLog: false)
      writer.submit(ContiguousArray((1...200 as ClosedRange<UInt64>).map(write)), [save])
      writer.submit(ContiguousArray((201...300 as ClosedRange<UInt64>).map(write)))
      writer.stop()
      let saved = reports.all.flatMap { report -> ContiguousArray<SnapshotSave> in
        if case .durable(_, let snapshots, _) = report { snapshots } else { [] }
      }
      #expect(reports.lastSequence == 300 && saved.map(\.description) == [description])
      let recovered = try DirectoryTests.open(path).recovered
      #expect(recovered.state.entries.count == 200 && recovered.snapshot?.count == 3 << 20)
    }
  }

  @Test func aFailureIsReportedOnceAndEndsTheThread() throws {
    var base = try Member.setUp(TestFiles()).base
    let probe = try Member.open(TestFiles(base)).log
    let spent = probe.files.base.operations
    // A spare is made, allocated and synchronised, then a batch written: its synchronisation fails.
    base.faults = [(at: spent + 4, fault: .failure)]
    let log = try Member.open(TestFiles(base)).log
    let reports = Reports()
    reports.gate.signal()
    let writer = StorageWriter(log) { reports.add($0) }
    for index in 1...50 as ClosedRange<UInt64> { writer.submit([write(index)]) }
    writer.stop()
    let failures = reports.all.filter { if case .failed = $0 { true } else { false } }
    #expect(failures.count == 1)
    guard case .failed(.file(let error)) = reports.all.last else {
      Issue.record("the last report is no failure")
      return
    }
    #expect(error.reason == .system(5))
  }
}
