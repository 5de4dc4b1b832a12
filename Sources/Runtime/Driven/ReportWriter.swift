import Raft
import Server

/// Gathers what happens to a driven node in a turn, and writes it at the turn's end. Confined to the node's loop.
final class ReportWriter: @unchecked Sendable {
  /// Whether every applied command is reported, for the audit.
  let reportsApplied: Bool
  private var line = ReportLine()

  init(reportsApplied: Bool) { self.reportsApplied = reportsApplied }

  /// Notes what a turn led to.
  func note(_ effects: borrowing ServerEffects, at now: Instant) {
    for event in effects.events { note(event, at: now) }
    if reportsApplied {
      for command in effects.applied { NodeReport.applied(command).write(to: &line) }
    }
  }

  private func note(_ event: Event, at now: Instant) {
    let report: NodeReport? =
      switch event {
      case .roleChanged(let role, let term): .role(role, term: term, at: now)
      case .campaignStarted(let campaign, let term): .campaign(campaign, term: term, at: now)
      case .configurationApplied(let configuration, let index): .configuration(configuration, index: index, at: now)
      case .secretaryHired(let node): .hired(node, at: now)
      case .secretaryLost(let node): .lost(node, at: now)
      case .snapshotInstalled(let last): .snapshot(last: last.index, at: now)
      // The host reports why the node failed.
      case .stopped, .leaderChanged, .logTruncated, .learnerCaughtUp, .secretaryRetiring, .transferAborted,
        .snapshotStarted:
        nil
      }
    report?.write(to: &line)
  }

  /// Notes a report.
  func note(_ report: NodeReport) { report.write(to: &line) }

  /// Writes what was noted.
  func flush() {
    guard !line.bytes.isEmpty else { return }
    DriverPipe.write(line.bytes)
    line.removeAll()
  }
}
