import Foundation
import Policies
import PolicyProcess
import Raft
import Testing

@Suite(.serialized) struct ExternalPolicyTests {
  static let dismissal = #"[{"action":"dismiss","node":7,"reason":"because"}]"#

  @Test("The actions of a command's answers are its decisions, epoch by epoch")
  func answers() {
    let policy = Support.shell(
      #"while read -r line; do n=$((n+1)); echo "[{\"action\":\"dismiss\",\"node\":$n,\"reason\":\"r\"}]"; done"#)
    for epoch in 1...5 {
      let actions = policy.decide(Support.observation(epoch: epoch))
      #expect(actions == [ProposedAction(.dismiss(NodeID(UInt32(epoch))), because: "r")])
    }
    #expect(policy.takeFaults().isEmpty)
  }

  @Test("A command reads the observation that was sent")
  func observationArrives() {
    let policy = Support.shell(
      #"read -r line; case "$line" in '{"epoch":42,'*) echo '\#(Self.dismissal)';; *) echo '[]';; esac; read -r x"#)
    #expect(policy.decide(Support.observation(epoch: 42)).count == 1)
  }

  @Test("Garbage is a fault of its epoch; the third in a row restarts the command, three more leave it off")
  func garbage() {
    let policy = Support.shell("while read -r line; do echo 'hello'; done")
    var faults: [PolicyFault] = []
    for _ in 0..<8 {
      #expect(policy.decide(Support.observation()).isEmpty)
      faults += policy.takeFaults()
    }
    #expect(faults.count == 7)
    #expect(faults.dropLast().allSatisfy { if case .badAnswer = $0 { true } else { false } })
    #expect(faults.last == .leftOff)
  }

  @Test("One useful answer starts the count of faults again")
  func countStartsAgain() {
    let policy = Support.shell(
      "while read -r line; do n=$((n+1)); if [ $((n % 3)) = 0 ]; then echo '[]'; else echo '?'; fi; done")
    var faults: [PolicyFault] = []
    for _ in 0..<12 {
      _ = policy.decide(Support.observation())
      faults += policy.takeFaults()
    }
    #expect(faults.count == 8 && !faults.contains(.leftOff))
  }

  @Test("A command that ends is started again once, and its exit code and last words are told")
  func crash() {
    let policy = Support.shell("read -r line; echo 'it broke' >&2; exit 3")
    #expect(policy.decide(Support.observation()).isEmpty)
    let ended = PolicyFault.ended(.exit(code: 3), lastWords: "it broke")
    #expect(policy.takeFaults() == [ended])
    #expect(policy.decide(Support.observation()).isEmpty)
    #expect(policy.takeFaults() == [ended, .leftOff])
    #expect(policy.decide(Support.observation()).isEmpty)
    #expect(policy.takeFaults().isEmpty)
  }

  @Test("A command that answers once and ends answers again after its restart")
  func endsAfterAnswer() {
    let policy = Support.shell("read -r line; echo '\(Self.dismissal)'")
    #expect(policy.decide(Support.observation()).count == 1)
    Thread.sleep(forTimeInterval: 0.3)
    #expect(policy.decide(Support.observation()).isEmpty)
    #expect(policy.takeFaults() == [.ended(.exit(code: 0), lastWords: "")])
    #expect(policy.decide(Support.observation()).count == 1)
  }

  @Test("A command killed by a signal is told as such")
  func killed() {
    let policy = Support.shell("read -r line; kill -9 $$")
    _ = policy.decide(Support.observation())
    #expect(policy.takeFaults() == [.ended(.signal(9), lastWords: "")])
  }

  @Test("A command that is not there is a fault and no crash")
  func absent() {
    let policy = ExternalPolicy(.init(command: ["/nonexistent/policy"]))
    for _ in 0..<3 { #expect(policy.decide(Support.observation()).isEmpty) }
    let faults = policy.takeFaults()
    #expect(faults.count == 3 && faults.last == .leftOff)
    #expect(faults.first?.description.contains("/nonexistent/policy") == true)
    let empty = ExternalPolicy(.init(command: []))
    #expect(empty.decide(Support.observation()).isEmpty)
    #expect(empty.takeFaults().count == 1)
  }

  @Test("An answer that comes too late is not taken for that of the next epoch")
  func lateAnswer() {
    let policy = Support.shell(
      #"""
      while read -r line; do
        n=$((n+1)); if [ $n = 1 ]; then sleep 1.2; fi
        echo "[{\"action\":\"dismiss\",\"node\":$n,\"reason\":\"r\"}]"
      done
      """#, timeout: .milliseconds(600))
    #expect(policy.decide(Support.observation()).isEmpty)
    #expect(policy.takeFaults() == [.timedOut(milliseconds: 600)])
    Thread.sleep(forTimeInterval: 1.5)
    #expect(policy.decide(Support.observation()) == [ProposedAction(.dismiss(NodeID(2)), because: "r")])
  }

  @Test("A silent command and one that reads nothing cost their time limit, and are left off in the end")
  func timeouts() {
    for script in ["sleep 60", "while read -r line; do :; done"] {
      let policy = Support.shell(script, timeout: .milliseconds(60))
      var faults: [PolicyFault] = []
      let clock = ContinuousClock()
      let took = clock.measure {
        for _ in 0..<10 {
          #expect(policy.decide(Support.observation()).isEmpty)
          faults += policy.takeFaults()
        }
      }
      #expect(faults == Array(repeating: .timedOut(milliseconds: 60), count: 6) + [.leftOff])
      #expect(took < .seconds(20))
    }
  }

  @Test("An endless line is a fault, and what is left of it is not taken for an answer")
  func endlessLine() {
    let policy = ExternalPolicy(
      .init(
        command: [
          "sh", "-c", "read -r l; head -c 300000 /dev/zero | tr '\\0' x; echo; while read -r l; do echo '[]'; done",
        ], timeout: .seconds(20), longestAnswer: 1_000))
    #expect(policy.decide(Support.observation()).isEmpty)
    #expect(policy.takeFaults() == [.answerTooLong(limit: 1_000)])
    _ = policy.decide(Support.observation())
    #expect(policy.takeFaults().isEmpty)
  }

  @Test("A flood on standard error neither blocks the command nor fills memory")
  func loudErrors() {
    let policy = Support.shell(
      "while read -r l; do head -c 2000000 /dev/zero | tr '\\0' e >&2; echo '[]'; done")
    for _ in 0..<3 { _ = policy.decide(Support.observation()) }
    #expect(policy.takeFaults().isEmpty)
  }

  @Test("What the command started ends with the policy")
  func childrenEnd() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("eraft-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    do {
      let policy = Support.shell("sleep 300 & echo $! > '\(file.path)'; while read -r l; do echo '[]'; done")
      _ = policy.decide(Support.observation())
      #expect(policy.takeFaults().isEmpty)
    }
    let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let pid = try #require(Int32(text))
    // It may linger as a zombie until the init of this machine reaps it.
    var isGone = false
    for _ in 0..<100 where !isGone {
      let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      isGone = kill(pid, 0) != 0 || state?.split(separator: " ").dropFirst(2).first == "Z"
      if !isGone { Thread.sleep(forTimeInterval: 0.02) }
    }
    #expect(isGone)
  }
}
