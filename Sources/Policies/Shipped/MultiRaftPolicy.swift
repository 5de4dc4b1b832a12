import Raft

/// `multi-raft`: adds a whole group at all sites when one node is exhausted anywhere, and removes one when all are idle
/// (paper 3.2): the coarse step that the elastic roles are compared with.
///
/// A group is added when the busiest running voter is above `high`. The youngest group is removed when the busiest has
/// been below `low` for `patience` epochs and would stay below `high` with one group less. Nothing happens while keys
/// are moving.
public struct MultiRaftPolicy: MembershipPolicy {
  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// The instance type of new groups; nil (the default) means the type that is cheapest summed over all sites.
    public var instance: InstanceType?
    /// The busy ratio above which a group is added, in 0 ... 1; by default 0.7.
    public var high: Double
    /// The busy ratio below which a group is removed, in 0 ... 1; by default 0.3.
    public var low: Double
    /// Epochs in a row below `low` before that; by default 3.
    public var patience: Int

    /// Makes settings.
    public init(instance: InstanceType? = nil, high: Double = 0.7, low: Double = 0.3, patience: Int = 3) {
      self.instance = instance
      self.high = high
      self.low = low
      self.patience = max(1, patience)
    }
  }

  /// The settings.
  public let settings: Settings
  private var idle = Streak()

  /// Makes the policy.
  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// At most one group more or less.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    let voters = observation.nodes.filter { $0.role == .voter && $0.state == .running }
    guard !observation.isGroupChangePending,
      let busiest = voters.max(by: { ($0.busyRatio, $1.id) < ($1.busyRatio, $0.id) })
    else {
      idle.reset()
      return []
    }
    let busy = busiest.busyRatio
    let isIdle = idle.extend(if: busy < settings.low, until: settings.patience)
    if busy > settings.high {
      guard let instance = settings.instance ?? cheapestEverywhere(observation) else { return [] }
      let reason = "a voter at \(observation.name(of: busiest.site)) is busy \(percent(busy))"
      return [ProposedAction(.addGroup(instance), because: reason)]
    }
    let count = observation.groups.count
    guard isIdle, count > 1, let youngest = observation.groups.last,
      busy * Double(count) / Double(count - 1) < settings.high
    else { return [] }
    idle.reset()
    return [
      ProposedAction(.removeGroup(youngest.id), because: "no voter was busier than \(percent(busy)) for long enough")
    ]
  }

  private func cheapestEverywhere(_ observation: Observation) -> InstanceType? {
    let types = Set(observation.offers.map(\.placement.instance)).sorted()
    var best: (type: InstanceType, price: Int64)?
    for type in types {
      let prices = observation.limits.newGroupSites.map {
        observation.offer(for: Placement(site: $0, instance: type, market: .onDemand))?.price.microUSDPerHour
      }
      guard !prices.contains(nil) else { continue }
      let sum = prices.reduce(0) { $0 + ($1 ?? 0) }
      if sum < best?.price ?? .max { best = (type, sum) }
    }
    return best?.type
  }
}
