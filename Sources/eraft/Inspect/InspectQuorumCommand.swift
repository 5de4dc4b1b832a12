import ArgumentParser
import Foundation

/// `eraft inspect quorum FILE`: says what quorums decide, by the algebra of the core.
struct InspectQuorumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quorum",
    abstract: "Say what quorums decide: committed indexes and the results of votes.",
    discussion: """
      FILE holds a JSON list of cases such as

        {"kind": "joint", "c": [1, 2, 3], "cj": [3, 4],
         "acked": {"1": 12, "3": 7, "4": 9}, "votes": {"1": true}}

      kind   majority, or joint for a configuration with two halves
      c      the ids of the voters; with joint, of the incoming half
      cj     the ids of the outgoing half; only with joint
      acked  by id, the last index that the voter acknowledged
      votes  by id, whether the voter granted its vote

      Printed is a JSON list with an object for each case: {"committed": 7, "vote": "pending"}. committed is there \
      when the case has acked, vote (won, lost or pending) when it has votes. Ids and indexes are whole numbers \
      from 0 to 2^64 - 1.

      As in etcd's quorum package: a voter without an entry in acked has acknowledged index 0, and one without an \
      entry in votes has not voted yet; entries of others than the voters are ignored. A half without voters wins \
      every vote and has committed every index, so in a joint configuration the other half decides; without any \
      voters committed is the string "infinity".

      Exit codes: 0 the cases were decided; 2 the input is of no use, which is said in one line on standard error.
      """
  )

  @Argument(help: "The file with the cases; - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    do throws(QuorumInputProblem) {
      var reader = QuorumCaseReader(source: file == "-" ? "standard input" : file)
      let decisions = try reader.decisions(of: try InputFile.bytes(of: file, source: reader.source))
      guard !decisions.isEmpty else { return CommandOutcome(output: ["[]"]) }
      return CommandOutcome(output: ["[", decisions.map { "  " + $0 }.joined(separator: ",\n"), "]"])
    } catch {
      return CommandOutcome(errors: [error.description], code: .unusable)
    }
  }
}

/// Reads a whole file of a bounded size.
enum InputFile {
  /// The largest file that is read.
  static let limit = 64 << 20

  /// The bytes of a file, or of standard input for `-`.
  static func bytes(of path: String, source: String) throws(QuorumInputProblem) -> [UInt8] {
    guard let file = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path) else {
      throw QuorumInputProblem(source: source, found: "no file that can be opened", expected: "a JSON file")
    }
    var data = Data()
    do {
      while data.count <= limit, let block = try file.read(upToCount: 1 << 20), !block.isEmpty { data.append(block) }
    } catch {
      throw QuorumInputProblem(source: source, found: "no file that can be read", expected: "a JSON file")
    }
    guard data.count <= limit else {
      throw QuorumInputProblem(
        source: source, found: "more than \(limit >> 20) MiB", expected: "at most \(limit >> 20) MiB")
    }
    return Array(data)
  }
}
