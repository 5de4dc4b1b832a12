import Raft

/// Names one of the properties that every run of Raft must have.
public enum Invariant: String, Hashable, Sendable, CaseIterable {
  /// At most one leader is elected in a term.
  case electionSafety = "election safety"
  /// A leader never overwrites or deletes entries of its log.
  case leaderAppendOnly = "leader append-only"
  /// Logs that agree on an entry's index and term agree on everything up to it.
  case logMatching = "log matching"
  /// A committed entry is in the logs of all leaders of later terms.
  case leaderCompleteness = "leader completeness"
  /// No two nodes apply different entries at one index.
  case stateMachineSafety = "state-machine safety"
  /// A node's commit index and applied index never fall while it runs, and stay within its log.
  case commitMonotonic = "commit monotonic"
  /// A node's term never falls while it runs, nor below a term in which it promised something, ever.
  case termMonotonic = "term monotonic"
  /// A node grants at most one vote in a term, restarts included.
  case oneVotePerTerm = "one vote per term"
  /// Any majority of a configuration meets any majority of the next one.
  case configurationOverlap = "configuration overlap"
  /// A leader commits by counting only entries of its term, and only what is on a majority's disks.
  case commitRule = "commit rule"
  /// What a node acknowledged is in its log after a restart.
  case durableAcknowledgement = "durable acknowledgement"
  /// A secretary passes on what the leader gave it and what followers accepted or rejected, and nothing else.
  case relayHonesty = "relay honesty"
  /// Secretaries and observers never vote, acknowledge or lead.
  case fleetSilence = "fleet silence"
  /// A leader counts for a follower only what that follower said in the leader's term.
  case countedAcknowledgement = "counted acknowledgement"
  /// Observers hold committed entries only.
  case committedFeed = "committed feed"
}

/// The first breach of an invariant that was seen.
public struct InvariantViolation: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which invariant.
  public var invariant: Invariant
  /// The nodes concerned; the one observed last comes first.
  public var nodes: [NodeID]
  /// The log index concerned, when there is one.
  public var index: LogIndex?
  /// The term concerned, when there is one.
  public var term: Term?
  /// What was seen, in words.
  public var explanation: String

  init(_ invariant: Invariant, nodes: [NodeID], index: LogIndex? = nil, term: Term? = nil, _ explanation: String) {
    self.invariant = invariant
    self.nodes = nodes
    self.index = index
    self.term = term
    self.explanation = explanation
  }

  /// The violation in words.
  public var description: String { "\(invariant.rawValue) violated: \(explanation)" }
}
