import Emulation
import Raft
import Testing

@testable import Policies

struct JSONTests {
  static let actions: [ProposedAction] = [
    ProposedAction(
      .hire(.secretary, group: Sample.shard, at: Sample.placement(1)), because: "a \"quoted\" \\ reason, é"),
    ProposedAction(.dismiss(NodeID(3)), because: ""),
    ProposedAction(.addVoter(group: Sample.shard, at: Sample.placement(2, .onDemand)), because: "more"),
    ProposedAction(.removeVoter(NodeID(65_535)), because: "less"),
    ProposedAction(.transferLeadership(group: Sample.shard, to: NodeID(2)), because: "load"),
    ProposedAction(.addGroup(Sample.instance), because: "busy"),
    ProposedAction(.removeGroup(GroupID(7)), because: "idle"),
  ]

  static func problem(_ text: String, _ sample: Sample = Sample()) -> ActionDecodingError? {
    do {
      _ = try ActionJSON.decode(Array(text.utf8), in: sample.observation)
      return nil
    } catch { return error }
  }

  @Test("Actions come back as they went, and an empty list is no action")
  func roundTrip() throws {
    let observation = Sample().observation
    let line = ActionJSON.encode(Self.actions, in: observation)
    #expect(!line.contains(0x0A))
    #expect(try ActionJSON.decode(line, in: observation) == Self.actions)
    #expect(try ActionJSON.decode(Array(" [ ] \r\n".utf8), in: observation).isEmpty)
  }

  @Test("The group may be left out while there is one, and not when there are more")
  func group() throws {
    var sample = Sample()
    let line = #"[{"action":"hire","role":"observer","site":"a","instance":"c5.large","market":"spot","reason":"r"}]"#
    let hire = Action.hire(.observer, group: Sample.shard, at: Sample.placement(0))
    #expect(try ActionJSON.decode(Array(line.utf8), in: sample.observation).steps == [hire])
    sample.moreGroups = [GroupObservation(id: GroupID(1), voters: [], leader: nil)]
    #expect(Self.problem(line, sample) == .missingKey("group", action: 0))
  }

  @Test("Instances without a node yet, which have numbers beyond those of nodes, can be named")
  func starting() throws {
    var sample = Sample()
    sample.nodes.append(Sample.node(NodeID(65_540), .observer, at: Sample.placement(0), state: .starting))
    let line = #"[{"action":"dismiss","node":65540,"reason":"r"}]"#
    #expect(try ActionJSON.decode(Array(line.utf8), in: sample.observation).steps == [.dismiss(NodeID(65_540))])
    #expect(
      Self.problem(#"[{"action":"dismiss","node":65541,"reason":""}]"#, sample)?.description
        == "action 0, node: found 65541.0, expected a whole number in 0 ... 65540")
  }

  @Test("Errors name the key, what was found, what was expected, and the nearest name")
  func errors() {
    #expect(
      Self.problem(#"[{"action":"dismis","node":3,"reason":""}]"#)?.description
        == #"action 0, action: found "dismis", expected hire | dismiss | add-voter | remove-voter | "#
        + "transfer-leadership | add-group | remove-group; did you mean dismiss?")
    #expect(
      Self.problem(#"[{"action":"dismiss","nod":3,"reason":""}]"#)
        == .unknownKey("nod", action: 0, expected: ["action", "node", "reason"], nearest: "node"))
    #expect(
      Self.problem(#"[{"action":"dismiss","node":3,"node":4,"reason":""}]"#) == .repeatedKey("node", action: 0))
    #expect(Self.problem(#"[{"action":"dismiss","node":3}]"#) == .missingKey("reason", action: 0))
    #expect(
      Self.problem(#"[{"action":"dismiss","node":3.5,"reason":""}]"#)?.description
        == "action 0, node: found 3.5, expected a whole number in 0 ... 65535")
    #expect(Self.problem(#"{"action":"dismiss"}"#) == .notAList(found: "an object of 1 keys"))
    #expect(Self.problem("[1]") != nil)
    #expect(Self.problem("") == .syntax(at: 0, expected: "a value"))
    #expect(Self.problem("[] []") == .syntax(at: 3, expected: "the end of the line"))
    let site = #"[{"action":"add-voter","site":"bb","instance":"c5.large","market":"spot","reason":""}]"#
    let words = #"site: found "bb", expected a | b | c; did you mean b?"#
    #expect(Self.problem(site)?.description.hasSuffix(words) == true)
    let reason = String(repeating: "x", count: 201)
    #expect(Self.problem(#"[{"action":"dismiss","node":3,"reason":"\#(reason)"}]"#) != nil)
    #expect(Self.problem(#"[{"action":"dismiss","node":3,"reason":"a\nb"}]"#) != nil)
  }

  @Test("Size, number and depth are bounded")
  func bounds() {
    let long = String(repeating: " ", count: ActionJSON.longestAnswer + 1)
    #expect(Self.problem(long) == .tooLong(found: ActionJSON.longestAnswer + 1, limit: ActionJSON.longestAnswer))
    let many = "[" + Array(repeating: "1", count: 257).joined(separator: ",") + "]"
    #expect(Self.problem(many) == .tooManyActions(found: 257, limit: 256))
    let deep = String(repeating: "[", count: 5_000)
    #expect(Self.problem(deep) == .syntax(at: 8, expected: "at most 8 levels"))
  }

  @Test(
    "What RFC 8259 forbids is refused",
    arguments: [
      "[01]", "[1.]", "[.5]", "[1e]", "[+1]", "[-]", "[1e999]", "[\"\u{1}\"]", "[\"\\x\"]", "[\"\\u12\"]",
      "[\"\\ud800\"]", "[\"\\ud800\\u0041\"]", "[\"\\udc00\"]", "[,]", "[1,]", "{\"a\"}", "{\"a\":1,}", "{a:1}",
      "[tru]", "nul", "[\"", "[1 2]", "'a'", "[NaN]",
    ])
  func strictness(_ text: String) {
    guard case .syntax = Self.problem(text) else {
      Issue.record("\(text) was read")
      return
    }
  }

  @Test("Escapes, surrogates and numbers are read as RFC 8259 has them")
  func values() throws {
    let text = #"[null,true,false,-0.5e2,0,"\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t",{"k":[]}]"#
    #expect(
      try JSONParser.parse(Array(text.utf8))
        == .array([
          .null, .bool(true), .bool(false), .number(-50), .number(0), .string("é😀\"\\/\u{8}\u{c}\n\r\t"),
          .object([.init(key: "k", value: .array([]))]),
        ]))
    #expect(throws: ActionDecodingError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
  }

  @Test("No mutation of an answer crashes the decoder, and what it takes it writes back alike")
  func mutations() throws {
    let observation = Sample().observation
    let seed = ActionJSON.encode(Self.actions, in: observation)
    let scraps = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "1e9", "-", "null", "\u{0}", "é"]
      .map { Array($0.utf8) }
    var draws = RandomSource(seed: 1)
    var taken = 0
    for _ in 0..<30_000 {
      var line = seed
      for _ in 0...draws.next(below: 3) {
        let at = Int(draws.next(below: UInt64(line.count)))
        switch draws.next(below: 5) {
        case 0: line[at] = UInt8(truncatingIfNeeded: draws.next(below: 256))
        case 1: line.remove(at: at)
        case 2: line.insert(contentsOf: scraps[Int(draws.next(below: UInt64(scraps.count)))], at: at)
        case 3: line.removeSubrange(at..<min(line.count, at + Int(draws.next(below: 40))))
        default: line.insert(contentsOf: line[at..<min(line.count, at + 20)], at: at)
        }
        if line.isEmpty { line = seed }
      }
      if let actions = try? ActionJSON.decode(line, in: observation) {
        taken += 1
        #expect(try ActionJSON.decode(ActionJSON.encode(actions, in: observation), in: observation) == actions)
      }
    }
    #expect(taken > 100 && taken < 29_000)
  }
}
