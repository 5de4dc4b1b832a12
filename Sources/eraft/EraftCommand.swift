import ArgumentParser

@main
struct EraftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "eraft", abstract: "A Raft testbed.")
}
