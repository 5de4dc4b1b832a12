@testable import Raft

/// The rules that hold for a group (Raft thesis, figure 3.2), checked after each step of one of its machines.
///
/// That there is one leader and one vote of a node per term is checked on what was seen, by ``Sight``.
struct SafetyCheck {
  /// The machines after the step.
  let group: [MachineFacts]
  /// The one that took it, before.
  let before: MachineFacts
  let bounds: Bounds

  /// The rule that the step of the machine in `slot` broke, if it did; takes note of what it committed.
  func violation(at slot: Int, _ committed: inout Committed) -> String? {
    let machine = group[slot]
    for other in group where other.slot != slot && !machine.log.matches(other.log) {
      return "log matching: n\(slot) and n\(other.slot)"
    }
    let entries = machine.log.prefix(machine.commit)
    guard entries.hasPrefix(committed.log) || committed.log.hasPrefix(entries) else {
      return "state machine safety: n\(slot) commits another entry than was committed before"
    }
    if entries.count > committed.log.count {
      committed.extend(to: entries, in: machine.term)
      if !isOnQuorum(entries, of: before.configuration) && !isOnQuorum(entries, of: machine.configuration) {
        return "durable on a quorum: n\(slot) commits \(entries.count) entries that are not"
      }
    } else if bounds.changes.isEmpty, !isOnQuorum(committed.log, of: machine.configuration) {
      return "durable on a quorum: \(committed.log.count) committed entries are no longer"
    }
    for leader in group where leader.isLeader && !leader.log.hasPrefix(committed.upTo(term: leader.term)) {
      return "leader completeness: n\(leader.slot) of term \(leader.term) lacks a committed entry"
    }
    return nil
  }

  private func isOnQuorum(_ log: PackedLog, of configuration: Configuration) -> Bool {
    let holders = NodeSet(bits: group.reduce(0) { $1.disk.hasPrefix(log) ? $0 | 1 << UInt8($1.slot) : $0 })
    return holders.isQuorum(of: configuration)
  }
}

extension Machine {
  /// What is wrong with a machine's step on its own.
  func flaw(after before: Machine, sent: [Envelope], isReboot: Bool, checksNode: Bool) -> String? {
    if disk.hardState.term < before.disk.hardState.term { return "the stored term fell" }
    for case .vote(_, let term, _)? in sent.map(Sight.init(voteIn:)) where term < disk.hardState.term {
      return "a vote in term \(term), which is over"
    }
    guard checksNode else { return nil }
    if let fault = node.fault { return "stopped: \(fault)" }
    var invariants = Invariants()
    if !isReboot { _ = invariants.check(before.node) }
    if let found = invariants.check(node) ?? flawInDerivedState { return found }
    if !isReboot, before.node.role == .leader, node.role == .leader, before.node.term == node.term {
      let entries = before.node.log.entries[before.node.log.head...]
      if !node.log.entries[node.log.head...].starts(with: entries) { return "leader append-only" }
    }
    return nil
  }
}
