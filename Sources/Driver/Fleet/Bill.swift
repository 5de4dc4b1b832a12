import Cloud
import Emulation
import Experiment
import Raft
import Traces

/// What a run costs in whatever world: every instance's life, then the data between sites.
struct Bill {
  /// A member's machine, with times of the markets' clock.
  struct Member {
    var name: String
    var site: SiteID
    var machine: MemberMachine
  }

  let plan: RunPlan
  /// The end of the run by the markets' clock.
  let end: Instant

  /// The rows of the bill; nothing when nothing is billed. The markets have ended; `bytes` went from one site to another.
  func rows(
    members: [Member], fleet: FleetManager, bytes: (SiteID, SiteID) -> UInt64
  ) throws -> [CostRow] {
    guard let costs = plan.spec.costs else { return [] }
    var rows: [CostRow] = []
    let tariff = costs.transfer ? TransferTariff.aws2022 : TransferTariff(free: plan.spec.sites)
    var ledger = try Ledger(regions: plan.spec.sites, tariff: tariff, rule: costs.billing.rule)
    for (slot, member) in members.enumerated() {
      let machine = member.machine
      let life = InstanceLife(
        instance: InstanceID(UInt32.max / 2 + UInt32(slot)), market: MarketID(site: member.site, type: machine.type),
        purchase: .onDemand, launched: min(machine.since, end), ended: min(machine.until ?? end, end),
        endedBy: machine.until == nil ? .endOfRun : .user)
      let price = plan.spec.onDemandPrice(of: machine.type, at: plan.spec.sites[member.site.slot])
      let charge = InstanceCharge(life, prices: .constant(price), rule: costs.billing.rule)
      rows.append(row(charge, name: member.name, role: machine.role))
    }
    for life in fleet.markets.lives {
      guard let settings = fleet.markets.settings.first(where: { $0.id == life.market }) else { continue }
      let post = fleet.posts[life.instance.slot]
      let charge = InstanceCharge(life, prices: settings.prices(life.purchase), rule: costs.billing.rule)
      // An instance that was lost while it booted never had a node.
      rows.append(
        row(charge, name: post.name ?? "\(plan.spec.sites[post.site.slot]).\(life.instance)", role: post.role))
    }
    for from in plan.spec.sites.indices.map({ SiteID(UInt16($0)) }) {
      for to in plan.spec.sites.indices.map({ SiteID(UInt16($0)) }) {
        ledger.add(bytes: bytes(from, to), from: from, to: to)
      }
    }
    for charge in ledger.bill.transfers {
      guard case .site(let destination) = charge.destination else { continue }
      rows.append(
        CostRow(
          from: plan.spec.sites[charge.source.slot], to: plan.spec.sites[destination.slot],
          bytes: Int(clamping: charge.bytes), cost: charge.cost.nanoUSD))
    }
    return rows
  }

  private func row(_ charge: InstanceCharge, name: String, role: NodeRole) -> CostRow {
    CostRow(
      instance: name, role: role, site: plan.spec.sites[charge.life.market.site.slot],
      type: "\(charge.life.market.type)", market: charge.life.purchase.rawValue, start: charge.life.launched,
      end: charge.life.ended, endedBy: charge.life.endedBy.rawValue, billed: charge.billed,
      cost: charge.cost.nanoUSD)
  }
}

extension TransferTariff {
  /// A tariff by which data costs nothing.
  fileprivate init(free regions: [String]) {
    self.init(regions: regions.map { Region(name: $0, elsewhere: .free, internet: .free) })
  }
}
