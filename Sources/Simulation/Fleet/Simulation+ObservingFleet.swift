import Raft
import Server
import Verification

/// What is checked of the fleet after every step of it.
extension Simulation {
  mutating func observeFleet(_ slot: Int) {
    guard setup.checksEveryStep, violation == nil else { return }
    let (id, group) = (machines[slot].id, machines[slot].group.slot)
    for place in machines[slot].process.effects.messages.indices {
      if let found = groups[group].checker.observe(machines[slot].process.effects.messages[place], sentBy: id) {
        return halt(InvariantBreach(found, at: now))
      }
    }
    for place in machines[slot].process.effects.observed.indices {
      let observed = machines[slot].process.effects.observed[place]
      if let found = groups[group].checker.observe(id, applied: observed.entry, at: observed.position) {
        return halt(InvariantBreach(found, at: now))
      }
    }
    guard case .observer(let server) = machines[slot].process, server.pointee.node.isContradicted else { return }
    halt(
      InvariantBreach(
        property: Invariant.committedFeed.rawValue,
        text: "\(machines[slot].id) was fed an entry that does not follow \(server.pointee.node.last)", at: now))
  }
}
