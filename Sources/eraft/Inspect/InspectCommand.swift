import ArgumentParser

/// `eraft inspect`: shows what is inside a file.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a file, as the library itself reads it.",
    subcommands: [InspectQuorumCommand.self, InspectWALCommand.self, InspectSnapshotCommand.self]
  )
}
