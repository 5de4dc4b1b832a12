import KeyValue
import Raft
import Server
import Workload

/// How an operation ended, as the client knows it.
public enum OutcomeWord: String, Hashable, Sendable, CaseIterable {
  /// It took effect once.
  case ok
  /// It certainly took no effect.
  case failed
  /// It may or may not have taken effect.
  case unknown

  /// The word for an outcome.
  public init(_ outcome: OperationRecord.Outcome) {
    self =
      switch outcome {
      case .ok: .ok
      case .failed: .failed
      case .unknown: .unknown
      }
  }
}

/// The part that a node plays.
public enum NodeRole: String, Hashable, Sendable, CaseIterable {
  /// The voter that leads the term.
  case leader
  /// A voter that follows.
  case follower
  /// A voter that asks whether it would win an election.
  case preCandidate = "pre-candidate"
  /// A voter that asks for votes.
  case candidate
  /// A voter, whatever its part in the term.
  case voter
  /// A member without a vote.
  case learner
  /// A stateless fan-out device for replication.
  case secretary
  /// A stateless server of reads.
  case observer

  /// The word for who answered a client.
  public init(_ responder: Responder) {
    switch responder {
    case .member(let role): self.init(role)
    case .secretary: self = .secretary
    case .observer: self = .observer
    }
  }

  /// The word for a role of the consensus core.
  public init(_ role: Role) {
    self =
      switch role {
      case .leader: .leader
      case .follower: .follower
      case .preCandidate: .preCandidate
      case .candidate: .candidate
      }
  }
}

/// Why a group needed a new leader.
public enum ElectionTrigger: String, Hashable, Sendable, CaseIterable {
  /// The run began.
  case initial
  /// The leader crashed.
  case crash
  /// The leader stalled.
  case pause
  /// The leader was cut off from a quorum.
  case partition
  /// The leader's machine was taken away.
  case revocation
  /// The leader left the group.
  case removal
  /// The leader gave up by itself: check quorum, or a message of a higher term.
  case stepDown = "step-down"
  /// The leader handed its leadership over.
  case transfer
  /// Others replaced a leader that had not been seen to fail.
  case timeout
}

/// The two kinds of operation that an outage can concern.
public enum OutageKind: String, Hashable, Sendable, CaseIterable {
  /// Operations that change nothing.
  case read
  /// Operations that change the store.
  case write
}

/// What happened to the membership.
public enum MembershipChange: String, Hashable, Sendable, CaseIterable {
  /// The node was a member when the run began.
  case initial
  /// The node became a voter.
  case addVoter = "add-voter"
  /// The node became a learner.
  case addLearner = "add-learner"
  /// The node left the group.
  case remove
  /// A secretary or observer was hired.
  case hire
  /// A secretary or observer was dismissed.
  case dismiss
  /// The node's spot instance was taken away.
  case revoke
}

/// What became of a fault.
public enum FaultOutcome: String, Hashable, Sendable, CaseIterable {
  /// It was done.
  case injected
  /// There was nothing to do it to.
  case skipped
  /// It could not be done.
  case failed
}
