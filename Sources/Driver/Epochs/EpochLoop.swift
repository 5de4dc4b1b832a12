import Emulation
import Experiment
import Policies
import PolicyProcess
import Raft
import Simulation

/// The beat of markets and policies: when epochs end, what was seen in them, and who decides.
struct EpochLoop {
  /// How long an epoch is, by the markets' clock and by the world's.
  let length: TimeSpan
  let span: TimeSpan
  var policy: (any MembershipPolicy)?
  let name: String
  var statistics: EpochStatistics
  var number = 0
  /// When the epoch began, by the world's clock.
  var start = Instant.zero
  /// What machines had done when it began, by number.
  var counters: [NodeID: MachineCounters] = [:]
  /// What was spent so far, in billionths of a US dollar.
  var spent: Int64 = 0

  /// The loop of a run; nil when there is nothing to do at the end of epochs.
  ///
  /// Throws when the registry has no policy of the spec's name.
  init?(_ spec: ExperimentSpec, _ policies: PolicyRegistry) throws {
    guard spec.policy.choice != .none || spec.sampling != nil || spec.system.hasFleet else { return nil }
    length = spec.sampling?.epoch ?? spec.policy.epoch
    span = spec.sampling?.window ?? spec.policy.epoch
    name = spec.policy.choice.name
    policy = try EpochLoop.policy(spec, policies)
    statistics = EpochStatistics(sites: spec.sites.count, objectives: spec.objectives)
  }

  /// When the epoch ends, by the world's clock.
  var end: Instant { start + span }

  private static func policy(
    _ spec: ExperimentSpec, _ policies: PolicyRegistry
  ) throws -> (any MembershipPolicy)? {
    let market = Market(spec.fleet.purchase)
    switch spec.policy.choice {
    case .none: return nil
    case .registered(let name): return try policies.makePolicy(named: name)
    case .external(let command, let timeout, let foresight):
      return ExternalPolicy(.init(command: command, timeout: timeout, foresight: foresight))
    case .shipped(.fixed(var settings)):
      settings.fleet = posts(spec, market)
      return ShippedPolicy.fixed(settings).makePolicy()
    case .shipped(.reactive(var settings)):
      settings.market = market
      return ShippedPolicy.reactive(settings).makePolicy()
    case .shipped(.budget(var settings)):
      settings.sizing.market = market
      return ShippedPolicy.budget(settings).makePolicy()
    case .shipped(.peek(var settings)):
      settings.sizing.market = market
      return ShippedPolicy.peek(settings).makePolicy()
    case .shipped(.predictive(var settings)):
      settings.sizing.market = market
      return ShippedPolicy.predictive(settings).makePolicy()
    case .shipped(let policy): return policy.makePolicy()
    }
  }

  /// The fleet of the spec, for the policy that keeps it up.
  private static func posts(_ spec: ExperimentSpec, _ market: Market) -> [StaticPolicy.Post] {
    [(Policies.FleetRole.secretary, spec.fleet.secretaries), (.observer, spec.fleet.observers)].flatMap {
      role, counts in
      counts.compactMap { entry in
        spec.siteID(of: entry.site).map { site in
          StaticPolicy.Post(
            role: role,
            placement: Placement(
              site: site, instance: InstanceType("\(spec.fleet.instance)"), market: market),
            count: entry.count)
        }
      }
    }
  }
}
