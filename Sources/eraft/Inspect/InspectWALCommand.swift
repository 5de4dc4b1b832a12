import ArgumentParser
import Storage

/// `eraft inspect wal DIR`: shows a member's write-ahead log.
struct InspectWALCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wal",
    abstract: "Show a member's write-ahead log: segments, term and vote, first and last index, damage.",
    discussion: """
      DIR is the storage of a node. Nothing in it is changed, and no lock is taken: a running node's log may be looked \
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
      let log = try LogInspection(try DiskFiles(existing: directory))
      return CommandOutcome(
        output: [StorageRendering.text(of: log, withRecords: records)],
        errors: log.damage.map(\.description), code: log.damage.isEmpty ? .success : .violation)
    } catch {
      return CommandOutcome(errors: [error.description], code: .unusable)
    }
  }
}
