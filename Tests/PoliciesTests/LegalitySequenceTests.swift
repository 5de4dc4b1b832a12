import Emulation
import Policies
import Raft
import Testing

/// Whole lists of proposals, held to what must be true of everything that was allowed together.
struct LegalitySequenceTests {
  @Test("What is allowed together stays within money and room, changes voters once, and takes nothing away twice")
  func together() {
    var draws = RandomSource(seed: 21)
    var allowedInAll = 0
    for sample in SmallStates.all {
      let observation = sample.observation
      let single = SmallStates.actions(observation)
      let proposals = (0..<12).map { _ in
        ProposedAction(single[Int(draws.next(below: UInt64(single.count)))], because: "")
      }
      let decisions = Legality().decide(proposals, in: observation)
      #expect(decisions.map(\.proposal) == proposals)
      #expect(decisions == Legality().decide(proposals, in: observation))
      let allowed = decisions.filter { $0.verdict == .allowed }.map(\.proposal.action)
      allowedInAll += allowed.count

      let changes = allowed.filter { [.addVoter, .removeVoter, .transferLeadership].contains($0.kind) }
      #expect(changes.count <= (observation.groups[0].isChangePending ? 0 : 1))

      var gone = Set<NodeID>()
      var staying = observation.nodes.filter { $0.revokedAt == nil }.map { ($0.placement.site, $0.price) }
      let before = staying.count
      for action in allowed {
        switch action {
        case .dismiss(let id), .removeVoter(let id):
          #expect(gone.insert(id).inserted)
          if let node = observation.node(id), node.revokedAt == nil {
            let place = staying.firstIndex { $0.0 == node.site && $0.1 == node.price }
            if let place { staying.remove(at: place) }
          }
        case .hire(_, _, let placement), .addVoter(_, let placement):
          staying.append((placement.site, observation.offer(for: placement)!.price))
          let cost = staying.reduce(Money.zero) { $0 + $1.1.cost(of: observation.epochLength) }
          if let cap = observation.budget.nextEpoch { #expect(cost <= cap) }
          #expect(staying.count <= observation.limits.instances)
          #expect(staying.filter { $0.0 == placement.site }.count <= observation.limits.instancesPerSite)
        case .transferLeadership, .addGroup, .removeGroup: break
        }
      }
      #expect(staying.count <= max(before, observation.limits.instances))
    }
    #expect(allowedInAll > 2_000)
  }

  @Test("The order in which sites, nodes and offers are told changes no policy's mind", arguments: ShippedPolicy.all)
  func order(_ policy: ShippedPolicy) {
    var draws = RandomSource(seed: 8)
    var sample = Sample(voters: [0, 0, 1, 1, 1, 2])
    for site in 0..<3 {
      sample.add(.observer, at: site)
      sample.add(.secretary, at: site)
    }
    var mirror = sample
    mirror.nodes.reverse()
    mirror.offers.reverse()
    var (one, other) = (policy.makePolicy(), policy.makePolicy())
    for _ in 0..<40 {
      let reads = (0..<3).map { _ in Double(draws.next(below: 30_000)) }
      let busy = draws.nextUnit()
      for site in 0..<3 {
        sample.busy(busy) { $0.site == Sample.sites[site] }
        mirror.busy(busy) { $0.site == Sample.sites[site] }
      }
      (sample.reads, mirror.reads) = (reads, reads)
      #expect(one.decide(sample.observation) == other.decide(mirror.observation))
    }
  }
}
