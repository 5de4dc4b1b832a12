import ArgumentParser
import Emulation
import Experiment
import Foundation
import Raft
import Runtime

/// `eraft calibrate`: measures the real server on this machine, for the simulation.
struct CalibrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Measure the real server on this machine, and print it as the resources of a spec.",
    discussion: """
      Three nodes in this process serve writes and linearizable reads over real sockets and a real log; their processor \
      time gives the costs of a message, a KiB and an operation, and the log alone those of the disk. What is printed on \
      standard output can stand under `resources:` in a spec; how well the costs fit is said on standard error. A busy \
      machine measures high: run it on one that is idle.
      """
  )

  @Option(help: ArgumentHelp("Where the log is written: a directory on the disk to be measured.", valueName: "dir"))
  var data = NSTemporaryDirectory()

  @Option(help: "How many seconds each of the five loads lasts.")
  var seconds = 3

  func run() async throws {
    guard (1...600).contains(seconds) else {
      try CommandOutcome(errors: ["--seconds: found \(seconds), expected 1 to 600"], code: .unusable).deliver()
      return
    }
    let directory = data + "/eraft-calibrate-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    } catch {
      try CommandOutcome(errors: ["--data: \(data): no directory can be made there"], code: .unusable).deliver()
      return
    }
    let result: Calibration
    do {
      result = try await Calibration.run(in: directory, each: .seconds(Int64(seconds))) { step in
        FileHandle.standardError.write(Data("measuring \(step)\n".utf8))
      }
    } catch {
      try? FileManager.default.removeItem(atPath: directory)
      try CommandOutcome(errors: ["eraft: \(error)"], code: .violation).deliver()
      return
    }
    try? FileManager.default.removeItem(atPath: directory)
    try CommandOutcome(output: [result.machine.specText], errors: Self.remarks(result)).deliver()
  }

  private static func remarks(_ result: Calibration) -> [String] {
    var lines = result.rates.map { "\($0.load): \(Render.number($0.perSecond, decimals: 0)) operations/s" }
    lines.append("round trip over loopback: \(Render.number(result.roundTrip.milliseconds * 1_000, decimals: 1)) us")
    lines.append(
      "the costs explain what each node took within \(Render.number(result.largestError * 100, decimals: 0)) %")
    return lines
  }
}
