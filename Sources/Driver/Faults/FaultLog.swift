import Emulation
import Experiment
import Raft
import Traces

/// What became of a spec's faults: how many were due and injected, those that last, and their records in the traces.
struct FaultLog {
  /// How many faults came due, and how many of them were injected.
  var counts = (due: 0, injected: 0)
  private var inForce: [FaultInForce] = []

  /// Notes what became of a fault that does not last.
  func note(
    _ fault: Fault, _ target: String, _ resolved: String?, _ outcome: FaultOutcome, _ detail: String?, at now: Instant,
    in traces: RunTraces
  ) {
    traces.recorder.fault(
      FaultRow(
        at: now, fault: fault.kind.rawValue, target: target, resolved: resolved, outcome: outcome, detail: detail))
  }

  /// Notes that a node that was to start again did not.
  func noteRefusedRestart(of node: String, _ detail: String, at now: Instant, in traces: RunTraces) {
    traces.recorder.fault(
      FaultRow(
        at: now, fault: Fault.Kind.restart.rawValue, target: node, resolved: node, outcome: .failed, detail: detail))
  }

  /// Records a fault that lasts, and puts its end on the timeline when the spec gives one.
  mutating func begin(
    _ fault: Fault, _ target: String, _ resolved: String, _ undoing: FaultInForce.Undoing, at now: Instant,
    in traces: RunTraces, _ timeline: inout Timeline
  ) {
    let id = traces.recorder.faultBegan(
      FaultRow(at: now, fault: fault.kind.rawValue, target: target, resolved: resolved, outcome: .injected))
    let begun = FaultInForce(id: id, undoing: undoing)
    inForce.append(begun)
    if let span = fault.span { timeline.add(.undo(begun), at: now + span) }
  }

  /// Ends the record of a fault; false when something else has undone it before.
  mutating func end(_ fault: FaultInForce, at now: Instant, in traces: RunTraces) -> Bool {
    guard let place = inForce.firstIndex(where: { $0.id == fault.id }) else { return false }
    inForce.remove(at: place)
    traces.recorder.faultEnded(fault.id, at: now)
    return true
  }

  /// Ends the records of faults that something else has undone.
  mutating func endAll(at now: Instant, in traces: RunTraces, where isUndone: (FaultInForce.Undoing) -> Bool) {
    for fault in inForce where isUndone(fault.undoing) { traces.recorder.faultEnded(fault.id, at: now) }
    inForce.removeAll { isUndone($0.undoing) }
  }

  /// The links that faults in force have changed.
  var changedLinks: [LinkSelection] {
    inForce.flatMap { fault -> [LinkSelection] in
      if case .restoreLinks(let links) = fault.undoing { links } else { [] }
    }
  }
}

extension FaultInForce.Undoing {
  /// Whether the fault is one of the network, which healing it undoes.
  var isOfNetwork: Bool {
    switch self {
    case .heal, .restoreLinks: true
    case .restart, .resume, .clock, .disk: false
    }
  }
}

extension Experiment.Partition {
  /// Who is cut off from whom, as the trace of faults has it.
  var label: String {
    func list(_ targets: [Target]) -> String { targets.map(\.description).joined(separator: " ") }
    switch self {
    case .groups(let groups): return groups.map(list).joined(separator: " | ")
    case .oneWay(let from, let to): return "\(list(from)) > \(list(to))"
    }
  }

  /// The cut between the places that the targets stand for now.
  func cut(_ places: (Target) -> [Place]) -> Emulation.Partition {
    switch self {
    case .groups(let groups):
      .groups(groups.map { group in group.flatMap(places) }.filter { !$0.isEmpty })
    case .oneWay(let from, let to): .oneWay(from: from.flatMap(places), to: to.flatMap(places))
    }
  }
}

extension LinkPatch {
  /// Which links change, as the trace of faults has it.
  var label: String {
    func list(_ sites: [String]) -> String { sites.isEmpty ? "all" : sites.joined(separator: " ") }
    return "\(list(from)) \(bothWays ? "<>" : ">") \(list(to))"
  }
}
