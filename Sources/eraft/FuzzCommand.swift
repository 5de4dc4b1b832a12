import ArgumentParser
import Dispatch
import Foundation
import Fuzzing
import Raft

struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fuzz", abstract: "Fuzz.")
  @Option var seeds: String = "1..1000"
  @Option var jobs = 1
  @Option var profile = "default"
  @Option var mutant: String?
  @Flag var timeline = false
  func run() throws {
    if timeline {
      let o = try FuzzReplay.timeline(seed: UInt64(seeds)!, profile: FuzzProfile.named(profile)!, variant: mutant.flatMap { KnownBadVariant.named($0) })
      for line in o.timeline!.lines { print("\(line.at)  \(line.states.joined(separator: " | "))  \(line.text)") }
      print(o.failure as Any)
      return
    }
    let parts = seeds.components(separatedBy: "..").compactMap { UInt64($0) }
    var campaign = FuzzCampaign(seeds: parts[0]...parts[parts.count - 1], profile: FuzzProfile.named(profile)!, variant: mutant.flatMap { KnownBadVariant.named($0) }, jobs: jobs)
    campaign.mostFailures = 1000
    let began = DispatchTime.now().uptimeNanoseconds
    let report = campaign.run()
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    print("\(report.seeds) seeds, \(report.events) events, \(seconds) s, \(Double(report.seeds) / seconds) seeds/s, \(Double(report.events) / Double(report.seeds)) events/seed \(report.virtual) \(report.failureCount) failures")
    for item in Coverage.Item.allCases { print("  \(item.name) \(report.coverage.count(of: item)) in \(report.coverage.runs(reaching: item))") }
    var by: [String: [FuzzOutcome]] = [:]
    for failure in report.failures { by[failure.failure!.property, default: []].append(failure) }
    for (property, list) in by.sorted(by: { $0.key < $1.key }) {
      print("\(property): \(list.count)")
      for failure in list.prefix(3) { print("  seed \(failure.seed) at \(failure.failure!.at): \(failure.failure!.details.joined(separator: "\n      "))") }
    }
  }
}
