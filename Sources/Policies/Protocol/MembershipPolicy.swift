/// Decides at the end of every epoch how the membership should change.
///
/// ```swift
/// struct OneObserverEverywhere: MembershipPolicy {
///   mutating func decide(_ observation: Observation) -> [ProposedAction] { ... }
/// }
/// ```
///
/// A policy proposes; ``Legality`` says what may happen. It must depend on nothing but the observations it has seen, so
/// that a run can be repeated.
public protocol MembershipPolicy {
  /// How many epochs to come it wants to be told about in ``Observation/forecasts``; none unless it says otherwise.
  var foresight: Foresight { get }

  /// What should change now, most wanted first.
  mutating func decide(_ observation: Observation) -> [ProposedAction]

  /// What went wrong inside the policy since the last call; a policy written in Swift has nothing to tell.
  mutating func takeFaults() -> [PolicyFault]
}

extension MembershipPolicy {
  /// None.
  public var foresight: Foresight { .epochs(0) }

  /// Nothing.
  public mutating func takeFaults() -> [PolicyFault] { [] }
}
