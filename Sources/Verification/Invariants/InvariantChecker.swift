import Raft

/// Watches the members of one group and says when one of Raft's invariants is broken first.
///
/// Let it observe a node after every step of it, and every message as it leaves its sender; of several violations in
/// one step the one nearest to the cause is reported. A step costs what it changed: nothing when nothing did, a digest
/// per entry that was appended and another one when it is applied, never the length of a log (except after a restart,
/// whose log is read through once). Memory is bounded by `capacity` log indices.
public struct InvariantChecker: Sendable {
  private var shadows: ContiguousArray<NodeShadow?> = []
  private var promisedTerms: ContiguousArray<Term> = []
  private var electionSafety = ElectionSafety()
  private var leaderCompleteness = LeaderCompleteness()
  private var oneVotePerTerm = OneVotePerTerm()
  private var durableAcknowledgement = DurableAcknowledgement()
  private var logMatching: LogMatching
  var relayHonesty = RelayHonesty()
  var saidMatches = SaidMatches()
  var saidRejections = SaidRejections()
  private(set) var committed: CommittedLog
  private var keptAfterTrim = 1024
  /// How many observations found something changed.
  public private(set) var changes = 0

  /// A checker of a group that was never observed; it keeps what it needs of at most `capacity` log indices, and
  /// asks nothing of older ones.
  public init(capacity: Int = 1 << 20) {
    logMatching = LogMatching(capacity: capacity)
    committed = CommittedLog(capacity: capacity)
  }

  /// Looks at a node after a step. `incarnation` grows with each restart of the node.
  public mutating func observe(_ node: RaftNode, incarnation: Int = 0) -> InvariantViolation? {
    check(node, incarnation: incarnation, nil)
  }

  /// Looks at a node after a step when also the disks can be looked at.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - incarnation: A number that grows with each restart of the node.
  ///   - configurations: Those in force at the node during the step: the one before it and those it applied.
  ///   - isDurable: Whether a node's disk holds the entry at a position, in its log or covered by its snapshot.
  public mutating func observe(
    _ node: UnsafePointer<RaftNode>, incarnation: Int, configurations: [Configuration],
    isDurable: (NodeID, LogPosition) -> Bool
  ) -> InvariantViolation? {
    withoutActuallyEscaping(isDurable) { isDurable in
      check(
        NodeInPlace(node), incarnation: incarnation,
        CommitRule.Step(configurations: configurations, isDurable: isDurable))
    }
  }

  /// Looks at a message as it leaves its sender.
  public mutating func observe(sent envelope: Envelope) -> InvariantViolation? {
    let node = envelope.from
    switch envelope.message {
    case .voteResponse(let response) where response.isGranted:
      promise(node, response.term)
      return oneVotePerTerm.checkSent(by: node, for: envelope.to, in: response.term)
    case .voteRequest(let request):
      promise(node, request.term)
      return oneVotePerTerm.checkSent(by: node, for: node, in: request.term)
    case .appendAccepted(let accepted):
      promise(node, accepted.term)
      acknowledge(node, accepted.match, in: accepted.term)
    case .appendRejected(let rejected): saidRejections.note(node, rejected)
    case .snapshotReceived(let received):
      if received.progress == .installed { acknowledge(node, received.last, in: received.term) }
    case .relayAppend(let batch): relayHonesty.note(batch.append, by: node)
    default: break
    }
    return nil
  }

  /// Reads a node's whole log: what a step changes far from the log's end shows only here. For the end of a run.
  public mutating func audit(_ node: RaftNode) -> InvariantViolation? { checkLog(node) }

  mutating func checkLog(_ node: some ObservedNode) -> InvariantViolation? {
    if let violation = logMatching.check(node, from: node.firstIndex) { return violation }
    return StateMachineSafety().check(node, since: .blank(incarnation: 0), against: committed)
  }

  mutating func check(
    _ node: some ObservedNode, incarnation: Int, _ step: CommitRule.Step? = nil
  ) -> InvariantViolation? {
    while shadows.count <= node.id.slot { shadows.append(nil) }
    let known = shadows[node.id.slot]
    let isRestart = known?.incarnation != incarnation
    if !isRestart, known!.matches(node) { return nil }
    changes += 1
    let shadow = isRestart ? .blank(incarnation: incarnation) : known!
    if let violation = checkAll(node, since: shadow, isRestart: isRestart) { return violation }
    if let violation = CommitRule().check(node, since: shadow, step) { return violation }

    let last = node.lastPosition
    // Only a leader's log may not change in place.
    let holdsLast = node.role == .leader && last.index >= node.firstIndex
    let isSameEnd = !isRestart && last == shadow.last && shadow.lastDigest != 0
    shadows[node.id.slot] = NodeShadow(
      incarnation: incarnation, role: node.role, term: node.term, vote: node.vote, commit: node.commitIndex,
      applied: node.appliedIndex, first: node.firstIndex, last: last,
      lastDigest: isSameEnd ? shadow.lastDigest : holdsLast ? node.entry(at: last.index).payloadDigest : 0)
    if logMatching.count > 2 * keptAfterTrim { trim() }
    return nil
  }

  private mutating func checkAll(
    _ node: some ObservedNode, since shadow: NodeShadow, isRestart: Bool
  ) -> InvariantViolation? {
    let promised = node.id.slot < promisedTerms.count && isRestart ? promisedTerms[node.id.slot] : .zero
    if let found = TermMonotonic().check(node, since: shadow, promised: promised) { return found }
    if let found = oneVotePerTerm.check(node, since: shadow) { return found }
    if let found = electionSafety.check(node) { return found }
    if let found = LeaderAppendOnly().check(node, since: shadow) { return found }
    if let found = durableAcknowledgement.check(node, since: shadow, isRestart: isRestart) { return found }
    if isRestart || shadow.last != node.lastPosition {
      // Where the log was cut is not known; what was committed before the cut cannot have changed.
      let start = isRestart ? node.firstIndex : shadow.isPrefix(of: node) ? shadow.last.index.next : shadow.commit.next
      if let found = logMatching.check(node, from: start) { return found }
    }
    if let found = CommitMonotonic().check(node, since: shadow) { return found }
    committed.extend(with: node)
    if let found = StateMachineSafety().check(node, since: shadow, against: committed) { return found }
    return leaderCompleteness.check(node, against: committed)
  }

  /// Takes an acknowledgement that leaves its node.
  ///
  /// One that waited for its write while the node went on to a later term is about entries that the later leader may
  /// have replaced meanwhile. It does no harm: the voters of that leader did not have them when they voted, so that no
  /// majority for them can come about any more. What was committed stays promised.
  private mutating func acknowledge(_ node: NodeID, _ match: LogIndex, in term: Term) {
    saidMatches.note(node, match, in: term)
    let shadow = node.slot < shadows.count ? shadows[node.slot] : nil
    let isOutdated = shadow.map { $0.term > term } ?? false
    durableAcknowledgement.noteSent(by: node, upTo: isOutdated ? min(match, shadow?.commit ?? .zero) : match, in: term)
  }

  private mutating func promise(_ node: NodeID, _ term: Term) {
    while promisedTerms.count <= node.slot { promisedTerms.append(.zero) }
    promisedTerms[node.slot] = max(promisedTerms[node.slot], term)
  }

  /// Forgets what no node's log holds any more.
  private mutating func trim() {
    var first: LogIndex?
    var applied: LogIndex?
    for shadow in shadows {
      guard let shadow else { continue }
      first = min(first ?? shadow.first, shadow.first)
      applied = min(applied ?? shadow.applied, shadow.applied)
    }
    if let first { logMatching.drop(below: first) }
    if let first, let applied { committed.drop(below: min(first, applied)) }
    keptAfterTrim = max(1024, logMatching.count)
  }
}
