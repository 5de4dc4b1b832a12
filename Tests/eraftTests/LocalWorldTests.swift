import Foundation
import Raft
import Testing
import Traces

/// Runs of real processes, by the real program.
@Suite(.serialized) struct LocalWorldTests {
  @Test func threeVotersServeAndAllChecksPass() throws {
    let run = try LocalProgram("duration: 3s")
    #expect(try run.finish() == 0, "\(run.text)")
    let manifest = try Manifest(directory: run.directory)
    #expect(manifest.world == "local" && manifest.isComplete && manifest.verdict == "pass")
    #expect(try RunDirectory.verify(run.directory).isEmpty)
    let latency = try run.rows(LatencyRow.self)
    #expect(latency.count > 100 && latency.filter { $0.outcome == .ok }.count > 100)
    #expect(Set(latency.map(\.site)) == ["us-east-1", "us-east-2"])
    #expect(try run.rows(ElectionRow.self).count >= 1)
    #expect(Set(try run.rows(TrafficRow.self).map(\.node)).count == 3)
    #expect(try run.leftovers().isEmpty)
  }

  @Test func aCrashedLeaderIsReplacedAndComesBack() throws {
    let run = try LocalProgram(
      """
      duration: 6s
      faults:
        - {at: 2s, crash: leader, restart_after: 1s}
        - {at: 4s, partition: [[us-east-2], [us-east-1]], for: 500ms}
        - {at: 5s, pause: follower, for: 300ms}
      """)
    #expect(try run.finish() == 0, "\(run.text)")
    let faults = try run.rows(FaultRow.self)
    #expect(faults.map(\.fault).sorted() == ["crash", "partition", "pause"])
    #expect(faults.allSatisfy { $0.outcome == .injected && $0.until != nil })
    let elections = try run.rows(ElectionRow.self)
    #expect(elections.contains { $0.trigger == .crash && $0.oldLeader != $0.newLeader })
    let crash = try #require(faults.first { $0.fault == "crash" })
    let traffic = try run.rows(TrafficRow.self).filter { $0.node == crash.resolved }
    #expect(traffic.contains { $0.start >= crash.until! })
    #expect(try run.leftovers().isEmpty)
  }

  @Test func aRevokedSecretaryAndANewVoterComeAndGo() throws {
    let run = try LocalProgram(
      """
      duration: 9s
      system: geo-raft
      costs: none
      fleet: {secretaries: {us-east-2: 1}, observers: {us-east-1: 1}}
      spot: {start_up: 0s, boot: 0s}
      faults:
        - {at: 2s, revoke: secretary, notice: 500ms}
        - {at: 3s, add: us-east-2, as: voter}
        - {at: 3500ms, revoke: observer, notice: 0s}
        - {at: 4s, remove: us-east-1.1}
      """)
    #expect(try run.finish() == 0, "\(run.text)")
    let revocations = try run.rows(RevocationRow.self)
    #expect(revocations.map(\.node) == ["us-east-2.s0", "us-east-1.o0"])
    #expect(revocations.first?.noticed != nil && revocations.last?.noticed == nil)
    let changes = try run.rows(MembershipRow.self).filter { $0.change != .initial }
    #expect(changes.contains { $0.change == .hire && $0.role == .secretary })
    #expect(changes.contains { $0.change == .addVoter && $0.node == "us-east-2.1" })
    #expect(changes.contains { $0.change == .remove && $0.node == "us-east-1.1" })
    #expect(try run.rows(LatencyRow.self).contains { $0.role == .observer })
    #expect(try run.leftovers().isEmpty)
  }

  @Test func aKilledDriverLeavesNothing() async throws {
    let run = try LocalProgram(Self.endless)
    try await run.wait { try run.processes().contains { $0.stands } }
    // Nodes, loads, and who cleans up.
    #expect(try run.processes().count == 6)
    kill(run.pid, SIGKILL)
    _ = try run.finish()
    try await run.wait { try run.leftovers().isEmpty }
  }

  @Test func anInterruptedRunLeavesWholeTraces() async throws {
    let run = try LocalProgram(Self.endless)
    try await run.wait { try run.processes().contains { $0.stands } }
    kill(run.pid, SIGINT)
    #expect(try run.finish() == 1, "\(run.text)")
    let manifest = try Manifest(directory: run.directory)
    #expect(!manifest.isComplete && manifest.verdict == "pass")
    #expect(try RunDirectory.verify(run.directory).isEmpty)
    #expect(try !run.rows(LatencyRow.self).isEmpty)
    #expect(try run.leftovers().isEmpty)
  }

  /// A run that has to be ended; once one of its nodes stands still it is under way.
  private static let endless = """
    duration: 60s
    faults: [{at: 2s, pause: any, for: 50s}]
    """

  @Test func aStartThatFailsLeavesNoProcess() throws {
    // There are fewer descriptors than the processes need.
    let run = try LocalProgram("duration: 3s", limits: "ulimit -n 24; ")
    #expect(try run.finish() == 1, "\(run.text)")
    #expect(run.text.contains("eraft: "))
    #expect(try run.leftovers().isEmpty)
  }
}

/// `eraft run SPEC --world local` on a small spec.
private final class LocalProgram {
  let directory: String
  private let scratch: Scratch
  private let process = Process()
  private let output: String

  init(_ more: String, limits: String = "") throws {
    scratch = try Scratch()
    directory = scratch.path + "/run"
    output = scratch.path + "/output.txt"
    let spec = try scratch.file(
      "spec.yaml",
      """
      name: tiny
      warmup: 1s
      sites: [us-east-1, us-east-2]
      links: {matrix: aws-2020-06, jitter: {model: gamma, shape: 2, scale: 100us}}
      group:
        voters: {us-east-1: 2, us-east-2: 1}
        heartbeat: 50ms
        election_timeout: [400ms, 800ms]
        relay: {timeout: 150ms}
      workload:
        - {mix: ycsb-a, rate: 80/s, keys: {distribution: uniform, count: 50}, value: 32B}
      clients: {read_from: leader, deadline: 3s}
      \(more)
      """)
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "\(limits)exec \"$0\" run \"$1\" --world local --out \"$2\" >\"$3\" 2>&1", LocalProgram.path, spec,
      directory,
      output,
    ]
    try process.run()
  }

  /// The program, which is built beside the tests.
  private static var path: String {
    let own = try! FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("eraft").path
  }

  var pid: pid_t { process.processIdentifier }

  /// Waits for its end; how it ended.
  func finish() throws -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// What it printed.
  var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

  /// All rows of a trace.
  func rows<Row: TraceRow>(_ type: Row.Type) throws -> [Row] {
    try CSVReader<Row>.readAll(path: directory + "/" + Row.schema.file.name).rows
  }

  /// All processes that work for the run: their commands, and whether they stand still.
  func processes() throws -> [(command: String, stands: Bool)] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { entry in
      guard Int(entry) != nil, let command = text(of: "/proc/\(entry)/cmdline"),
        command.contains("\(directory)/processes")
      else { return nil }
      let state = text(of: "/proc/\(entry)/stat")?.split(separator: ")").last?.split(separator: " ").first
      return (command.replacing("\0", with: " "), state == "T")
    }
  }

  private func text(of path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What is left of the run beside its traces.
  func leftovers() throws -> [String] {
    let path = directory + "/processes"
    return try processes().map(\.command) + (FileManager.default.fileExists(atPath: path) ? [path] : [])
  }

  /// Waits until something holds, within a bound that is generous for a busy machine.
  func wait(_ holds: () throws -> Bool) async throws {
    for _ in 0..<1_200 {
      if try holds() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("it does not come about: \(text)")
  }

  deinit { if process.isRunning { process.terminate() } }
}
