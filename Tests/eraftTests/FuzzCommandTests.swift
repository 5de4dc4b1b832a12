import ArgumentParser
import Foundation
import Fuzzing
import Raft
import Testing

@testable import eraft

/// One after the other: a process has one note of the seeds that are under way.
@Suite("eraft fuzz", .serialized)
struct FuzzCommandTests {
  private func refusal(_ arguments: String...) -> CommandOutcome? {
    do {
      _ = try EraftCommand.parseAsRoot(["fuzz"] + arguments)
      return nil
    } catch {
      return EraftCommand.end(of: error)
    }
  }

  @Test("Seeds are one number or two with dots between", arguments: ["7", "1..9", "18446744073709551615"])
  func seeds(_ text: String) throws {
    let range = try #require(SeedRange(argument: text)).range
    #expect(range.lowerBound <= range.upperBound)
  }

  @Test("Anything else is no range of seeds", arguments: ["", "9..1", "1..2..3", "a..b", "1..", "-1", "1-9"])
  func badSeeds(_ text: String) {
    #expect(SeedRange(argument: text) == nil)
    #expect(refusal("--seeds", text)?.code == .unusable)
  }

  @Test("An unknown name is refused with the nearest one")
  func names() throws {
    let profile = try #require(refusal("--profile", "memberships"))
    #expect(profile.code == .unusable && profile.errors[0].contains("did you mean membership?"))
    let mutant = try #require(refusal("--mutant", "vote-ignore-log"))
    #expect(mutant.code == .unusable && mutant.errors[0].contains("did you mean vote-ignores-log?"))
  }

  @Test(
    "Values out of range are refused",
    arguments: [
      ["--jobs", "0"], ["--jobs", "2000"], ["--for", "0s"], ["--for", "soon"], ["--starts", "0"], ["--most", "0"],
      ["--mutants", "--seeds", "1..2"], ["--mutants", "--for", "1min"],
    ])
  func ranges(_ arguments: [String]) {
    do {
      _ = try EraftCommand.parseAsRoot(["fuzz"] + arguments)
      Issue.record("\(arguments) was taken")
    } catch {
      #expect(EraftCommand.end(of: error).code == .unusable)
    }
  }

  @Test("A clean campaign passes, and its JSON has what it must have")
  func campaign() throws {
    let scratch = try Scratch()
    let file = "\(scratch.path)/report.json"
    let campaign = FuzzCampaign(seeds: 1...6, profile: .elections, jobs: 2)
    let outcome = FuzzPrinter(json: file).run(campaign, for: nil)
    #expect(outcome.code == .success)
    #expect(outcome.output[0].hasPrefix("6 seeds of profile elections: "))
    #expect(outcome.output.last == "verdict: pass")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file))) as? [String: Any])
    #expect(object["seeds"] as? Int == 6)
    #expect((object["seconds"] as? Double ?? 0) > 0)
    #expect((object["events"] as? Int ?? 0) > 1_000)
    #expect((object["violations"] as? [Any])?.isEmpty == true)
    let coverage = try #require(object["coverage"] as? [String: [String: Int]])
    #expect(coverage["recoveries"] == ["count": 6, "seeds": 6])
    #expect(coverage.count == Coverage.Item.allCases.count)
  }

  @Test("A file that cannot be written is refused before the work begins")
  func unwritable() throws {
    let outcome = FuzzPrinter(json: "/nowhere/at/all.json").run(
      FuzzCampaign(seeds: 1...(.max), profile: .standard), for: nil)
    #expect(outcome.code == .unusable && outcome.errors.count == 1 && outcome.output.isEmpty)
    let scratch = try Scratch()
    #expect(JSONFile.problem(writing: scratch.path) != nil)
  }

  #if Mutants
    @Test("A failing seed is told with its property, a command that repeats it, and a timeline with a legend")
    func failure() throws {
      let variant = try #require(KnownBadVariant.named("votes-always-granted"))
      var campaign = FuzzCampaign(seeds: 1...200, profile: .standard, variant: variant)
      campaign.mostFailures = 1
      let outcome = FuzzPrinter(json: nil).run(campaign, for: nil)
      #expect(outcome.code == .violation)
      let text = outcome.output.joined(separator: "\n")
      #expect(text.contains("reproduce: eraft fuzz --seeds "))
      #expect(text.contains(" --mutant votes-always-granted"))
      #expect(text.contains(Timeline.legend))
      #expect(text.contains("broken at "))
      #expect(text.contains("verdict: fail"))
    }

    @Test("A mutant that escapes fails the command; one that is caught does not")
    func mutants() throws {
      let caught = try #require(KnownBadVariant.named("applies-uncommitted"))
      let hard = try #require(KnownBadVariant.named("lease-during-transfer"))
      var trials = MutantTrials(variants: [caught])
      trials.starts = 2
      trials.mostSeeds = 20
      #expect(FuzzRendering.outcome(of: trials.run(), seconds: 1).code == .success)
      trials.variants = [caught, hard]
      trials.mostSeeds = 1
      let outcome = FuzzRendering.outcome(of: trials.run(), seconds: 1)
      #expect(outcome.code == .violation)
      #expect(outcome.output.contains { $0.hasPrefix("escaped: ") && $0.contains("lease-during-transfer") })
    }
  #endif

  @Test("Profiles and mutants are listed")
  func lists() {
    #expect(ListCommand.text(of: .profiles).contains("membership"))
    #expect(KnownBadVariant.all.allSatisfy { ListCommand.text(of: .mutants).contains($0.name) })
  }

  @Test("Progress names rate, failures and what is left")
  func progress() {
    var line = CampaignLine(total: 1_000, limit: nil, isTerminal: false)
    #expect(line.update(FuzzCampaign.Progress(seeds: 100, failures: 0), seconds: 5) == nil)
    #expect(
      line.update(FuzzCampaign.Progress(seeds: 500, failures: 2, lastFailure: 7), seconds: 10)
        == "500 seeds, 50 seeds/s, 2 failed (seed 7), 0:10 left\n")
    #expect(line.clear() == nil)
    var terminal = CampaignLine(total: nil, limit: 60, isTerminal: true)
    #expect(
      terminal.update(FuzzCampaign.Progress(seeds: 10, failures: 0), seconds: 30)?.hasSuffix(
        "10 seeds, 0 seeds/s, 0:30 left") == true)
    #expect(terminal.clear() != nil)
  }
}
