import ArgumentParser
import Foundation
import Storage

/// `eraft inspect wal DIR`: shows a member's write-ahead log.
struct InspectWALCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wal",
    abstract: "Show a member's write-ahead log: segments, term and vote, first and last index, damage.",
    discussion: """
      DIR is the storage of a node, or the directory that its file calls `data`. Nothing in it is changed, and no lock is taken: a running node's log may be looked \
      at, and then its last batch may seem torn.

      Exit codes: 0 a start would succeed; 1 the storage is damaged, which is said with file and offset; 2 DIR cannot \
      be read, which is said in one line on standard error.
      """
  )

  @Argument(help: "The directory of the storage.", completion: .directory)
  var directory: String

  @Flag(help: "List every batch and its records.")
  var records = false

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    do throws(StorageError) {
      // What a node's file calls `data` has the storage in a directory of its own.
      let inner = directory + "/log"
      let isData = FileManager.default.fileExists(atPath: inner + "/IDENTITY")
      let log = try LogInspection(try DiskFiles(existing: isData ? inner : directory))
      return CommandOutcome(
        output: [StorageRendering.text(of: log, withRecords: records)],
        errors: log.damage.map(\.description), code: log.damage.isEmpty ? .success : .violation)
    } catch {
      return CommandOutcome(errors: [error.description], code: .unusable)
    }
  }
}
