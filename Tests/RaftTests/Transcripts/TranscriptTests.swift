import Foundation
import Testing

@testable import Raft

/// Every transcript under `Scenarios` prints what it says it prints.
@Suite struct TranscriptTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scenarios")

  static let files: [String] =
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".txt") }.sorted()

  /// `ERAFT_REWRITE=1` writes what was printed into the file instead of comparing.
  static let rewrites = ProcessInfo.processInfo.environment["ERAFT_REWRITE"] == "1"

  @Test(arguments: files) func transcript(_ file: String) throws {
    let url = TranscriptTests.folder.appendingPathComponent(file)
    let text = try String(contentsOf: url, encoding: .utf8)
    let transcript = Transcript(text)
    var interpreter = Interpreter()
    let outputs: [[String]]
    do {
      outputs = try interpreter.run(transcript)
    } catch let error as ScriptError {
      Issue.record("\(file): \(error.message)")
      return
    }
    if TranscriptTests.rewrites {
      let rewritten = transcript.text(with: outputs)
      if rewritten != text { try rewritten.write(to: url, atomically: true, encoding: .utf8) }
      return
    }
    let differences = transcript.differences(from: outputs)
    if differences.isEmpty { return }
    // What follows the first difference is mostly its consequence.
    let shown = differences.prefix(3).map { "\(file):\($0)" }.joined(separator: "\n")
    Issue.record("\(shown)\n(\(differences.count) blocks differ; - is expected, + was found)")
  }
}
