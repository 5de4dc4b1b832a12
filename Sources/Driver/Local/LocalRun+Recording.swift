import Cloud
import Emulation
import Experiment
import Raft
import Traces
import Wire

/// What a run of real processes writes down beside what they report.
extension LocalRun {
  /// Asks all nodes that work what they did so far.
  func sample() {
    let working = nodes.filter { $0.status == .running }
    let subjects = working.map { node in
      let role: Traces.NodeRole =
        switch node.role {
        case .secretary: .secretary
        case .observer: .observer
        case .voter, .learner: configuration.isLearner(node.id) ? .learner : .voter
        }
      return SampleBook.Subject(node: node.id, site: node.site, role: role)
    }
    ledger.beginSample(of: subjects, at: now, into: traces)
    for node in working { node.child?.send("sample") }
  }

  /// Writes the bill; data of clients is not in it.
  func writeBill(until end: Instant) throws {
    let members = nodes.filter { $0.role.isMember && $0.status != .absent }.map { node in
      Bill.Member(name: node.name, site: node.site, machine: node.machine)
    }
    fleet.markets.finish()
    traces.recorder.rows.cost += try Bill(plan: plan, end: end).rows(members: members, fleet: fleet) { from, to in
      ledger.bytes(from: from, to: to)
    }
  }
}
