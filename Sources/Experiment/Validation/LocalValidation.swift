import Policies

/// Refuses what real processes on one machine cannot do, before anything starts.
extension Validation {
  func checkLocal() {
    guard spec.world == .local else { return }
    if spec.system == .multiRaft {
      reading.refuse(
        "system", "found multi-raft with world: local, expected a system of one group, or world: simulated")
    }
    if spec.policy.choice != .none {
      reading.refuse(
        "policy", "found a policy with world: local, expected none, or world: simulated: real fleets are fixed")
    }
    if spec.sampling != nil {
      reading.refuse("sampling", "found sampling with world: local, expected none: real time cannot be left out")
    }
    if spec.record.checks == .everyStep {
      reading.refuse(
        "record.checks", "found every-step with world: local, expected end: nobody sees the steps of real processes")
    }
    for (position, timed) in spec.faults.enumerated() { checkLocal(timed.fault, "faults[\(position)]") }
  }

  private func checkLocal(_ fault: Fault, _ key: String) {
    switch fault {
    case .clock:
      reading.refuse(
        "\(key).clock", "found a fault of clocks with world: local, expected world: simulated: a machine has one clock")
    case .disk:
      reading.refuse(
        "\(key).disk", "found a fault of disks with world: local, expected world: simulated: real disks do as they like"
      )
    case .link(let patch, _):
      let names = [
        ("duplication", patch.duplication != nil), ("queue_limit", patch.queueLimit != nil),
        ("ordering", patch.ordering != nil),
      ].filter(\.1).map(\.0)
      for name in names {
        reading.refuse(
          "\(key).link.\(name)",
          "found it with world: local, expected delay, jitter, loss or bandwidth: only those change "
            + "while real processes run")
      }
    case .crash, .restart, .pause, .partition, .heal, .transfer, .add, .remove, .promote, .revoke: break
    }
  }
}
