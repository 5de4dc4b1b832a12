import Cloud
import Emulation
import Policies
import Raft
import Workload

/// Holds fleets, markets, policies and sampling against the rest of the spec.
extension Validation {
  func checkElastic() {
    checkGroups()
    checkFleet()
    checkPrices()
    checkRecords()
    checkPolicy()
    checkSampling()
  }

  private func checkGroups() {
    guard spec.system == .multiRaft else {
      if spec.group.count > 1 {
        reading.refuse(
          "group.count", "found \(spec.group.count) groups with system: \(spec.system.rawValue), expected multi-raft")
      }
      return
    }
    if spec.group.learners.contains(where: { $0.count > 0 }) {
      reading.refuse("group.learners", "found learners with system: multi-raft, expected none")
    }
    if spec.group.count > spec.policy.groups {
      reading.refuse(
        "group.count",
        "found \(spec.group.count) groups, expected at most policy.groups, which is \(spec.policy.groups)")
    }
    for (position, timed) in spec.faults.enumerated() {
      switch timed.fault {
      case .add, .remove, .promote:
        reading.refuse(
          "faults[\(position)].\(timed.fault.kind.rawValue)",
          "found a change of one group's members with system: multi-raft, where groups come and go as a whole")
      default: break
      }
    }
  }

  private func checkFleet() {
    for (name, counts) in [("secretaries", spec.fleet.secretaries), ("observers", spec.fleet.observers)] {
      for entry in counts { requireSite(entry.site, "fleet.\(name).\(entry.site)") }
    }
    if !spec.fleet.isEmpty, !spec.system.hasFleet {
      reading.refuse(
        "fleet", "found secretaries or observers with system: \(spec.system.rawValue), expected geo-raft or bw-raft")
    }
    let raft = spec.group.settings
    guard !reading.blames("group.relay"), !reading.blames("group.election_timeout") else { return }
    if spec.system.hasFleet, raft.relayTimeout * 2 >= raft.electionTimeout.lowerBound {
      reading.refuse(
        reading.gives("group.relay.timeout") ? "group.relay.timeout" : "group.election_timeout",
        "found a relay timeout of \(DurationText.format(raft.relayTimeout)) and election timeouts from "
          + "\(DurationText.format(raft.electionTimeout.lowerBound)), expected less than half of that")
    }
  }

  /// Every site needs a price for what may run there.
  private func checkPrices() {
    guard let costs = spec.costs else { return }
    for (position, site) in spec.sites.enumerated() {
      if costs.onDemand == nil, price(of: InstanceTypeName(spec.resources.name), in: site) == nil {
        reading.refuse(
          "sites[\(position)]",
          "found no price of a \(spec.resources.name) in \(site), expected costs.on_demand, or costs: none")
        return
      }
      if costs.transfer, (try? TransferTariff.aws2022.rate(from: site, to: .internet)) == nil {
        reading.refuse(
          "sites[\(position)]", "found no price of data from \(site), expected costs.transfer: false, or costs: none")
        return
      }
      guard spec.system.hasFleet, price(of: spec.fleet.instance, in: site) == nil else { continue }
      switch spec.spot.price {
      case .constant, .recorded: if costs.onDemand != nil { continue }
      case .catalog, .generated: break
      }
      reading.refuse(
        "sites[\(position)]",
        "found no price of a \(spec.fleet.instance) in \(site), expected spot.price with a constant or records and "
          + "costs.on_demand, or costs: none")
      return
    }
  }

  private func price(of type: InstanceTypeName, in region: String) -> RegionPrice? {
    InstanceCatalog.named(type)?.price(in: region)
  }

  /// What is recorded has to be so for every site, and to fit into the run directory.
  private func checkRecords() {
    let spot = spec.spot
    if reading.gives("spot.shocks"), reading.gives("spot.revocation.shocks") {
      reading.refuse("spot.shocks", "found shocks here and in spot.revocation, expected them in one place")
    }
    if spot.stepCount > SpotPlan.stepLimit {
      reading.refuse(
        "spot", "found \(spot.stepCount) steps in recorded prices and traces, expected at most \(SpotPlan.stepLimit)")
    }
    if case .recorded(let series) = spot.price { requireSites(of: series, "spot.price", "price") }
    switch spot.revocation.base {
    case .model: break
    case .availability(let series): requireSites(of: series, "spot.revocation", "trace")
    case .counts(let series, _): requireSites(of: series, "spot.revocation", "trace")
    }
  }

  private func requireSites<Value>(of series: PerSite<Value>, _ key: String, _ what: String) {
    for site in spec.sites where series[site] == nil {
      let names = series.names
      reading.refuse(
        key,
        "found no \(what) for \(site), expected one for every site\(names.isEmpty ? "" : "; there is one for ")"
          + names.joined(separator: ", ") + Words.suggestion(for: site, among: names))
    }
  }

  private func checkPolicy() {
    let policy = spec.policy
    switch policy.choice {
    case .none, .shipped(.followLoad), .registered, .external: break
    case .shipped(.multiRaft) where spec.system == .multiRaft: break
    case .shipped(.multiRaft):
      reading.refuse(
        "policy.name", "found multi-raft with system: \(spec.system.rawValue), expected system: multi-raft")
    case .shipped where !spec.system.hasFleet:
      reading.refuse(
        "policy.name",
        "found \(policy.choice.name) with system: \(spec.system.rawValue), expected geo-raft or bw-raft, which have a fleet"
      )
    case .shipped: break
    }
    guard knowsDuration, policy.choice != .none, spec.sampling == nil else { return }
    if policy.epoch > spec.duration {
      reading.warn(
        "policy.epoch",
        "found \(DurationText.format(policy.epoch)), longer than the run (\(DurationText.format(spec.duration))): the "
          + "policy never decides")
    }
  }

  private func checkSampling() {
    guard let sampling = spec.sampling else { return }
    if sampling.window >= sampling.epoch {
      reading.refuse(
        "sampling.window",
        "found \(DurationText.format(sampling.window)), expected less than the epoch of "
          + DurationText.format(sampling.epoch))
      return
    }
    if knowsDuration, spec.duration < sampling.epoch {
      reading.refuse(
        "sampling.epoch",
        "found \(DurationText.format(sampling.epoch)), expected at most the duration of "
          + DurationText.format(spec.duration))
    }
    for (position, phase) in spec.workload.enumerated() {
      guard case .trace = phase.load.arrival else { continue }
      reading.refuse(
        "workload[\(position)].arrival", "found a rate trace together with sampling, expected phases with rates")
    }
  }
}
