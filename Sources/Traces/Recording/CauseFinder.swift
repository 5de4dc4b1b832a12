import Raft

/// Remembers what may have caused an outage for as long as one can still be reported.
struct CauseFinder: Sendable {
  private struct Fault: Sendable {
    var id: FaultID
    var label: String
    var start: Instant
    /// When it ended; nil while it lasts.
    var end: Instant?
  }

  private struct Loss: Sendable {
    var group: Int
    var interval: ElectionTracker.Leaderless
  }

  private let threshold: TimeSpan
  private var faults: [Fault] = []
  private var losses: [Loss] = []
  private var pruneAt = 64

  init(threshold: TimeSpan) { self.threshold = threshold }

  /// How many past happenings are held.
  var count: Int { faults.count + losses.count }

  /// Whether it is time to forget what cannot matter any more.
  var wantsPruning: Bool { count >= pruneAt }

  mutating func add(_ id: FaultID, label: String, start: Instant, end: Instant?) {
    faults.append(Fault(id: id, label: label, start: start, end: end))
  }

  mutating func end(_ id: FaultID, at: Instant) {
    if let index = faults.firstIndex(where: { $0.id == id }) { faults[index].end = at }
  }

  mutating func add(_ interval: ElectionTracker.Leaderless, group: Int) {
    losses.append(Loss(group: group, interval: interval))
  }

  /// Forgets what ended before any outage that may still be reported.
  mutating func prune(before earliest: Instant) {
    func matters(_ end: Instant?) -> Bool { end.map { $0 + threshold >= earliest } ?? true }
    faults.removeAll { !matters($0.end) }
    losses.removeAll { !matters($0.interval.end) }
    pruneAt = max(64, 2 * count)
  }

  /// The cause of an outage that began at `start`; `current` is the loss of leadership that lasts.
  ///
  /// What began within the threshold after the last success may have caused the outage (later than that, it was an
  /// outage already), and what ended within the threshold before may still have.
  func cause(of start: Instant, group: Int, current: ElectionTracker.Leaderless?, names: NameTable) -> String {
    func touches(_ from: Instant, _ to: Instant?) -> Bool {
      from <= start + threshold && (to.map { start <= $0 + threshold } ?? true)
    }
    var labels: [String] = []
    for fault in faults where touches(fault.start, fault.end) && !labels.contains(fault.label) {
      labels.append(fault.label)
    }
    if labels.isEmpty {
      let intervals = losses.filter { $0.group == group }.map(\.interval) + (current.map { [$0] } ?? [])
      for loss in intervals where touches(loss.start, loss.end) {
        let label = loss.old.map { "\(loss.trigger.rawValue) \(names.node($0))" } ?? "initial election"
        if !labels.contains(label) { labels.append(label) }
      }
    }
    return labels.isEmpty ? "unexplained" : labels.joined(separator: "; ")
  }
}

/// Names a fault whose end is not known yet.
public struct FaultID: Hashable, Sendable {
  var rawValue: Int
}
