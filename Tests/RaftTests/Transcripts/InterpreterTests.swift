import Foundation
import Testing

@testable import Raft

/// The interpreter itself: mistakes are found, differences are shown, and nothing of interest is left out.
@Suite struct InterpreterTests {
  private func error(of script: String) -> String? {
    var interpreter = Interpreter()
    do {
      _ = try interpreter.run(Transcript(script))
      return nil
    } catch {
      return (error as? ScriptError)?.message
    }
  }

  @Test(arguments: [
    ("# hm\n\nfly 1", "line 3: fly 1: there is no command 'fly'"),
    ("group voters=1 colour=red", "line 1: group voters=1 colour=red: nobody understands 'colour='"),
    ("group voters=1\nstatus 1 now", "line 2: status 1 now: nobody understands 'now'"),
    ("group voters=1\ncampaign 2", "line 2: campaign 2: there is no node 2"),
    ("group voters=1\ntick 1 3s", "line 2: tick 1 3s: '3s' is not a time such as 300ms"),
    ("group voters=1\ncrash 1\ncampaign 1", "line 3: campaign 1: node 1 is down"),
    ("group voters=1,2\ncrash 2\nelect 1", "line 3: elect 1: node 1 was not elected"),
  ])
  func mistakesAreErrors(script: String, message: String) { #expect(error(of: script) == message) }

  /// What no single node can notice; each group is broken by a disk that no group ever had.
  @Test(arguments: [
    ("boot 1 term=2 log=1,2,2\nboot 2 term=2 log=1,1,2", "the logs of 1 and 2 do not match at 3"),
    ("boot 1 term=2 commit=2 log=1,2\nboot 2 term=2 commit=2 log=1*2", "2 commits another 2"),
    ("boot 1 term=2 commit=2 log=1,2\ncut 1\nelect 2", "leader 2 of t1 lacks the committed entry 2"),
    ("elect 1\ncut 1\nboot 2 term=0\nboot 3 term=0\nelect 2", "two leaders in t1"),
  ])
  func brokenPromisesAreErrors(script: String, message: String) {
    #expect(error(of: "group voters=1,2,3\n" + script)?.hasSuffix(message) == true)
  }

  @Test func anotherOutputIsADifference() throws {
    let script = "# One.\n\ngroup voters=1\nelect 1\nstatus\n----\n1 leader t1\n2 down\n\nlog\n"
    let transcript = Transcript(script)
    var interpreter = Interpreter()
    let outputs = try interpreter.run(transcript)
    let found = "1 leader t1 vote=1 leader=1 first=1 last=1@1 durable=1 commit=1 applied=1"
    #expect(
      transcript.differences(from: outputs) == [
        "5: status\n- 1 leader t1\n- 2 down\n+ \(found)\n+ \(found)", "10: log: no ---- follows",
      ])
    let rewritten = transcript.text(with: outputs)
    #expect(
      rewritten
        == "# One.\n\ngroup voters=1\nelect 1\nstatus\n----\n\(found)\n\(found)\n\nlog\n----\n1 [1@1 empty]\n")
    #expect(Transcript(rewritten).differences(from: outputs).isEmpty)
  }

  @Test func linesInCommonAreShownBetweenDifferences() {
    let text = difference(expected: ["a", "b", "c"], found: ["a", "x", "c", "d"])
    #expect(text == "  a\n- b\n+ x\n  c\n+ d")
  }

  /// Whatever the core can say, do or refuse is seen in some transcript.
  @Test func theScenariosLeaveNothingOut() throws {
    let texts = try TranscriptTests.files.map {
      try String(contentsOf: TranscriptTests.folder.appendingPathComponent($0), encoding: .utf8)
    }
    #expect(texts.count >= 90)
    let events = [
      "becomes pre-candidate", "becomes candidate", "becomes leader", "becomes follower", "pre-vote", "election",
      "transfer", "leader of t1 is unknown", "cuts its log", "configuration at", "has caught up",
      "gives up the transfer", "begins to give", "has installed", "stops for good", "the write after #2 failed",
      "may be served",
      "must be asked anew",
    ]
    let refusals = [
      "not the leader", "handing over to", "too much waits", "no voter any more", "is not applied",
      "must be left first", "no joint configuration", "no voter would be left", "makes no sense", "lags by",
      "it leads already", "is no voter", "it is handing over", "beyond the log", "of a later term",
    ]
    for phrase in events + refusals { #expect(texts.contains { $0.contains(phrase) }, "nobody \(phrase)") }
    for kind in MessageKind.allCases where kind != .fleet {
      let isDelivered = texts.contains { text in
        text.split(separator: "\n").contains { $0.hasPrefix("deliver ") && $0.contains(" \(kind.rawValue) t") }
      }
      #expect(isDelivered, "nobody gets a \(kind.rawValue)")
    }
  }
}
