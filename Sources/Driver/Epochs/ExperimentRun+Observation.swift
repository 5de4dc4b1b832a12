import Cloud
import Emulation
import Experiment
import Policies
import Raft
import Simulation
import Traces
import Workload

/// What a policy is told at the end of an epoch.
extension ExperimentRun {
  func observation() -> Observation {
    let spec = plan.spec
    let loop = epochs!
    let length = simulation.now - loop.start
    let sites = spec.sites.enumerated().map { place, name in
      SiteObservation(
        id: SiteID(UInt16(place)), name: name, reads: loop.statistics.reads[place].observation(over: length),
        writes: loop.statistics.writes[place].observation(over: length))
    }
    let groups = simulation.groupIDs.map { group in
      let leader = simulation.leader(of: group)
      let isPending = leader.map {
        simulation.hasPendingConfiguration($0) || simulation.configuration(of: $0).isJoint
      }
      return GroupObservation(
        id: group, voters: simulation.configuration(of: group).voters, leader: leader,
        isChangePending: isPending ?? false)
    }
    let (whole, rest) = spec.duration.nanoseconds.quotientAndRemainder(dividingBy: loop.length.nanoseconds)
    let epochsLeft = max(0, Int(whole) + (rest > 0 ? 1 : 0) - loop.number - 1)
    return Observation(
      epoch: loop.number, at: marketNow, epochLength: loop.length, system: spec.system, sites: sites,
      nodes: members(length) + fleetNodes(length),
      groups: groups, isGroupChangePending: simulation.isRegrouping,
      offers: offers(at: marketNow), forecasts: forecasts(epochsLeft),
      budget: budget(epochsLeft), serviceLevel: serviceLevel, limits: limits)
  }

  // MARK: Nodes

  private func members(_ length: TimeSpan) -> [NodeObservation] {
    let configurations = simulation.groupIDs.map { (group: $0, now: simulation.configuration(of: $0)) }
    return (0..<simulation.machineCount).compactMap { slot in
      let node = NodeID(UInt32(slot))
      guard let (group, configuration) = configurations.first(where: { $0.now.members.contains(node) }),
        simulation.status(node) != .failed
      else { return nil }
      let placement = Placement(
        site: simulation.site(of: node), instance: Policies.InstanceType("\(machines[slot].type)"), market: .onDemand)
      var seen = NodeObservation(
        id: node, group: group, role: configuration.isVoter(node) ? .voter : .learner,
        state: simulation.status(node) == .down ? .down : .running, placement: placement,
        price: HourlyPrice(memberPrice(node)), age: marketNow - clock.market(machines[slot].since))
      measure(&seen, node, length)
      return seen
    }
  }

  private func fleetNodes(_ length: TimeSpan) -> [NodeObservation] {
    fleet.posts.indices.compactMap { place in
      let post = fleet.posts[place]
      let instance = fleet.markets.instances[post.instance.slot]
      let id: NodeID
      switch post.state {
      case .gone: return nil
      case .starting: id = StartingPost.node(place)
      case .working(let node): id = node
      }
      let placement = Placement(
        site: post.site, instance: Policies.InstanceType("\(instance.market.type)"),
        market: Market(instance.purchase))
      var seen = NodeObservation(
        id: id, group: GroupID(0), role: post.role == .secretary ? .secretary : .observer,
        state: StartingPost.place(id) == nil ? .running : .starting, placement: placement,
        price: HourlyPrice(fleet.price(of: post)), age: fleet.markets.now - instance.requested)
      seen.revokedAt = post.revokedAt
      if case .working(let node) = post.state { measure(&seen, node, length) }
      return seen
    }
  }

  private func measure(_ seen: inout NodeObservation, _ node: NodeID, _ length: TimeSpan) {
    guard length > .zero else { return }
    let counters = simulation.counters(node)
    let before = epochs!.counters[node] ?? MachineCounters()
    seen.cpuBusyRatio = min(1, (counters.cpuBusy - before.cpuBusy).seconds / length.seconds)
    seen.egressBusyRatio = min(1, (counters.egressBusy - before.egressBusy).seconds / length.seconds)
    seen.egressBytesPerSecond = Double(counters.bytesOut - before.bytesOut) / length.seconds
    seen.readsPerSecond = Double(epochs!.statistics.readsServed[node] ?? 0) / length.seconds
  }

  // MARK: Capacity and money

  private func offers(at instant: Instant) -> [Offer] {
    var offers: [Offer] = []
    for (place, market) in fleet.markets.settings.enumerated() {
      for purchase in fleet.purchases(from: market.id) {
        offers.append(
          Offer(
            placement: Placement(
              site: market.id.site, instance: Policies.InstanceType("\(market.id.type)"),
              market: Market(purchase)),
            price: HourlyPrice(market.prices(purchase).value(at: instant)),
            interruptionsPerHour: purchase == .spot
              ? fleet.markets.interruptionsPerHour(inMarket: place, at: instant) : 0,
            takesVoters: purchase == .onDemand))
      }
    }
    for place in plan.spec.sites.indices {
      let site = SiteID(UInt16(place))
      let placement = Placement(
        site: site, instance: Policies.InstanceType(plan.spec.resources.name), market: .onDemand)
      guard !offers.contains(where: { $0.placement == placement }) else { continue }
      offers.append(
        Offer(
          placement: placement,
          price: HourlyPrice(plan.spec.onDemandPrice(of: plan.memberType, at: plan.spec.sites[place]))))
    }
    return offers
  }

  private func budget(_ epochsLeft: Int) -> Budget {
    let budget = plan.spec.budget
    let spent = Cloud.Money(nanoUSD: epochs!.spent)
    return Budget(
      perEpoch: budget.perEpoch.map { Policies.Money($0) }, remaining: budget.total.map { Policies.Money($0 - spent) },
      epochsLeft: epochsLeft)
  }

  private var serviceLevel: ServiceLevel {
    let objectives = plan.spec.objectives
    let patience = plan.spec.clients.operationDeadline
    return ServiceLevel(read: objectives.read ?? patience, write: objectives.write ?? patience)
  }

  private var limits: Limits {
    let voters = plan.configuration.voters.count
    return Limits(
      instancesPerSite: plan.spec.policy.instancesPerSite, instances: plan.spec.policy.instances,
      votersPerGroup: voters,
      mostVotersPerGroup: max(voters, 9), newGroupSites: plan.initialNodes.map(\.site),
      groups: plan.spec.system == .multiRaft ? plan.spec.policy.groups : 1,
      fleetRoles: plan.spec.system.hasFleet ? Set(Policies.FleetRole.allCases) : [])
  }

  private func forecasts(_ epochsLeft: Int) -> [EpochForecast] {
    let count = epochs!.policy?.foresight.epochs(outOf: epochsLeft) ?? 0
    let load = OfferedLoad(spec: plan.spec)
    return (0..<count).map { ahead in
      let start = epochs!.length * Int64(epochs!.number + 1 + ahead)
      // Clients that wait for answers offer what they did in this epoch, as far as anybody can know.
      let loads =
        load.loads(at: start)
        ?? plan.spec.sites.indices.map { place in
          let length = max((simulation.now - epochs!.start).seconds, 1e-9)
          return SiteLoad(
            site: SiteID(UInt16(place)), readsPerSecond: Double(epochs!.statistics.reads[place].offered) / length,
            writesPerSecond: Double(epochs!.statistics.writes[place].offered) / length)
        }
      return EpochForecast(loads: loads, offers: offers(at: .zero + start))
    }
  }
}
