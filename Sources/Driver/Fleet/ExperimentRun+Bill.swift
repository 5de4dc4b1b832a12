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
    guard let costs = plan.spec.costs else { return }
    let end = marketNow
    fleet.markets.finish()
    let tariff = costs.transfer ? TransferTariff.aws2022 : TransferTariff(free: plan.spec.sites)
    var ledger = try Ledger(regions: plan.spec.sites, tariff: tariff, rule: costs.billing.rule)
    // Members' machines are on-demand from the start of the run, or from when they were added, to its end.
    for slot in 0..<simulation.machineCount {
      let node = NodeID(UInt32(slot))
      let (site, machine) = (simulation.site(of: node), machines[slot])
      let life = InstanceLife(
        instance: InstanceID(UInt32.max / 2 + UInt32(slot)), market: MarketID(site: site, type: machine.type),
        purchase: .onDemand, launched: min(clock.market(machine.since), end),
        ended: min(machine.until.map { clock.market($0) } ?? end, end),
        endedBy: machine.until == nil ? .endOfRun : .user)
      let charge = InstanceCharge(life, prices: .constant(memberPrice(node)), rule: costs.billing.rule)
      report(charge, name: traces.recorder.names.node(node), role: machine.role)
    }
    for life in fleet.markets.lives {
      guard let settings = fleet.markets.settings.first(where: { $0.id == life.market }) else { continue }
      let post = fleet.posts[life.instance.slot]
      let charge = InstanceCharge(life, prices: settings.prices(life.purchase), rule: costs.billing.rule)
      // An instance that was lost while it booted never had a node.
      report(charge, name: post.name ?? "\(plan.spec.sites[post.site.slot]).\(life.instance)", role: post.role)
    }
    for from in plan.spec.sites.indices {
      for to in plan.spec.sites.indices {
        let bytes = simulation.network.counters(from: SiteID(UInt16(from)), to: SiteID(UInt16(to))).bytes
        ledger.add(bytes: wholeEpochs(UInt64(bytes)), from: SiteID(UInt16(from)), to: SiteID(UInt16(to)))
      }
    }
    for charge in ledger.bill.transfers {
      guard case .site(let destination) = charge.destination else { continue }
      traces.recorder.rows.cost.append(
        CostRow(
          from: plan.spec.sites[charge.source.slot], to: plan.spec.sites[destination.slot],
          bytes: Int(clamping: charge.bytes), cost: charge.cost.nanoUSD))
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

  private func report(_ charge: InstanceCharge, name: String, role: NodeRole) {
    traces.recorder.rows.cost.append(
      CostRow(
        instance: name, role: role, site: plan.spec.sites[charge.life.market.site.slot],
        type: "\(charge.life.market.type)", market: charge.life.purchase.rawValue, start: charge.life.launched,
        end: charge.life.ended, endedBy: charge.life.endedBy.rawValue, billed: charge.billed,
        cost: charge.cost.nanoUSD))
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

extension TransferTariff {
  /// A tariff by which data costs nothing.
  fileprivate init(free regions: [String]) {
    self.init(regions: regions.map { Region(name: $0, elsewhere: .free, internet: .free) })
  }
}
