import Raft

/// Decides which proposals may happen now: a policy proposes, this disposes.
///
/// Proposals are judged in the order given, each in the world as the allowed ones before it leave it, so the decisions
/// are a function of the proposals and the observation. The rules:
///
/// * at most one change of voters or leadership per group and epoch, none while one is under way, and none without a
///   living quorum before and after;
/// * never fewer voters than wished, and never a quorum of voters in one pool when another place to add at, another
///   voter to remove, or (for removal) leaving things as they are avoids it. Removing a voter whose instance is gone
///   is exempt: it takes nothing away;
/// * what the staying instances cost in the next epoch stays within ``Budget/nextEpoch``, and their number within
///   ``Limits``; instances under notice are about to go and count in neither. What is already beyond stops new
///   instances and nothing else;
/// * nothing that does not exist is dismissed, removed or made leader.
public struct Legality: Sendable {
  /// Makes the layer.
  public init() {}

  /// The decision about every proposal, in the order of the proposals.
  public func decide(_ proposals: [ProposedAction], in observation: Observation) -> [Decision] {
    var world = PlannedWorld(observation)
    var decisions: [Decision] = []
    decisions.reserveCapacity(proposals.count)
    for proposal in proposals {
      if let reason = world.refusal(of: proposal.action) {
        decisions.append(Decision(proposal: proposal, verdict: .skipped(reason)))
      } else {
        world.apply(proposal.action)
        decisions.append(Decision(proposal: proposal, verdict: .allowed))
      }
    }
    return decisions
  }
}
