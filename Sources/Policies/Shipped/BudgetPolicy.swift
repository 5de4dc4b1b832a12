/// `budget`: the most predicted goodput for what an epoch may cost, greedy by gain over price (paper 3.4).
///
/// The next epoch is taken to be like the last one. What members cost is set aside first; what is left of the lower of
/// ``Settings/perEpoch``, ``Budget/perEpoch`` and this epoch's even share of ``Budget/remaining`` goes to the fleet.
public struct BudgetPolicy: MembershipPolicy {
  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// The most that an epoch may cost, members included; nil (the default) leaves it to the experiment's budget.
    public var perEpoch: Money?
    /// How the fleet is sized.
    public var sizing: FleetSizing

    /// Makes settings.
    public init(perEpoch: Money? = nil, sizing: FleetSizing = FleetSizing()) {
      self.perEpoch = perEpoch
      self.sizing = sizing
    }
  }

  /// The settings.
  public let settings: Settings
  private var controller: FleetController

  /// Makes the policy.
  public init(_ settings: Settings = Settings()) {
    self.settings = settings
    controller = FleetController(settings.sizing)
  }

  /// Dismisses what is not worth its price and hires what is.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    controller.decide(observation, expecting: [observation.persistence], perEpoch: settings.perEpoch)
  }
}
