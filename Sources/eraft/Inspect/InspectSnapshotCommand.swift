import ArgumentParser
import Foundation
import Storage

/// `eraft inspect snapshot FILE`: shows what a snapshot stands for, and checks all of it.
struct InspectSnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Show what a snapshot of a member stands for, and check all of it.",
    discussion: """
      Exit codes: 0 the file is as it was written; 1 it is damaged, which is said with its offset; 2 FILE cannot be \
      read, which is said in one line on standard error.
      """
  )

  @Argument(help: "The file of the snapshot.", completion: .file())
  var file: String

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    let path = URL(fileURLWithPath: file)
    do throws(StorageError) {
      let files = try DiskFiles(existing: path.deletingLastPathComponent().path)
      let snapshot = try SnapshotInspection(path.lastPathComponent, in: files)
      return CommandOutcome(output: [StorageRendering.text(of: snapshot)])
    } catch {
      if case .refused = error { return CommandOutcome(errors: [error.description], code: .violation) }
      return CommandOutcome(errors: [error.description], code: .unusable)
    }
  }
}
