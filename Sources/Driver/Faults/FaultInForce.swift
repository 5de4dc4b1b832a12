import Emulation
import Experiment
import Raft
import Traces

/// A fault that lasts, and how it is undone.
struct FaultInForce {
  var id: FaultID
  var undoing: Undoing

  enum Undoing {
    case restart(NodeID)
    case resume(NodeID)
    case heal(PartitionID)
    case restoreLinks([LinkSelection])
    case clock(NodeID)
    case disk(NodeID, DiskFault)
  }
}

/// A change of the membership under way: a machine becomes a learner, catches up and is promoted.
struct MembershipTask {
  enum Step {
    case addLearner
    case promote
    case remove
  }

  var node: NodeID
  var group: GroupID
  var step: Step
  /// Whether the learner becomes a voter once it has caught up.
  var becomesVoter: Bool
  /// When the driver gives up.
  var deadline: Instant

  /// What is proposed to the group's leader.
  var change: ConfigurationChange {
    switch step {
    case .addLearner: ConfigurationChange([.addLearner(node)])
    case .promote: ConfigurationChange([.addVoter(node)])
    case .remove: ConfigurationChange([.remove(node)])
    }
  }
}
