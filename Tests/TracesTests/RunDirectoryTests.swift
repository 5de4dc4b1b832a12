import Foundation
import Raft
import Testing

@testable import Traces

@Suite struct RunDirectoryTests {
  private let manifest = Manifest(
    name: "quick", world: "simulated", seed: .max, spec: "name: quick\nnote: \"é\\n\"\n", version: "0.1.0",
    host: HostFacts(system: "Linux", architecture: "x86_64", swift: "6.3"))

  private func traces(_ path: String, history: Bool = true) throws -> RunTraces {
    let recorder = Recorder(names: threeSites(), settings: try RecorderSettings())
    return try RunTraces(path: path, manifest: manifest, recorder: recorder, history: history)
  }

  @discardableResult
  private func run(_ path: String, count: Int = 50, complete: Bool = true) throws -> Manifest {
    let traces = try traces(path)
    for index in 0..<count {
      try traces.record(
        operation(
          sequence: UInt64(index + 1), isRead: index % 2 == 0, intended: Double(index) * 100,
          ended: Double(index) * 100 + 20))
    }
    return try traces.finish(at: at(Double(count) * 100), complete: complete) { "ok, \($0.total?.ok ?? 0) operations" }
      .manifest
  }

  @Test func manifestComesBackAsItWasWritten() throws {
    let scratch = try Scratch()
    var manifest = manifest
    for files in [[], [FileDigest(name: "latency.csv", rows: 1, bytes: 2, crc32: "0000abcd")]] {
      manifest.files = files
      manifest.verdict = files.isEmpty ? nil : "linearizable"
      manifest.duration = .microseconds(1_234_567)
      _ = try scratch.write(manifest.json, to: "manifest.json")
      #expect(try Manifest(directory: scratch.path) == manifest)
      #expect(try JSONSerialization.jsonObject(with: Data(manifest.json.utf8)) is [String: Any])
    }
  }

  @Test(arguments: [
    ("\"format\": 1", "\"format\": 2"), ("\"world\"", "\"planet\""), ("latency.csv", "../latency.csv"),
    ("0.000000", "0.0"), ("\"seed\": 18446744073709551615,", ""), ("\"rows\": 1", "\"rows\": \"1\""),
  ])
  func brokenManifestIsRefused(good: String, bad: String) throws {
    let scratch = try Scratch()
    var manifest = manifest
    manifest.files = [FileDigest(name: "latency.csv", rows: 1, bytes: 2, crc32: "0000abcd")]
    _ = try scratch.write(manifest.json.replacingOccurrences(of: good, with: bad), to: "manifest.json")
    #expect(throws: TraceError.self) { try Manifest(directory: scratch.path) }
  }

  @Test func runLeavesEveryFileAndItsChecksum() throws {
    let scratch = try Scratch()
    let path = scratch.file("runs/a-simulated-1")
    let manifest = try run(path)
    #expect(try Manifest(directory: path) == manifest)
    #expect(manifest.files.map(\.name) == TraceFile.allCases.map(\.name))
    #expect(manifest.isComplete && manifest.verdict == "ok, 50 operations" && manifest.duration == .seconds(5))
    #expect(try RunDirectory.verify(path) == [])
    #expect(try CSVReader<LatencyRow>.readAll(path: "\(path)/latency.csv").rows.count == 50)
    #expect(try CSVReader<LatencyWindowRow>.readAll(path: "\(path)/latency_windows.csv").rows.count == 5 * 4 * 3)
    #expect(try HistoryReader.readAll(path: "\(path)/history.jsonl").entries.count == 50)
    #expect(!FileManager.default.fileExists(atPath: "\(path)/manifest.json.new"))
  }

  @Test func twoRunsLeaveTheSameBytes() throws {
    let scratch = try Scratch()
    let first = try run(scratch.file("a"))
    #expect(try run(scratch.file("b")) == first)
    #expect(try scratch.read("a/manifest.json") == scratch.read("b/manifest.json"))
  }

  @Test func anEarlierRunIsReplacedAndForeignFilesStay() throws {
    let scratch = try Scratch()
    try run(scratch.file("run"), count: 80)
    _ = try scratch.write("mine", to: "run/notes.txt")
    let manifest = try run(scratch.file("run"), complete: false)
    #expect(try scratch.read("run/notes.txt") == "mine")
    #expect(try Manifest(directory: scratch.file("run")) == manifest && !manifest.isComplete)
    #expect(try RunDirectory.verify(scratch.file("run")) == [])
  }

  @Test func damageIsFound() throws {
    let scratch = try Scratch()
    try run(scratch.file("run"))
    let text = try scratch.read("run/latency.csv")
    _ = try scratch.write(text.replacingOccurrences(of: ",ok", with: ",OK"), to: "run/latency.csv")
    _ = try scratch.write("", to: "run/outages.csv")
    try FileManager.default.removeItem(atPath: scratch.file("run/faults.csv"))
    let kinds = try RunDirectory.verify(scratch.file("run")).map { String(describing: $0).prefix { $0 != ":" } }
    #expect(kinds == ["latency.csv", "outages.csv", "faults.csv"])
  }

  @Test func aDirectoryThatHoldsSomethingElseIsLeftAlone() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.file("home"), withIntermediateDirectories: false)
    _ = try scratch.write("mine", to: "home/latency.csv")
    #expect(throws: TraceError.notARunDirectory(path: scratch.file("home"))) { try traces(scratch.file("home")) }
    #expect(try scratch.read("home/latency.csv") == "mine")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("home")) == ["latency.csv"])
  }

  @Test func twoProcessesDoNotShareADirectory() throws {
    let scratch = try Scratch()
    let first = try traces(scratch.file("run"))
    #expect(throws: TraceError.inUse(path: scratch.file("run"))) { try traces(scratch.file("run")) }
    _ = try first.finish(at: at(0), complete: true) { _ in nil }
  }

  @Test func aStartThatFailsLeavesNothing() throws {
    let scratch = try Scratch()
    _ = try scratch.write("", to: "file")
    #expect(throws: TraceError.self) { try traces(scratch.file("file/run")) }
    #expect(throws: TraceError.self) { try traces(scratch.file("runs/\(String(repeating: "x", count: 300))")) }
    #expect(try scratch.names() == ["file"])
    let directory = try RunDirectory(path: scratch.file("a/b"), manifest: manifest)
    #expect(try scratch.names() == ["a", "file"])
    directory.abandon()
    #expect(try scratch.names() == ["file"])
  }

  @Test func aRunThatWasKilledLeavesWholeRowsAndARunDirectory() throws {
    let scratch = try Scratch()
    do {
      let killed = try traces(scratch.file("run"))
      for index in 0..<3_000 {
        try killed.record(operation(sequence: UInt64(index), intended: Double(index), ended: Double(index) + 1))
      }
    }
    #expect(try Manifest(directory: scratch.file("run")).isComplete == false)
    let read = try CSVReader<LatencyRow>.readAll(path: scratch.file("run/latency.csv"))
    #expect(read.rows.count > 500 && read.rows.count <= 3_000 && !read.isTruncated)
    try run(scratch.file("run"))
  }

  @Test func namesOfRunsArePlain() throws {
    #expect(try RunDirectory.name(spec: "quick.start", world: "simulated", seed: 7) == "quick.start-simulated-7")
    for bad in ["", ".", "..", "a/b", "-x", "a b", "é", String(repeating: "x", count: 101)] {
      #expect(throws: TraceError.badName(bad)) { try RunDirectory.name(spec: bad, world: "simulated", seed: 7) }
    }
  }
}
