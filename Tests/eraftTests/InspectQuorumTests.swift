import ArgumentParser
import Foundation
import Testing

@testable import eraft

/// A case and what it comes to, worked out by hand.
private struct Known: Sendable, CustomTestStringConvertible {
  var input: String
  var output: String
  var testDescription: String { input }

  init(_ input: String, _ output: String) { (self.input, self.output) = (input, output) }

  private static func majority(_ voters: String, acked: String, _ committed: String) -> Known {
    Known(#"{"kind": "majority", "c": [\#(voters)], "acked": {\#(acked)}}"#, #"{"committed": \#(committed)}"#)
  }

  private static func majority(_ voters: String, votes: String, _ vote: String) -> Known {
    Known(#"{"kind": "majority", "c": [\#(voters)], "votes": {\#(votes)}}"#, #"{"vote": "\#(vote)"}"#)
  }

  private static func joint(_ c: String, _ cj: String, acked: String, _ committed: String) -> Known {
    Known(
      #"{"kind": "joint", "c": [\#(c)], "cj": [\#(cj)], "acked": {\#(acked)}}"#, #"{"committed": \#(committed)}"#)
  }

  private static func joint(_ c: String, _ cj: String, votes: String, _ vote: String) -> Known {
    Known(#"{"kind": "joint", "c": [\#(c)], "cj": [\#(cj)], "votes": {\#(votes)}}"#, #"{"vote": "\#(vote)"}"#)
  }

  static let majorities = [
    majority("", acked: #""1": 3"#, #""infinity""#),
    majority("1", acked: "", "0"),
    majority("1", acked: #""1": 12"#, "12"),
    majority("1, 2", acked: #""1": 12"#, "0"),
    majority("1, 2", acked: #""1": 12, "2": 5"#, "5"),
    majority("1, 2, 3", acked: #""1": 12"#, "0"),
    majority("1, 2, 3", acked: #""1": 12, "2": 5"#, "5"),
    majority("3, 1, 2", acked: #""1": 12, "2": 5, "3": 6"#, "6"),
    majority("1, 2, 3", acked: #""1": 3, "2": 4, "4": 100, "5": 100"#, "3"),
    majority("1, 2, 3, 4", acked: #""1": 10, "2": 20, "3": 30"#, "10"),
    majority("1, 2, 3, 4", acked: #""1": 10, "2": 20, "3": 30, "4": 40"#, "20"),
    majority("1, 2, 3, 4, 5", acked: #""1": 1, "2": 2, "3": 3, "4": 4, "5": 5"#, "3"),
    majority("1, 2, 3, 4, 5", acked: #""1": 7, "2": 7, "3": 2"#, "2"),
    majority("1, 2, 3, 4, 5", acked: #""4": 9, "5": 9"#, "0"),
    majority("0, 18446744073709551615", acked: #""18446744073709551615": 18446744073709551615, "0": 1"#, "1"),
    majority("8", acked: #""8": 18446744073709551615"#, "18446744073709551615"),
    majority("", votes: "", "won"),
    majority("1", votes: "", "pending"),
    majority("1", votes: #""1": true"#, "won"),
    majority("1", votes: #""1": false, "2": true"#, "lost"),
    majority("1, 2", votes: #""1": true"#, "pending"),
    majority("1, 2", votes: #""2": false"#, "lost"),
    majority("1, 2", votes: #""1": true, "2": true"#, "won"),
    majority("1, 2, 3", votes: #""1": true, "2": false"#, "pending"),
    majority("1, 2, 3", votes: #""1": true, "2": true"#, "won"),
    majority("1, 2, 3", votes: #""1": false, "3": false"#, "lost"),
    majority("1, 2, 3, 4", votes: #""1": true, "2": true, "3": false"#, "pending"),
    majority("1, 2, 3, 4", votes: #""1": false, "2": false"#, "lost"),
    majority("1, 2, 3, 4", votes: #""1": true, "2": true, "4": true"#, "won"),
    majority("1, 2, 3, 4, 5", votes: #""1": true, "2": true, "3": false, "4": false"#, "pending"),
    majority("1, 2, 3, 4, 5", votes: #""1": false, "2": false, "3": false"#, "lost"),
    majority("1, 2, 3, 4, 5", votes: #""3": true, "4": true, "5": true"#, "won"),
  ]

  static let joints = [
    joint("", "", acked: "", #""infinity""#),
    joint("", "1", acked: #""1": 3"#, "3"),
    joint("1, 2, 3", "", acked: #""1": 5, "3": 6"#, "5"),
    joint("1", "2", acked: #""1": 10"#, "0"),
    joint("1", "2", acked: #""1": 10, "2": 4"#, "4"),
    joint("1, 2", "1, 2", acked: #""1": 10, "2": 4"#, "4"),
    joint("1, 2, 3", "3, 4, 5", acked: #""1": 9, "2": 8, "3": 7, "4": 6, "5": 5"#, "6"),
    joint("1, 2, 3", "4, 5, 6", acked: #""1": 9, "2": 8, "3": 7"#, "0"),
    joint("1, 2, 3, 4", "1, 2", acked: #""1": 4, "2": 3, "3": 2"#, "2"),
    joint("1, 2, 3, 4, 5", "1, 2, 3", acked: #""1": 2, "2": 2, "4": 9, "5": 9"#, "2"),
    joint("", "", votes: #""1": false"#, "won"),
    joint("", "1", votes: "", "pending"),
    joint("1", "", votes: #""1": false"#, "lost"),
    joint("1", "2", votes: #""1": true"#, "pending"),
    joint("1", "2", votes: #""1": true, "2": false"#, "lost"),
    joint("1", "2", votes: #""1": true, "2": true"#, "won"),
    joint("1, 2, 3", "3, 4, 5", votes: #""1": true, "2": true, "3": true"#, "pending"),
    joint("1, 2, 3", "3, 4, 5", votes: #""4": false, "5": false"#, "lost"),
    joint("1, 2, 3", "3, 4, 5", votes: #""1": true, "2": true, "4": true, "5": true"#, "won"),
    joint("1, 2, 3, 4, 5", "1, 2, 3", votes: #""1": true, "2": true, "3": false, "4": false"#, "pending"),
    joint("1, 2, 3, 4, 5", "1, 2, 3", votes: #""1": true, "2": true, "3": false, "4": false, "5": false"#, "lost"),
  ]

  static let others = [
    Known(
      #"{"votes": {"1": true}, "acked": {"1": 4, "2": 3}, "c": [1, 2, 3], "kind": "majority", "cj": []}"#,
      #"{"committed": 3, "vote": "pending"}"#),
    Known(#"{"kind": "majority", "c": [1]}"#, "{}"),
  ]
}

@Suite("eraft inspect quorum")
struct InspectQuorumTests {
  private func inspect(_ path: String) throws -> CommandOutcome {
    try InspectQuorumCommand.parse([path]).outcome()
  }

  @Test("What quorums decide is what was worked out by hand", arguments: Known.majorities + Known.joints + Known.others)
  private func known(_ known: Known) throws {
    let scratch = try Scratch()
    let outcome = try inspect(scratch.file("q.json", "[\(known.input)]"))
    #expect(outcome == CommandOutcome(output: ["[", "  \(known.output)", "]"]))
  }

  @Test("Many cases make one list, in order")
  func list() throws {
    let scratch = try Scratch()
    let all = Known.majorities + Known.joints
    let outcome = try inspect(scratch.file("q.json", "[" + all.map(\.input).joined(separator: ",\n") + "]\n"))
    #expect(outcome.code == .success)
    let text = outcome.output.joined(separator: "\n")
    #expect(text == "[\n" + all.map { "  " + $0.output }.joined(separator: ",\n") + "\n]")
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    #expect(parsed?.count == all.count)
    #expect(try inspect(scratch.file("none.json", " [ ] ")) == CommandOutcome(output: ["[]"]))
  }

  @Test(
    "Bad input is one line on standard error, with file, case, key, what was found and what was expected",
    arguments: [
      ("", "found the end, expected a list of cases"),
      ("hello", "found hello, expected a list of cases"),
      ("{}", "found an object, expected a list of cases"),
      ("[] []", "found \"[]\", expected the end"),
      ("[3]", "case 1: found 3, expected an object with one of kind, c, cj, acked, votes"),
      (#"[{"kind": "majority", "c": [1]}, {"c": [1]}]"#, "case 2: found no kind, expected one of majority, joint"),
      (
        #"[{"kind": "joynt", "c": [1]}]"#,
        #"case 1: kind: found "joynt", expected one of majority, joint; did you mean joint?"#
      ),
      (#"[{"kind": 7, "c": [1]}]"#, "case 1: kind: found 7, expected one of majority, joint"),
      (
        #"[{"kind": "a\nb", "c": [1]}]"#,
        "case 1: kind: found a string with control characters, expected one of majority, joint"
      ),
      (#"[{"kind": "majority"}]"#, "case 1: found no c, expected a list of ids"),
      (#"[{"kind": "joint", "c": [1]}]"#, "case 1: found no cj, expected a list of ids, since the kind is joint"),
      (
        #"[{"kind": "majority", "c": [1], "cj": [2]}]"#,
        "case 1: cj: found ids, expected none, since the kind is majority"
      ),
      (
        #"[{"kind": "majority", "c": [1], "aked": {}}]"#,
        #"case 1: found the key "aked", expected one of kind, c, cj, acked, votes; did you mean acked?"#
      ),
      (#"[{"kind": "majority", "c": [1], "c": [1]}]"#, "case 1: c: found it twice, expected each key once"),
      (#"[{"kind": "majority", "c": [1, 2, 1]}]"#, "case 1: c[2]: found 1 twice, expected each id once"),
      (#"[{"kind": "majority", "c": {}}]"#, "case 1: c: found an object, expected a list of ids"),
      (
        #"[{"kind": "majority", "c": [1, -2]}]"#,
        "case 1: c[1]: found -2, expected a whole number from 0 to 18446744073709551615"
      ),
      (
        #"[{"kind": "majority", "c": [1.5]}]"#,
        "case 1: c[0]: found 1.5, expected a whole number from 0 to 18446744073709551615"
      ),
      (
        #"[{"kind": "majority", "c": [18446744073709551616]}]"#,
        "case 1: c[0]: found 18446744073709551616, expected a whole number from 0 to 18446744073709551615"
      ),
      (
        #"[{"kind": "majority", "c": ["1"]}]"#,
        "case 1: c[0]: found \"1\", expected a whole number from 0 to 18446744073709551615"
      ),
      (
        #"[{"kind": "majority", "c": [01]}]"#,
        "case 1: c[0]: found 01, expected a whole number from 0 to 18446744073709551615"
      ),
      (
        #"[{"kind": "majority", "c": [1], "acked": [1]}]"#,
        "case 1: acked: found a list, expected an object with an index for each id"
      ),
      (
        #"[{"kind": "majority", "c": [1], "acked": {"n1": 1}}]"#,
        #"case 1: acked: found the key "n1", expected an id: a whole number from 0 to 18446744073709551615"#
      ),
      (
        #"[{"kind": "majority", "c": [1], "acked": {"7": -1}}]"#,
        "case 1: acked.7: found -1, expected a whole number from 0 to 18446744073709551615"
      ),
      (
        #"[{"kind": "majority", "c": [1], "acked": {"7": 1, "7": 2}}]"#,
        "case 1: acked.7: found it twice, expected each id once"
      ),
      (#"[{"kind": "majority", "c": [1], "votes": {"7": 1}}]"#, "case 1: votes.7: found 1, expected true or false"),
      (
        #"[{"kind": "majority", "c": [1], "votes": null}]"#,
        "case 1: votes: found null, expected an object with true or false for each id"
      ),
      (#"[{"kind": "majority", "c": [1]"#, "case 1: found the end, expected '}'"),
      ("[{\"kind\": \"majority\"\n \"c\": [1]}]", #"case 1: found ""c": [1]}]", expected '}'"#),
    ])
  func bad(_ input: String, _ message: String) throws {
    let scratch = try Scratch()
    let path = try scratch.file("q.json", input)
    #expect(try inspect(path) == CommandOutcome(errors: ["\(path): \(message)"], code: .unusable))
  }

  @Test("Files that cannot be read, or are too large, are refused")
  func files() throws {
    let scratch = try Scratch()
    let missing = try inspect("\(scratch.path)/missing.json")
    #expect(missing.code == .unusable)
    #expect(missing.errors == ["\(scratch.path)/missing.json: found no file that can be opened, expected a JSON file"])
    let directory = try inspect(scratch.path)
    #expect(directory.errors == ["\(scratch.path): found no file that can be read, expected a JSON file"])
    let large = try scratch.file("large.json", "")
    let handle = try #require(FileHandle(forWritingAtPath: large))
    try handle.truncate(atOffset: 100 << 20)
    try handle.close()
    #expect(try inspect(large).errors == ["\(large): found more than 64 MiB, expected at most 64 MiB"])
  }

  @Test("More voters than a configuration can have are refused")
  func crowd() throws {
    let scratch = try Scratch()
    let ids = (0..<65_537).map(String.init).joined(separator: ",")
    let path = try scratch.file("q.json", #"[{"kind": "majority", "c": [\#(ids)], "votes": {}}]"#)
    let message = "case 1: found too many voters, expected at most 65536 in both halves together"
    #expect(try inspect(path).errors == ["\(path): \(message)"])
  }

  @Test("The command line knows the command")
  func commandLine() throws {
    let command = try EraftCommand.parseAsRoot(["inspect", "quorum", "-"])
    #expect((command as? InspectQuorumCommand)?.file == "-")
    #expect(InspectQuorumCommand.helpMessage().contains("infinity"))
  }
}
