import Emulation
import Foundation
import Raft
import Testing
import Workload

@testable import Experiment

@Suite("Specs in files")
struct FileTests {
  /// A folder of the test's own, with files of given contents.
  private func withFolder(_ files: [String: String], _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("experiment-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    try body(folder)
  }

  private func problems(_ path: String) -> [String] {
    do throws(SpecRefusal) {
      _ = try SpecLoader.load(path: path)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("files that cannot be read are refused in one line")
  func unreadable() throws {
    try withFolder([:]) { folder in
      let path = folder.path
      #expect(
        problems("\(path)/none.yaml") == [
          "\(path)/none.yaml: found a file that cannot be used: no such file or directory"
        ])
      #expect(problems(path) == ["\(path): found a file that cannot be used: is a directory"])
    }
  }

  @Test("a file of 100 MB is refused by its size")
  func huge() throws {
    try withFolder(["huge.yaml": ""]) { folder in
      let file = folder.appendingPathComponent("huge.yaml")
      let handle = try FileHandle(forWritingTo: file)
      try handle.truncate(atOffset: 100_000_000)
      try handle.close()
      #expect(
        problems(file.path) == [
          "\(file.path): found a file that cannot be used: it has 100000000 bytes, expected at most 1048576"
        ])
    }
  }

  @Test("matrices and rate traces beside the spec are read, and written back without the files")
  func companions() throws {
    let spec = Samples.minimal(with: "links: {matrix: rtt.csv}\n")
      .replacing("rate: 100/s", with: "trace: load.csv")
    let files = [
      "spec.yaml": spec, "rtt.csv": "from,to,rtt_ms\nus-east-1,us-west-2,70.5\n",
      "load.csv": "time_s,rate_per_s\n0,100\n10.5,250.25\n",
    ]
    try withFolder(files) { folder in
      let loaded = try SpecLoader.load(path: folder.appendingPathComponent("spec.yaml").path).spec
      #expect(try loaded.links.table(sites: loaded.sites)[SiteID(1), SiteID(0)].delay == .microseconds(35_250))
      #expect(
        loaded.workload[0].load.arrival
          == .trace(points: [
            RatePoint(time: .zero, rate: 100), RatePoint(time: .milliseconds(10_500), rate: 250.25),
          ]))
      #expect(try SpecLoader.parse(loaded.canonicalYAML).spec == loaded)
    }
  }

  @Test("errors of those files stand at the key that names them")
  func brokenCompanions() throws {
    let spec = Samples.minimal(with: "links: {matrix: rtt.csv}\n").replacing("rate: 100/s", with: "trace: load.csv")
    try withFolder(["spec.yaml": spec, "rtt.csv": "from,to,rtt_ms\na,b,fast\n"]) { folder in
      let path = folder.appendingPathComponent("spec.yaml").path
      let found = problems(path)
      #expect(found.count == 2)
      #expect(
        found.first
          == "\(path):5:12: workload[0].trace: found load.csv, expected a readable CSV file: no such file or directory")
      #expect(
        found.last?.hasPrefix(
          "\(path):6:17: links.matrix: found a CSV file with an error: rtt.csv, line 2, column rtt_ms: found 'fast'")
          == true)
    }
  }
}
