import Foundation
import Raft
import Testing

@testable import Experiment

@Suite("Specs that nobody meant")
struct FuzzTests {
  /// `ERAFT_FUZZ_ROUNDS` sets how many specs are tried for each seed.
  @Test("a mangled quickstart gives a spec or errors, never a crash", arguments: 0..<8)
  func mutations(seed: Int) throws {
    let original = Array(try Samples.example("quickstart").utf8)
    let scraps: [[UInt8]] = [
      "*a", "&a", "[", "{", "]", "}", ": ", "- ", "? ", "\n", "\t", "  ", "\"", "'", "|", ">", "!!map ", "#", "---\n",
      "...",
      "-1", "0", "999999999999999999999", "1e999", "null", "~", "\u{0}", "\u{FEFF}", "é", "%", "<<: ", "@", ",", "all",
    ].map { Array($0.utf8) }
    var random = RandomSource(seed: UInt64(seed), stream: 77)
    let rounds = ProcessInfo.processInfo.environment["ERAFT_FUZZ_ROUNDS"].flatMap(Int.init) ?? 40
    for _ in 0..<rounds {
      var bytes = original
      for _ in 0...random.next(below: 4) {
        let position = Int(random.next(below: UInt64(bytes.count)))
        switch random.next(below: 4) {
        case 0: bytes[position] = UInt8(random.next(below: 256))
        case 1: bytes.removeSubrange(position..<min(bytes.count, position + 1 + Int(random.next(below: 12))))
        case 2: bytes.insert(contentsOf: scraps[Int(random.next(below: UInt64(scraps.count)))], at: position)
        default:
          let other = Int(random.next(below: UInt64(bytes.count)))
          bytes.insert(
            contentsOf: bytes[min(position, other)..<min(max(position, other), min(position, other) + 40)], at: position
          )
        }
        if bytes.isEmpty { bytes = original }
      }
      check(bytes)
    }
  }

  private func check(_ bytes: [UInt8]) {
    do throws(SpecRefusal) {
      let loaded = try SpecLoader.parse(bytes, source: "f", overrides: [], seed: nil) { _ in
        .failure(CompanionFileError(reason: "none"))
      }
      let written = loaded.spec.canonicalYAML
      #expect((try? SpecLoader.parse(written).spec) == loaded.spec, "\(written)")
      _ = loaded.spec.effectiveDescription
    } catch {
      #expect(!error.problems.isEmpty)
      #expect(error.problems.allSatisfy { !$0.description.contains("\n") }, "\(error)")
    }
  }

  @Test("bombs are refused at once")
  func bombs() {
    var aliases = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for (last, next) in zip("abcdefghijklmnop", "bcdefghijklmnopq") {
      aliases += "\(next): &\(next) [*\(last), *\(last), *\(last), *\(last), *\(last), *\(last), *\(last)]\n"
    }
    #expect(Samples.problems(aliases + "? *q\n: x\n").count == 1)
    let brackets = String(repeating: "[", count: 200_000)
    #expect(Samples.problems("name: \(brackets)").count == 1)
    let deep = "name: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(Samples.problems(deep) == ["spec.yaml:1:23: found values nested deeper than 16 levels"])
    #expect(Samples.problems(String(repeating: "- ", count: 5_000)).count == 1)
    #expect(
      Samples.problems(String(repeating: "#", count: 1 << 20) + "\n")
        == ["spec.yaml: found 1048577 bytes, expected at most 1048576"])
    #expect(Samples.problems(String(repeating: "k: v\n", count: 10_000)).count == 1)
    let keys = (0..<5_000).map { "k\($0): v" }.joined(separator: "\n")
    #expect(Samples.problems(keys).count == Reading.problemLimit)
  }
}
