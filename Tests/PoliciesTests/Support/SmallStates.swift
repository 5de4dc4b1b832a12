import Policies
import Raft

/// All small states of one group at two sites: up to four voters, each running, down or lost, and a fleet of two.
enum SmallStates {
  static var all: [Sample] {
    var samples: [Sample] = []
    let kinds = [0, 1, 2, 3, 4]
    for count in 1...4 {
      for code in 0..<power(kinds.count, count) {
        var sample = Sample(voters: (0..<count).map { code / power(kinds.count, $0) % kinds.count / 4 })
        sample.offers = sample.offers.filter { $0.placement.site != Sample.sites[2] }
        for place in 0..<count {
          let id = NodeID(UInt32(place))
          switch code / power(kinds.count, place) % kinds.count {
          case 1: sample.change(id) { $0.placement = Sample.placement(0, .spot) }
          case 2: sample.change(id) { $0.state = .down }
          case 3: sample.nodes.removeAll { $0.id == id }
          default: break
          }
        }
        sample.add(.secretary, at: 1)
        let leaving = sample.add(.observer, at: 0)
        if code % 2 == 1 { sample.change(leaving) { $0.revokedAt = Instant(nanoseconds: 1) } }
        sample.leader = code % 7 == 6 ? nil : NodeID(0)
        sample.isChangePending = code % 5 == 4
        sample.limits.votersPerGroup = 1 + code % 3
        sample.limits.mostVotersPerGroup = 3 + code % 2
        sample.limits.instances = 4 + code % 4
        sample.limits.instancesPerSite = 2 + code % 4
        if code % 4 == 3 { sample.limits.fleetRoles = [.observer] }
        if code % 3 == 1 { sample.budget.perEpoch = Money(microUSD: 330_000) }
        samples.append(sample)
        // The same state with nothing in the way but the rules on voters.
        sample.limits.instances = 20
        sample.limits.instancesPerSite = 20
        sample.limits.votersPerGroup = 1
        sample.budget.perEpoch = nil
        sample.isChangePending = false
        samples.append(sample)
        // Another pool that would avoid a quorum in one is there, and there is no money for it.
        sample.limits.mostVotersPerGroup = 5
        sample.offers = sample.offers.map { offer in
          var offer = offer
          if offer.placement.site == Sample.sites[1] { offer.price.microUSDPerHour *= 5 }
          return offer
        }
        sample.budget.perEpoch = sample.observation.standingCost + Money(microUSD: 20_000)
        samples.append(sample)
      }
    }
    return samples
  }

  static func actions(_ observation: Observation) -> [Action] {
    var actions: [Action] = []
    for site in 0..<3 {
      for market in Market.allCases {
        let placement = Sample.placement(site, market)
        actions.append(.addVoter(group: Sample.shard, at: placement))
        for role in FleetRole.allCases { actions.append(.hire(role, group: Sample.shard, at: placement)) }
      }
    }
    for id in 0..<8 {
      let node = NodeID(UInt32(id))
      actions += [.dismiss(node), .removeVoter(node), .transferLeadership(group: Sample.shard, to: node)]
    }
    return actions
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
