extension RaftNode {
  /// Checks the node in place: what is wrong with it, in words, or nil.
  public mutating func check(with invariants: inout Invariants) -> String? { invariants.check(self) }
}

/// Checks one node's state on its own and against the last time it was checked: what must hold whatever the others do.
///
/// Used after every simulated step; cheap enough for production. A value of it follows one node from start to crash.
public struct Invariants: Sendable {
  private var last: Observation?

  private struct Observation: Sendable {
    var term: Term
    var vote: NodeID?
    var role: Role
    var commit: LogIndex
    var applied: LogIndex
    var end: LogPosition
    var leader: NodeID?
    var seenRound: Round
    var electionDeadline: Instant
  }

  /// Starts with a node that was never checked.
  public init() {}

  /// What is wrong with the node, in words; nil when nothing is.
  public mutating func check(_ node: RaftNode) -> String? {
    let found =
      Invariants.indices(of: node) ?? Invariants.role(of: node) ?? Invariants.peers(of: node) ?? delta(to: node)
    last = Observation(
      term: node.term, vote: node.vote, role: node.role, commit: node.commitIndex, applied: node.appliedIndex,
      end: node.lastPosition, leader: node.leader, seenRound: node.seenRound, electionDeadline: node.electionDeadline)
    return found
  }

  private static func indices(of node: RaftNode) -> String? {
    if node.firstIndex > node.snapshot.last.index.next { return "the log does not continue the snapshot" }
    if node.appliedIndex > node.commitIndex { return "applied \(node.appliedIndex) beyond commit \(node.commitIndex)" }
    if node.commitIndex > node.lastPosition.index { return "commit \(node.commitIndex) beyond the log's end" }
    if node.durableIndex > node.lastPosition.index { return "durable \(node.durableIndex) beyond the log's end" }
    if node.appliedIndex > max(node.durableIndex, node.snapshot.last.index) { return "applied what is not durable" }
    if node.lastPosition.term > node.term { return "an entry of a later term than the node's" }
    return nil
  }

  private static func role(of node: RaftNode) -> String? {
    switch node.role {
    case .leader:
      if node.leader != node.id { return "a leader that follows \(String(describing: node.leader))" }
      if node.vote != node.id { return "a leader that did not vote for itself" }
    case .candidate:
      if node.vote != node.id || node.leader != nil { return "a candidate with another vote or with a leader" }
    case .preCandidate:
      if node.leader != nil { return "a pre-candidate that has a leader" }
    case .follower:
      if node.leader == node.id { return "a follower of itself" }
    }
    return nil
  }

  private static func peers(of node: RaftNode) -> String? {
    guard node.role == .leader else { return nil }
    for slot in node.progress.indices where node.progress[slot].isMember {
      let progress = node.progress[slot]
      if progress.match >= progress.next {
        return "match \(progress.match) not below next \(progress.next) of n\(slot)"
      }
      if progress.match > node.lastPosition.index { return "match of n\(slot) beyond the log's end" }
      if progress.acknowledgedRound > node.leadership.round { return "n\(slot) acknowledged a round never sent" }
      if progress.inflights.count > node.settings.maximumInflightMessages { return "window of n\(slot) overrun" }
    }
    return nil
  }

  private func delta(to node: RaftNode) -> String? {
    guard let last else { return nil }
    if node.term < last.term { return "the term fell from \(last.term) to \(node.term)" }
    if node.commitIndex < last.commit { return "the commit index fell from \(last.commit) to \(node.commitIndex)" }
    if node.appliedIndex < last.applied { return "the applied index fell" }
    guard node.term == last.term else { return nil }
    // A round is a sign of life once, however often and on whatever way it comes (rule F2).
    if node.role == .follower, last.role == .follower, node.leader != nil, node.leader == last.leader,
      node.seenRound == last.seenRound, node.electionDeadline > last.electionDeadline, node.now < last.electionDeadline
    {
      return "round \(node.seenRound) moved the election timer twice"
    }
    if let vote = last.vote, node.vote != vote { return "the vote of term \(node.term) changed" }
    if last.role == .leader {
      if node.role == .preCandidate || node.role == .candidate { return "a leader campaigned in its own term" }
      if node.role == .leader, node.lastPosition.index < last.end.index { return "a leader cut its own log" }
    }
    return nil
  }
}
