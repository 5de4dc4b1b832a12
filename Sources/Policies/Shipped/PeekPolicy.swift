/// `peek(k)`: plans as `budget` does, but knows the loads and prices of the next `k` epochs (paper 3.4).
///
/// * `k = 0` takes the next epoch to be like the last one: the myopic choice.
/// * `k = 1` knows the next epoch.
/// * A larger `k` also moves money: the share of ``Budget/remaining`` that falls to the known epochs goes to those of
///   them in which it buys most. All of the run is the oracle: the best that the greedy rule can do.
///
/// Revocations are not foreseen, and capacities are those estimated from the last epoch.
public struct PeekPolicy: MembershipPolicy {
  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// How far it sees; by default one epoch.
    public var foresight: Foresight
    /// How the fleet is sized.
    public var sizing: FleetSizing

    /// Makes settings.
    public init(foresight: Foresight = .epochs(1), sizing: FleetSizing = FleetSizing()) {
      self.foresight = foresight
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

  /// As the settings say.
  public var foresight: Foresight { settings.foresight }

  /// Dismisses what is not worth its price in the next epoch and hires what is.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    let known = observation.forecasts.prefix(settings.foresight.epochs(outOf: observation.budget.epochsLeft))
    return controller.decide(observation, expecting: known.isEmpty ? [observation.persistence] : Array(known))
  }
}
