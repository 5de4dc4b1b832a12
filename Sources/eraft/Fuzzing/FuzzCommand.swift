import ArgumentParser
import Emulation
import Experiment
import Foundation
import Fuzzing
import Raft

/// `eraft fuzz`: runs seeds against the checkers, or known-bad variants against the seeds.
struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract:
      "Break simulated groups on purpose and check every step; or show that the checkers find known-bad variants.",
    discussion: """
      One seed draws a group, its links, machines, settings and clients, and what is done to them: a safety phase under \
      faults, then a phase without faults in which the group must recover within a bound. The same seed and profile \
      always mean the same run. `eraft list profiles` and `eraft list mutants` list what may be named. Exit codes: 0 \
      nothing was found, or --mutants caught every mutant and the correct build broke nothing; 1 a property was broken, a \
      mutant escaped (so always with --mutant), or 10,000 seeds or more did not reach something worth reaching or left \
      more than 2 % of the histories undecided; 2 the command line is of no use, or the campaign was interrupted.
      """
  )

  @Option(
    help: ArgumentHelp(
      "The seeds to run, such as 1..100000, the last one included; by default 1..10000, or from 1 on with --for.",
      valueName: "a..b"))
  var seeds: SeedRange?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Run seeds for this long, such as 10m; with --seeds too, whichever ends first.", valueName: "time"))
  var time: String?

  @Option(help: ArgumentHelp("How many threads work; by default one for each processor.", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("What the seeds draw from: everything by default.", valueName: "name"))
  var profile: String?

  @Option(help: ArgumentHelp("Run a known-bad variant, which the checkers must find.", valueName: "name"))
  var mutant: String?

  @Flag(
    help: "Run every known-bad variant from several starts until it is caught, and the correct build on the same seeds."
  )
  var mutants = false

  @Option(help: ArgumentHelp("How many starts --mutants tries each variant from; 5 by default.", valueName: "n"))
  var starts: Int?

  @Option(
    help: ArgumentHelp(
      "How many seeds --mutants runs from a start before a variant has escaped; 50000 by default.", valueName: "n"))
  var most: Int?

  @Option(help: ArgumentHelp("Write the result to a file as JSON.", valueName: "file"), completion: .file())
  var json: String?

  func validate() throws {
    if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs must lie in 1 ... 1024, and is \(jobs)") }
    if let starts, !(1...1_000).contains(starts) {
      throw ValidationError("--starts must lie in 1 ... 1000, and is \(starts)")
    }
    if let most, !(1...1_000_000).contains(most) {
      throw ValidationError("--most must lie in 1 ... 1000000, and is \(most)")
    }
    _ = try duration()
    _ = try chosenProfile()
    _ = try chosenVariant()
    if mutants, mutant != nil || seeds != nil || time != nil || profile != nil {
      throw ValidationError(
        "--mutants chooses variants, seeds and profiles itself: leave out --mutant, --seeds, --for and --profile")
    }
    if !mutants, starts != nil || most != nil { throw ValidationError("--starts and --most go with --mutants") }
    if mutants, KnownBadVariant.core.isEmpty {
      throw ValidationError("this build has no mutants of the protocol: build it with the package trait Mutants")
    }
  }

  func run() throws {
    let printer = FuzzPrinter(json: json)
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    if mutants {
      try printer.runMutants(starts: starts ?? 5, most: most ?? 50_000, jobs: jobs).deliver()
    } else {
      let duration = try duration()
      let range = seeds?.range ?? (duration == nil ? 1...10_000 : 1...UInt64.max)
      // With a time alone the range is open; with both, whichever ends first.
      let campaign = FuzzCampaign(
        seeds: range, profile: try chosenProfile(), variant: try chosenVariant(), jobs: jobs)
      try printer.run(campaign, for: duration).deliver()
    }
  }

  private func duration() throws -> TimeSpan? {
    guard let time else { return nil }
    do {
      // Minutes by one letter, as people say them; specs want the long form.
      let isShort = time.hasSuffix("m") && time.dropLast().last?.isNumber == true
      let span = try DurationText.parse(isShort ? time + "in" : time)
      guard span > .zero else { throw ValidationError("--for must be longer than 0, and is \(time)") }
      return span
    } catch let error as QuantityError {
      throw ValidationError("--for: found \(time), expected \(error.expectation)")
    }
  }

  private func chosenProfile() throws -> FuzzProfile {
    guard let profile else { return .standard }
    guard let found = FuzzProfile.named(profile) else {
      throw Self.unknown("profile", profile, FuzzProfile.all.map(\.name))
    }
    return found
  }

  private func chosenVariant() throws -> KnownBadVariant? {
    guard let mutant else { return nil }
    guard let found = KnownBadVariant.named(mutant) else {
      throw Self.unknown("mutant", mutant, KnownBadVariant.all.map(\.name))
    }
    return found
  }

  private static func unknown(_ what: String, _ name: String, _ valid: [String]) -> ValidationError {
    let hint = NearestName.of(name, among: valid).map { "; did you mean \($0)?" } ?? ""
    return ValidationError("there is no \(what) \"\(name)\"\(hint) (`eraft list \(what)s` lists them)")
  }
}

/// Seeds on the command line: `7` or `1..1000`.
struct SeedRange: ExpressibleByArgument {
  let range: ClosedRange<UInt64>

  init?(argument: String) {
    let parts = argument.components(separatedBy: "..")
    let numbers = parts.compactMap { UInt64($0) }
    guard parts.count == numbers.count, (1...2).contains(parts.count), numbers[0] <= numbers[parts.count - 1] else {
      return nil
    }
    range = numbers[0]...numbers[parts.count - 1]
  }
}
