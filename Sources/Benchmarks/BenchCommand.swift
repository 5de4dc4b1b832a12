import ArgumentParser

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "eraft-bench", abstract: "Measures eraft.")
}
