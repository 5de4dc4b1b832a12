import Experiment
import Foundation
import KeyValue
import Raft
import Testing
import Traces
import Verification
import Workload

@testable import Driver

/// A folder that goes away with the test.
struct Scratch: ~Copyable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "eraft-driver-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A small experiment: three regions, five voters, and whatever the test adds.
func spec(_ more: String, seed: UInt64 = 1) throws -> ExperimentSpec {
  try SpecLoader.parse(
    """
    name: test
    duration: 20s
    warmup: 2s
    sites: [us-east-1, us-west-2, eu-central-1]
    links: {matrix: aws-2020-06, jitter: {model: gamma, shape: 2, scale: 200us}}
    group:
      voters: {us-east-1: 2, us-west-2: 2, eu-central-1: 1}
      election_timeout: [1s, 2s]
    workload:
      - {mix: ycsb-a, rate: 150/s, arrival: poisson, keys: {distribution: zipfian, count: 200}, value: 64B}
    \(more)
    """, seed: seed
  ).spec
}

/// What all files of a directory hold.
func files(_ directory: String) throws -> [String: Data] {
  var contents: [String: Data] = [:]
  for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
    contents[name] = try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name))
  }
  return contents
}

/// All rows of one of a run's traces.
func rows<Row: TraceRow>(_ type: Row.Type, _ outcome: RunOutcome) throws -> [Row] {
  try CSVReader<Row>.readAll(path: outcome.directory + "/" + Row.schema.file.name).rows
}

@Suite struct RunTests {
  @Test func theSameSpecAndSeedLeaveTheSameBytesAndAnotherSeedDoesNot() throws {
    let scratch = try Scratch()
    let faults = "faults: [{at: 8s, crash: leader, restart_after: 4s}, {at: 14s, pause: follower, for: 2s}]"
    for (place, seed) in [(0, UInt64(1)), (1, 1), (2, 2)] {
      let outcome = try ExperimentRun(spec(faults, seed: seed), directory: scratch.path + "/\(place)").run()
      #expect(outcome.report.verdict == .pass)
    }
    let (first, second, third) = (
      try files(scratch.path + "/0"), try files(scratch.path + "/1"), try files(scratch.path + "/2")
    )
    #expect(first.count >= 10)
    #expect(first == second)
    #expect(first["latency.csv"] != third["latency.csv"])
  }

  @Test func aRunThatIsInterruptedLeavesWholeTraces() throws {
    let scratch = try Scratch()
    var polls = 0
    let outcome = try ExperimentRun(spec(""), directory: scratch.path + "/run").run(
      isInterrupted: {
        polls += 1
        return polls > 60
      })
    #expect(!outcome.isComplete)
    #expect(try RunDirectory.verify(outcome.directory).isEmpty)
    let (entries, isTruncated) = try HistoryReader.readAll(path: outcome.directory + "/history.jsonl")
    #expect(!isTruncated)
    #expect(entries.count > 200)
    #expect(try !Manifest(directory: outcome.directory).isComplete)
  }

  /// What was under way when the run ended may have been seen by others, so it belongs to the history.
  @Test func aRunThatIsInterruptedAnywhereIsLinearizable() throws {
    let scratch = try Scratch()
    let spec = try SpecLoader.parse(
      """
      name: test
      duration: 20s
      sites: [us-east-1, us-west-2, eu-central-1]
      links: {matrix: aws-2020-06}
      group: {voters: {us-east-1: 1, us-west-2: 1, eu-central-1: 1}}
      workload: [{mix: appends, rate: 60/s, keys: {distribution: uniform, count: 1}, value: 16B}]
      """, seed: 1
    ).spec
    for polls in stride(from: 30, through: 60, by: 3) {
      var left = polls
      let outcome = try ExperimentRun(spec, directory: scratch.path + "/\(polls)").run(
        isInterrupted: {
          left -= 1
          return left < 0
        })
      #expect(!outcome.isComplete)
      #expect(outcome.report.verdict == .pass, "\(polls) polls: \(outcome.report)")
    }
  }

  @Test func everyStepIsCheckedWhileEverythingBreaks() throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(
      spec(
        """
        record: {checks: every-step}
        faults:
          - {at: 4s, crash: leader, restart_after: 3s}
          - {at: 8s, partition: [[us-east-1], [us-west-2, eu-central-1]], for: 3s}
          - {at: 9s, clock: follower, error: 1%, for: 5s}
          - {at: 12s, disk: follower, problem: stall, for: 1s}
          - {at: 13s, transfer: follower}
          - {at: 15s, add: eu-central-1, as: voter}
        """), directory: scratch.path + "/run"
    ).run()
    #expect(outcome.report.verdict == .pass, "\(outcome.report)")
    #expect(outcome.faults.injected >= 5)
  }

  @Test(arguments: [
    "[{at: 7s, disk: eu-central-1.0, problem: read-error}, {at: 8s, crash: eu-central-1.0, restart_after: 2s}]",
    """
    [{at: 7s, disk: eu-central-1.0, problem: read-error}, {at: 8s, crash: eu-central-1.0},
     {at: 10s, restart: eu-central-1.0}]
    """,
  ])
  func aMachineThatRefusesToStartIsOnRecordAndNoViolation(faults: String) throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(spec("faults: \(faults)"), directory: scratch.path + "/run").run()
    #expect(outcome.report.verdict == .pass, "\(outcome.report)")
    let rows = try CSVReader<FaultRow>.readAll(path: outcome.directory + "/faults.csv").rows
    let failed = rows.filter { $0.outcome == .failed }
    #expect(failed.map(\.label) == ["restart eu-central-1.0"])
    #expect(failed.map(\.detail) == ["the disk is unreadable"])
    #expect(failed.map(\.at) == [.zero + .seconds(10)])
  }
}

@Suite struct LeaderCrashTests {
  /// The crash of a leader: bounds on the time without one, nothing acknowledged is lost, and the outage is on record.
  @Test(arguments: [UInt64(1), 2, 3, 4, 5]) func aLeaderCrashIsOverWithinItsBounds(seed: UInt64) throws {
    let scratch = try Scratch()
    let spec = try spec("faults: [{at: 9s, crash: leader, restart_after: 6s}]", seed: seed)
    let outcome = try ExperimentRun(spec, directory: scratch.path + "/run").run()
    #expect(outcome.report.verdict == .pass)

    let elections = try CSVReader<ElectionRow>.readAll(path: outcome.directory + "/elections.csv").rows
    let crash = try #require(elections.first { $0.trigger == .crash })
    // The last heartbeat may be one interval and a journey old. Then the shortest timeout has to pass; at the latest the
    // longest one has, for each split round; then pre-vote and vote take a round trip each, at most 0.2 s here.
    let leaderless = crash.won - crash.lost
    #expect(crash.lost == .zero + .seconds(9))
    let raft = spec.group.raft
    #expect(leaderless >= raft.electionTimeout.lowerBound - raft.heartbeatInterval - .milliseconds(1))
    let rounds = Int64(crash.rounds)
    #expect(leaderless <= (spec.group.raft.electionTimeout.upperBound + .milliseconds(400)) * rounds)

    let outages = try CSVReader<OutageRow>.readAll(path: outcome.directory + "/outages.csv").rows
    let writes = outages.filter { $0.kind == .write }
    #expect(writes.count == 1)
    #expect(writes.first?.cause.hasPrefix("crash") == true)

    // Derived again from nothing but the history: the longest gap between two successful writes that began before it.
    let history = try HistoryReader.readAll(path: outcome.directory + "/history.jsonl").entries
    let ends = history.filter {
      if case .ok = $0.outcome { !$0.operation.isRead } else { false }
    }.map(\.returned).sorted()
    let gap = zip(ends, ends.dropFirst()).max { $0.1 - $0.0 < $1.1 - $1.0 }
    let longest = try #require(gap)
    let outage = try #require(writes.first)
    // The outage begins when the first write that ended in the gap was begun, and not before the gap. Traces round to
    // microseconds.
    let waiting = history.filter { !$0.operation.isRead && $0.returned > longest.0 && $0.returned <= longest.1 }
    let began = max(longest.0, waiting.map(\.invoked).min() ?? longest.0)
    func isNear(_ left: Instant, _ right: Instant) -> Bool {
      (left - right).nanoseconds.magnitude <= 1_000
    }
    #expect(isNear(outage.start, began))
    #expect(isNear(outage.end, longest.1))
  }
}
