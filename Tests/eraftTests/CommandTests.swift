import ArgumentParser
import Foundation
import Testing

@testable import eraft

@Suite("Commands")
struct CommandTests {
  private static let quickstart = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("experiments/quickstart.yaml").path

  /// What the process would print and exit with when the command line cannot be run.
  private func end(of arguments: [String]) -> CommandOutcome? {
    do {
      _ = try EraftCommand.parseAsRoot(arguments)
      return nil
    } catch {
      return EraftCommand.end(of: error)
    }
  }

  @Test("The plan of the quickstart is explained, with overrides in place")
  func plan() throws {
    let outcome = try ValidateCommand.parse([
      Self.quickstart, "--seed", "9", "--set", "duration=50s", "--set", "group.heartbeat=100ms",
    ]).outcome()
    #expect(outcome.code == .success)
    let text = outcome.output.joined(separator: "\n")
    #expect(text.hasPrefix("quickstart: raft, simulated world, seed 9, 50s"))
    #expect(text.contains("heartbeat: 100ms"))
    #expect(text.contains("us-east-1.0"))
  }

  @Test("Everything that is wrong with a spec is said, a line each")
  func problems() throws {
    let scratch = try Scratch()
    let path = try scratch.file(
      "bad.yaml",
      """
      name: bad
      sites: [us-east-1]
      group: {voters: {us-east-1: 3}, heartbeet: 1s, election_timeout: [-1s, 2s]}
      workload:
        - rate: 100/s
      """)
    let outcome = try ValidateCommand.parse([path]).outcome()
    #expect(outcome.code == .unusable)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.count >= 2)
    #expect(outcome.errors.allSatisfy { $0.hasPrefix("\(path):3:") && !$0.contains("\n") })
  }

  @Test("A spec that is not there is refused")
  func noSpec() throws {
    let outcome = try ValidateCommand.parse(["nowhere.yaml"]).outcome()
    #expect(outcome.code == .unusable)
    #expect(outcome.errors.count == 1)
  }

  @Test(
    "Lists have what specs may name",
    arguments: [
      ("matrices", ["aws-2020-06", "us-west-2"]), ("workloads", ["ycsb-b", "95 % read, 5 % update"]),
      ("faults", ["crash", "partition"]), ("machines", ["m5.large", "unlimited"]),
      ("traces", ["latency.csv", "history.jsonl", "manifest.json"]), ("keys", ["group.heartbeat", "faults[].crash"]),
    ])
  func lists(_ topic: String, _ words: [String]) throws {
    let outcome = try ListCommand.parse([topic]).outcome()
    #expect(outcome.code == .success)
    let text = outcome.output.joined(separator: "\n")
    for word in words { #expect(text.contains(word)) }
    #expect(!text.contains("`"))
  }

  @Test("The list of everything has all short lists")
  func everything() throws {
    let text = try ListCommand.parse([]).outcome().output.joined(separator: "\n")
    for word in ["aws-2020-06", "ycsb-a", "crash", "m5.large", "outages.csv", "eraft list keys"] {
      #expect(text.contains(word))
    }
  }

  @Test(
    "A bad command line exits with 2 and says so on standard error",
    arguments: [
      ["frobnicate"], ["--frobnicate"], ["validate"], ["validate", "a.yaml", "--seed", "minus"],
      ["list", "everything"], ["check"], ["check", "a", "b"],
    ])
  func usage(_ arguments: [String]) throws {
    let outcome = try #require(end(of: arguments))
    #expect(outcome.code == .unusable)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.first?.hasPrefix("Error: ") == true)
  }

  @Test("Help is no error", arguments: [["--help"], ["validate", "--help"], ["help", "check"]])
  func help(_ arguments: [String]) {
    var outcome: CommandOutcome?
    do {
      var command = try EraftCommand.parseAsRoot(arguments)
      try command.run()
    } catch {
      outcome = EraftCommand.end(of: error)
    }
    #expect(outcome?.code == .success)
    #expect(outcome?.errors.isEmpty == true)
    #expect(outcome?.output.first?.contains("USAGE: eraft") == true)
  }

  @Test("A command's own exit code is kept", arguments: [ExitCode.violation, .unusable])
  func codes(_ code: ExitCode) {
    #expect(EraftCommand.end(of: code) == CommandOutcome(code: code))
  }
}
