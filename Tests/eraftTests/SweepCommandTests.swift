import ArgumentParser
import Foundation
import Raft
import Synchronization
import Testing
import Traces

@testable import Experiment
@testable import eraft

@Suite("Sweeps on the command line")
struct SweepCommandTests {
  private static let spec = """
    name: tiny
    duration: 3s
    warmup: 1s
    sites: [us-east-1]
    group: {voters: {us-east-1: 3}, heartbeat: 20ms, election_timeout: [100ms, 200ms]}
    workload:
      - {rate: 100/s, mix: ycsb-a}
    record: {latency: none}
    sweep: {size: {small: {}, large: {group.voters: {us-east-1: 5}}}, seed: 1..2, "workload[0].rate": [50/s, 100/s]}
    """

  private static func command(_ scratch: Scratch, _ arguments: [String]) throws -> SweepCommand {
    try SweepCommand.parse([try scratch.file("tiny.yaml", spec)] + arguments)
  }

  private static func table(_ directory: String) throws -> String {
    try String(contentsOfFile: "\(directory)/sweep.csv", encoding: .utf8)
  }

  @Test("The table has a row per run, the same bytes whatever the number of threads")
  func table() throws {
    let scratch = try Scratch()
    let (one, three) = ("\(scratch.path)/one", "\(scratch.path)/three")
    let outcome = try Self.command(scratch, ["--out", one, "--jobs", "1"]).outcome()
    #expect(outcome.code == .success, "\(outcome)")
    #expect(try Self.command(scratch, ["--out", three, "--jobs", "3"]).outcome().code == .success)
    let text = try Self.table(one)
    #expect(try Self.table(three) == text)

    let rows = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let columns = SweepTable.metrics.map(\.column.name)
    #expect(rows[0] == ["run", "size", "seed", "workload[0].rate"] + columns)
    #expect(rows.count == 9)
    #expect(rows[1...].map { $0[1] } == Array(repeating: "small", count: 4) + Array(repeating: "large", count: 4))
    #expect(rows[1].first == "1-small-seed-1-rate-50-s")
    #expect(rows[8].first == "8-large-seed-2-rate-100-s")
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    func cell(_ row: Int, _ name: String) throws -> String { rows[row][try #require(rows[0].firstIndex(of: name))] }
    for row in 1...8 {
      let offered = try #require(Int(try cell(row, "operations")))
      let parts = try ["ok", "failed", "unknown"].map { try #require(Int(try cell(row, $0))) }
      #expect(offered > 50 && parts.reduce(0, +) == offered)
      #expect(try cell(row, "verdict") == "pass")
      #expect(try cell(row, "elections") == "1")
      for name in ["read_p50_ms", "write_p99_ms", "leader_egress_bytes_per_s", "goodput_per_s"] {
        #expect(try #require(Double(try cell(row, name))) > 0, "\(name)")
      }
    }
    // More followers: more to send.
    #expect(
      try #require(Double(try cell(5, "leader_egress_bytes_per_s")))
        > #require(Double(try cell(1, "leader_egress_bytes_per_s"))))
  }

  @Test("Each run leaves a run directory that stands alone")
  func directories() throws {
    let scratch = try Scratch()
    let out = "\(scratch.path)/runs"
    _ = try Self.command(scratch, ["--out", out, "--set", "sweep={seed: [4, 7]}"]).outcome()
    let manifest = try Manifest(directory: "\(out)/2-seed-7")
    #expect(manifest.seed == 7 && manifest.isComplete)
    #expect(!manifest.spec.contains("sweep:"))
    #expect(try RunDirectory.verify("\(out)/2-seed-7").isEmpty)
  }

  @Test("Nothing begins when any run is of no use")
  func validatesFirst() throws {
    let scratch = try Scratch()
    let out = "\(scratch.path)/runs"
    let outcome = try Self.command(scratch, ["--out", out, "--set", "sweep={duration: [3s, 0s]}"]).outcome()
    #expect(outcome.code == .unusable)
    #expect(outcome.errors.contains { $0.contains("duration=0s") && $0.contains("found 0s") }, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test("A run that cannot be made has a row that says so, and the others are made")
  func failingRun() throws {
    let scratch = try Scratch()
    let out = "\(scratch.path)/runs"
    let taken = "\(out)/2-seed-2"
    try FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(taken)/notes.txt"))
    let outcome = try Self.command(scratch, ["--out", out, "--set", "sweep={seed: 1..3}"]).outcome()
    #expect(outcome.code == .violation)
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains("2-seed-2"))
    let rows = try Self.table(out).split(separator: "\n")
    #expect(rows.count == 4)
    #expect(rows[2].hasPrefix("2-seed-2,2,,") && rows[2].hasSuffix(",error"))
    #expect(rows[3].hasSuffix(",pass"))
  }

  @Test("An interrupted sweep keeps what was complete and says so")
  func interrupted() throws {
    let scratch = try Scratch()
    let out = "\(scratch.path)/runs"
    let outcome = try interruptedOutcome(scratch, out)
    #expect(outcome.code == .violation)
    #expect(outcome.output.contains { $0.hasPrefix("interrupted: 1 complete runs and their rows stay; 7 runs") })
    #expect(try Self.table(out).split(separator: "\n").count == 2)
  }

  private func interruptedOutcome(_ scratch: Scratch, _ out: String) throws -> CommandOutcome {
    final class Count: Sendable { let ended = Mutex(0) }
    let count = Count()
    return try Self.command(scratch, ["--out", out, "--jobs", "1"]).outcome(
      isInterrupted: { count.ended.withLock { $0 > 0 } },
      progress: { progress, _ in count.ended.withLock { $0 = progress.ended } })
  }

  @Test("A sweep over an old one leaves no table of the old one")
  func staleTable() throws {
    let scratch = try Scratch()
    let out = "\(scratch.path)/runs"
    _ = try Self.command(scratch, ["--out", out, "--set", "sweep={seed: 1..2}"]).outcome()
    let outcome = try Self.command(scratch, ["--out", out, "--set", "sweep={seed: 1..2}"])
      .outcome(isInterrupted: { true })
    #expect(outcome.code == .violation)
    #expect(try Self.table(out).split(separator: "\n").count == 1)
  }

  @Test("A name that the table needs for itself is refused")
  func collision() throws {
    let scratch = try Scratch()
    let outcome = try Self.command(scratch, ["--set", "sweep={verdict: {a: {seed: 1}}}"]).outcome()
    #expect(outcome.code == .unusable)
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains("verdict"))
  }

  @Test("run and sweep send specs to each other, and validate explains both")
  func commands() throws {
    let scratch = try Scratch()
    let path = try scratch.file("tiny.yaml", Self.spec)
    let spec = try SpecLoader.load(path: path).spec
    #expect(
      RunCommand.refusal(of: spec, in: path)
        == "\(path): sweep: found a sweep of 8 runs, expected a spec of one run; use eraft sweep")
    let single = try scratch.file("single.yaml", Self.spec.split(separator: "\n").dropLast().joined(separator: "\n"))
    let outcome = try SweepCommand.parse([single]).outcome()
    #expect(outcome.code == .unusable && outcome.errors[0].contains("use eraft run"))
    let explained = try ValidateCommand.parse([path]).outcome()
    #expect(explained.code == .success)
    #expect(explained.output[0].hasPrefix("tiny: a sweep of 8 runs"))
    #expect(explained.output[0].contains("8  size=large, seed=2, workload[0].rate=100/s"))
  }

  @Test("Progress is written over on a terminal, and said now and then elsewhere")
  func progress() {
    var terminal = SweepLine(isTerminal: true)
    #expect(
      terminal.update(SweepProgress(ended: 1, total: 4, failed: 0, share: 0.25), wallSeconds: 10)
        == "\r\u{1B}[K25 %: 1 of 4 runs, 0:30 left")
    #expect(terminal.update(SweepProgress(ended: 1, total: 4, failed: 0, share: 0.3), wallSeconds: 10.05) == nil)
    #expect(terminal.clear() == "\r\u{1B}[K")
    var plain = SweepLine(isTerminal: false)
    #expect(plain.update(SweepProgress(ended: 0, total: 4, failed: 0, share: 0.1), wallSeconds: 2) == nil)
    #expect(
      plain.update(SweepProgress(ended: 4, total: 4, failed: 1, share: 1), wallSeconds: 6)
        == "100 %: 4 of 4 runs, 1 failed\n")
    #expect(plain.clear() == nil)
  }

  @Test("the page is what the table says; ERAFT_REWRITE=1 writes it anew")
  func page() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/eraft/eraft.docc/Sweeps.md")
    if ProcessInfo.processInfo.environment["ERAFT_REWRITE"] == "1" {
      try SweepTable.reference.write(to: page, atomically: true, encoding: .utf8)
    }
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text == SweepTable.reference, "run the tests with ERAFT_REWRITE=1 to write the page anew")
  }
}
