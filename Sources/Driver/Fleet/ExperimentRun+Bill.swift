import Cloud
import Emulation
import Experiment
import Raft
import Simulation
import Traces

/// What the run cost.
extension ExperimentRun {
  /// Writes the bill: every instance's life, then the data between sites.
  mutating func writeBill() throws {
    guard plan.spec.costs != nil else { return }
    let end = marketNow
    fleet.markets.finish()
    // Members' machines are on-demand from the start of the run, or from when they were added, to its end.
    let members = (0..<simulation.machineCount).map { slot in
      let node = NodeID(UInt32(slot))
      var machine = machines[slot]
      machine.since = clock.market(machine.since)
      machine.until = machine.until.map { clock.market($0) }
      return Bill.Member(name: traces.recorder.names.node(node), site: simulation.site(of: node), machine: machine)
    }
    traces.recorder.rows.cost += try Bill(plan: plan, end: end).rows(members: members, fleet: fleet) { from, to in
      wholeEpochs(UInt64(simulation.network.counters(from: from, to: to).bytes))
    }
  }

  /// Data of sampled parts stands for that of whole epochs.
  private func wholeEpochs(_ bytes: UInt64) -> UInt64 {
    guard let sampling = plan.spec.sampling else { return bytes }
    let (high, low) = bytes.multipliedFullWidth(by: UInt64(sampling.epoch.nanoseconds))
    let window = UInt64(sampling.window.nanoseconds)
    return high < window ? window.dividingFullWidth((high, low)).quotient : .max
  }

  /// What a member's machine costs.
  func memberPrice(_ node: NodeID) -> HourlyRate {
    plan.spec.onDemandPrice(of: machines[node.slot].type, at: plan.spec.sites[simulation.site(of: node).slot])
  }

  /// What the instances at work cost for a time at the prices now, in billionths of a US dollar.
  func standingCost(of span: TimeSpan) -> Int64 {
    guard plan.spec.costs != nil else { return 0 }
    var rate: Int64 = 0
    for slot in machines.indices where machines[slot].until == nil {
      rate += memberPrice(NodeID(UInt32(slot))).nanoUSDPerHour
    }
    for post in fleet.posts where fleet.markets.instances[post.instance.slot].phase.isAlive {
      rate += fleet.price(of: post).nanoUSDPerHour
    }
    let cost = Int128(rate) * Int128(span.nanoseconds) / 3_600_000_000_000
    return Int64(clamping: cost)
  }
}
