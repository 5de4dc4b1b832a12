import Raft
import Storage

/// A member's storage as text.
enum StorageRendering {
  /// The log: what it amounts to, and a table of its segments or of its records.
  static func text(of log: LogInspection, withRecords: Bool) -> String {
    var lines = [log.identity.map { "storage of \($0)" } ?? "storage without an identity"]
    if log.damage.isEmpty {
      let vote = log.hardState.vote.map { "\($0)" } ?? "none"
      lines.append("term \(log.hardState.term), vote \(vote), commit \(log.hardState.commit)")
      lines.append("snapshot up to \(log.snapshot)")
      lines.append(
        log.lastIndex > log.snapshot.index
          ? "entries \(log.snapshot.index.next) to \(log.lastIndex)" : "no entries after the snapshot")
    }
    if let torn = log.discarded {
      lines.append("a torn batch at byte \(torn.offset) of \(torn.file), which a start discards: nobody was told of it")
    }
    lines.append("")
    lines.append(withRecords ? records(of: log) : segments(of: log))
    return lines.joined(separator: "\n")
  }

  private static func segments(of log: LogInspection) -> String {
    var table = TextTable([
      .left("segment"), .right("bytes"), .right("used"), .right("batches"), .right("first"), .right("last"),
      .right("records"),
    ])
    for segment in log.segments {
      table.add([
        segment.file, "\(segment.bytes)", "\(segment.end)", "\(segment.batches.count)",
        segment.batches.first.map { "\($0.number)" } ?? "-", segment.batches.last.map { "\($0.number)" } ?? "-",
        "\(segment.batches.reduce(0) { $0 + $1.records.count })",
      ])
    }
    return table.text
  }

  private static func records(of log: LogInspection) -> String {
    var table = TextTable([.left("segment"), .right("byte"), .right("batch"), .right("sectors"), .left("record")])
    for segment in log.segments {
      for batch in segment.batches {
        for record in batch.records {
          table.add([segment.file, "\(batch.offset)", "\(batch.number)", "\(batch.sectors)", "\(record)"])
        }
      }
    }
    return table.text
  }

  /// A snapshot: what it stands for.
  static func text(of snapshot: SnapshotInspection) -> String {
    let configuration = snapshot.description.configuration
    func list(_ members: [NodeID]) -> String { members.map(\.description).joined(separator: " ") }
    var lines = [
      "snapshot \(snapshot.number) up to \(snapshot.description.last)", "voters \(list(configuration.voters))",
    ]
    if configuration.isJoint {
      lines.append("outgoing voters \(list(configuration.outgoing))")
      lines.append(
        configuration.leavesAutomatically ? "leaves the joint configuration by itself" : "stays joint until told")
    }
    if !configuration.learners.isEmpty { lines.append("learners \(list(configuration.learners))") }
    if !configuration.learnersNext.isEmpty { lines.append("learners to be \(list(configuration.learnersNext))") }
    lines.append(
      snapshot.contentBytes.map { "\($0) bytes in \(snapshot.chunks) chunks" } ?? "no content: the start of a group")
    return lines.joined(separator: "\n")
  }
}
