import Foundation
import Testing

@testable import Experiment

@Suite("The reference and the code")
struct ReferenceTests {
  static let page = Samples.packageRoot.appendingPathComponent("Sources/Experiment/Experiment.docc/SpecReference.md")

  @Test("the page is what the table says; ERAFT_REWRITE=1 writes it anew")
  func page() throws {
    if ProcessInfo.processInfo.environment["ERAFT_REWRITE"] == "1" {
      try SpecReference.markdown.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(text == SpecReference.markdown, "run the tests with ERAFT_REWRITE=1 to write the page anew")
  }

  @Test("no key is documented twice, and each says what it means")
  func keys() {
    let paths = SpecReference.keys.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(SpecReference.keys.allSatisfy { !$0.meaning.isEmpty && !$0.type.isEmpty && !$0.fallback.isEmpty })
  }

  /// Sets each documented key to a text that fits none: the complaint must be about the value or its neighbours, never
  /// that the key is unknown.
  @Test("every documented key is read")
  func documentedKeysAreRead() {
    for key in SpecReference.keys where !key.path.contains("[].") || key.path.hasPrefix("workload[].") {
      let path = key.path.replacing("[]", with: "[0]")
      let found = Samples.problems(Samples.minimal, set: ["\(path)=\"?!\""])
      let refusal = found.first { $0.contains("\(path): found ?!") }
      #expect(refusal != nil, "\(path): \(found)")
    }
  }

  @Test("every key of every example is documented")
  func examplesAreDocumented() throws {
    let documented = Set(SpecReference.keys.map(\.path))
    // Below these stand names of the user's own.
    let open = ["group.voters", "group.learners", "links.matrix", "workload[].mix"]
    for name in Samples.examples {
      let reading = Reading(source: name) { _ in .failure(CompanionFileError(reason: "")) }
      let root = try #require(
        SpecDocument.read(try Samples.example(name), reading: reading, place: { _, _ in .file(name) }))
      for path in Self.paths(root, "") where !open.contains(where: { path.hasPrefix($0 + ".") }) {
        #expect(documented.contains(path), "\(name): \(path)")
      }
    }
  }

  private static func paths(_ node: SpecNode, _ path: String) -> [String] {
    if let entries = node.entries {
      return entries.flatMap { entry in
        let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
        return [inner] + paths(entry.value, inner)
      }
    }
    return (node.items ?? []).flatMap { paths($0, path + "[]") }
  }
}
