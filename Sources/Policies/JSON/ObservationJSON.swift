import Emulation
import Raft

/// An observation as one line of JSON for an external policy: what `experiments/policies/README.md` describes.
public enum ObservationJSON {
  /// The line, without its end. Sites go by name, times are seconds, money is whole micro-USD, unknown is null.
  public static func encode(_ observation: Observation) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { json in
      json.integer("epoch", observation.epoch)
      json.number("at_seconds", observation.at.seconds)
      json.number("epoch_seconds", observation.epochLength.seconds)
      json.string("system", observation.system.rawValue)
      json.array("sites", observation.sites) { site(&$0, $1) }
      json.array("nodes", observation.nodes) { node(&$0, $1, observation) }
      json.array("groups", observation.groups) { group(&$0, $1) }
      json.bool("group_change_pending", observation.isGroupChangePending)
      json.array("offers", observation.offers) { offer(&$0, $1, observation) }
      json.array("forecasts", observation.forecasts) { forecast(&$0, $1, observation) }
      json.object("budget") { json in
        money(&json, "epoch_microusd", observation.budget.perEpoch)
        money(&json, "remaining_microusd", observation.budget.remaining)
        json.integer("epochs_left", observation.budget.epochsLeft)
      }
      json.object("slo") { json in
        json.number("read_ms", observation.serviceLevel.read.milliseconds)
        json.number("write_ms", observation.serviceLevel.write.milliseconds)
      }
      json.object("limits") { limits(&$0, observation.limits, observation) }
    }
    return writer.bytes
  }

  private static func money(_ json: inout JSONWriter, _ key: String, _ amount: Money?) {
    if let amount { json.integer(key, amount.microUSD) } else { json.null(key) }
  }

  private static func milliseconds(_ json: inout JSONWriter, _ key: String, _ span: TimeSpan?) {
    if let span { json.number(key, span.milliseconds) } else { json.null(key) }
  }

  private static func limits(_ json: inout JSONWriter, _ limits: Limits, _ observation: Observation) {
    json.integer("instances_per_site", limits.instancesPerSite)
    json.integer("instances", limits.instances)
    json.integer("voters_per_group", limits.votersPerGroup)
    json.integer("most_voters_per_group", limits.mostVotersPerGroup)
    json.array("new_group_sites", limits.newGroupSites) { $0.string(nil, observation.name(of: $1)) }
    json.integer("groups", limits.groups)
    json.array("fleet_roles", FleetRole.allCases.filter { limits.fleetRoles.contains($0) }) {
      $0.string(nil, $1.rawValue)
    }
  }

  private static func site(_ json: inout JSONWriter, _ site: SiteObservation) {
    json.object { json in
      json.string("name", site.name)
      json.object("reads") { operations(&$0, site.reads) }
      json.object("writes") { operations(&$0, site.writes) }
    }
  }

  private static func operations(_ json: inout JSONWriter, _ operations: OperationObservation) {
    json.number("offered_per_second", operations.offeredPerSecond)
    json.number("ok_per_second", operations.okPerSecond)
    json.number("failed_per_second", operations.failedPerSecond)
    json.number("goodput_per_second", operations.goodputPerSecond)
    milliseconds(&json, "p50_ms", operations.median)
    milliseconds(&json, "p95_ms", operations.p95)
  }

  private static func placement(_ json: inout JSONWriter, _ placement: Placement, _ observation: Observation) {
    json.string("site", observation.name(of: placement.site))
    json.string("instance", placement.instance.name)
    json.string("market", placement.market.rawValue)
  }

  private static func node(_ json: inout JSONWriter, _ node: NodeObservation, _ observation: Observation) {
    json.object { json in
      json.integer("id", node.id.rawValue)
      json.integer("group", node.group.rawValue)
      json.string("role", node.role.rawValue)
      json.string("state", node.state.rawValue)
      json.bool("leader", observation.group(node.group)?.leader == node.id)
      placement(&json, node.placement, observation)
      json.integer("microusd_per_hour", node.price.microUSDPerHour)
      json.number("cpu_busy_ratio", node.cpuBusyRatio)
      json.number("egress_busy_ratio", node.egressBusyRatio)
      json.number("egress_bytes_per_second", node.egressBytesPerSecond)
      json.number("reads_per_second", node.readsPerSecond)
      json.number("age_seconds", node.age.seconds)
      if let revokedAt = node.revokedAt {
        json.number("revoked_at_seconds", revokedAt.seconds)
      } else {
        json.null("revoked_at_seconds")
      }
    }
  }

  private static func group(_ json: inout JSONWriter, _ group: GroupObservation) {
    json.object { json in
      json.integer("id", group.id.rawValue)
      json.array("voters", group.voters) { $0.integer(nil, $1.rawValue) }
      if let leader = group.leader { json.integer("leader", leader.rawValue) } else { json.null("leader") }
      json.bool("change_pending", group.isChangePending)
    }
  }

  private static func offer(_ json: inout JSONWriter, _ offer: Offer, _ observation: Observation) {
    json.object { json in
      placement(&json, offer.placement, observation)
      json.integer("microusd_per_hour", offer.price.microUSDPerHour)
      json.number("interruptions_per_hour", offer.interruptionsPerHour)
      json.bool("takes_voters", offer.takesVoters)
    }
  }

  private static func forecast(_ json: inout JSONWriter, _ forecast: EpochForecast, _ observation: Observation) {
    json.object { json in
      json.array("loads", forecast.loads) { json, load in
        json.object { json in
          json.string("site", observation.name(of: load.site))
          json.number("reads_per_second", load.readsPerSecond)
          json.number("writes_per_second", load.writesPerSecond)
        }
      }
      json.array("offers", forecast.offers) { offer(&$0, $1, observation) }
    }
  }
}
