import ArgumentParser
import Foundation
import Testing

@testable import eraft

@Suite("eraft check")
struct CheckTests {
  private func check(_ path: String) throws -> CommandOutcome { try CheckCommand.parse([path]).outcome() }

  @Test("A linearizable history passes")
  func good() throws {
    let scratch = try Scratch()
    let outcome = try check(scratch.run(Sample.good))
    #expect(outcome.code == .success)
    #expect(outcome.errors.isEmpty)
    let text = outcome.output.joined(separator: "\n")
    #expect(text.contains("files: 1 as the manifest says"))
    #expect(text.contains("linearizability  pass: 4 operations checked"))
    #expect(text.hasSuffix("verdict: pass"))
  }

  @Test("A stale read fails and is shown")
  func stale() throws {
    let scratch = try Scratch()
    let outcome = try check(scratch.run(Sample.stale))
    #expect(outcome.code == .violation)
    let text = outcome.output.joined(separator: "\n")
    #expect(text.contains("client 2 #21: saw nothing"))
    #expect(text.hasSuffix("verdict: FAIL"))
  }

  @Test("A run that failed other checks does not pass by its history")
  func failedRun() throws {
    let scratch = try Scratch()
    let outcome = try check(scratch.run(Sample.good, verdict: "fail"))
    #expect(outcome.code == .violation)
    #expect(outcome.output.contains("verdict of the run itself: fail"))
  }

  @Test("A history that was cut off decides nothing", arguments: [1, 90])
  func truncated(_ bytes: Int) throws {
    let scratch = try Scratch()
    let run = try scratch.run(Sample.stale)
    let path = "\(run)/history.jsonl"
    try #require(FileManager.default.contents(atPath: path)).dropLast(bytes).write(to: URL(fileURLWithPath: path))
    let outcome = try check(run)
    #expect(outcome.code == .unusable)
    let errors = outcome.errors.joined(separator: "\n")
    #expect(errors.contains("the manifest says"))
    #expect(errors.contains("history.jsonl is cut off"))
    #expect(outcome.output.last == "verdict: unknown")
  }

  @Test("A changed byte is found")
  func damaged() throws {
    let scratch = try Scratch()
    let run = try scratch.run(Sample.good)
    let path = "\(run)/history.jsonl"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("\"here\"", with: "\"hare\"").write(toFile: path, atomically: false, encoding: .utf8)
    let outcome = try check(run)
    #expect(outcome.code == .unusable)
    #expect(outcome.errors.contains { $0.contains("CRC-32") })
  }

  @Test("A line that is no entry is named")
  func malformed() throws {
    let scratch = try Scratch()
    let run = try scratch.run(Sample.good)
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: "\(run)/history.jsonl"))
    let outcome = try check(run)
    #expect(outcome.code == .unusable)
    #expect(outcome.errors.contains { $0.contains("history.jsonl:1: ") })
  }

  @Test("A missing history is said to be missing")
  func missing() throws {
    let scratch = try Scratch()
    let run = try scratch.run(Sample.good)
    try FileManager.default.removeItem(atPath: "\(run)/history.jsonl")
    let outcome = try check(run)
    #expect(outcome.code == .unusable)
    #expect(outcome.errors.contains { $0.contains("history.jsonl") && $0.contains("cannot") })
  }

  @Test("A run that was killed is not taken for a whole one")
  func killed() throws {
    let scratch = try Scratch()
    let outcome = try check(scratch.run(nil, verdict: nil, complete: false))
    #expect(outcome.code == .unusable)
    #expect(outcome.errors.contains { $0.contains("the run was interrupted") })
  }

  @Test("What is no run directory is refused in one line")
  func noRun() throws {
    let scratch = try Scratch()
    for path in [scratch.path, "\(scratch.path)/nothing"] {
      let outcome = try check(path)
      #expect(outcome.code == .unusable)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.count == 1)
      #expect(outcome.errors.first?.contains("manifest.json") == true)
    }
  }
}
