import Raft

/// Follows who leads one group, and turns what happens into elections.
struct ElectionTracker: Sendable {
  /// An interval without a leader; `end` is nil while it lasts.
  struct Leaderless: Hashable, Sendable {
    var start: Instant
    var end: Instant?
    var trigger: ElectionTrigger
    var old: NodeID?
  }

  /// A won election.
  struct Election: Hashable, Sendable {
    var term: Term
    var trigger: ElectionTrigger
    var old: NodeID?
    var new: NodeID
    var lost: Instant
    var started: Instant
    var won: Instant
    var rounds: Int
  }

  /// The latest leader, also when it is lost; nil before the first one.
  private var leader: NodeID?
  /// Its term.
  private var term = Term.zero
  /// The loss that has not been made good yet.
  private(set) var loss: Leaderless? = Leaderless(start: .zero, end: nil, trigger: .initial, old: nil)
  /// The first campaign since the loss, pre-votes included.
  private var firstAttempt: Instant?
  /// The first campaign for votes in a term above the leader's.
  private var firstCampaign: Instant?
  private var terms = TermSet()
  private var transferTerm: Term?

  /// A group that is there from the start, or one that is not there yet, which misses no leader.
  init(isThere: Bool = true) { if !isThere { loss = nil } }

  /// The group comes, and has no leader yet.
  mutating func begin(at: Instant) { loss = Leaderless(start: at, end: nil, trigger: .initial, old: nil) }

  /// The group is gone, and misses no leader any more; returns the interval that was under way.
  mutating func end(at: Instant) -> Leaderless? {
    defer { loss = nil }
    loss?.end = at
    return loss
  }

  mutating func lost(_ node: NodeID, at: Instant, trigger: ElectionTrigger) {
    guard loss == nil, leader == node else { return }
    loss = Leaderless(start: at, end: nil, trigger: trigger, old: node)
    firstAttempt = nil
  }

  /// The lost leader is back before anyone replaced it; returns the interval without it.
  mutating func resumed(_ node: NodeID, at: Instant) -> Leaderless? {
    guard var past = loss, leader == node else { return nil }
    past.end = at
    loss = nil
    firstAttempt = nil
    return past
  }

  mutating func campaignStarted(_ campaign: Campaign, term: Term, at: Instant) {
    if campaign == .preVote {
      if loss != nil { firstAttempt = firstAttempt ?? at }
      return
    }
    guard term > self.term else { return }
    terms.insert(term)
    firstAttempt = firstAttempt ?? at
    firstCampaign = firstCampaign ?? at
    if campaign == .transfer { transferTerm = term }
  }

  /// A node won; nil when its term is not above that of the latest leader, so that it leads nobody.
  mutating func elected(_ node: NodeID, term: Term, at: Instant) -> Election? {
    guard term > self.term else { return nil }
    let isTransfer = transferTerm == term
    var trigger = loss?.trigger ?? .timeout
    if isTransfer, loss == nil || trigger == .stepDown { trigger = .transfer }
    let attempts = [firstAttempt, firstCampaign].compactMap { $0 }
    let election = Election(
      term: term, trigger: trigger, old: leader, new: node, lost: loss?.start ?? firstCampaign ?? at,
      started: attempts.min() ?? at, won: at, rounds: max(1, terms.count))
    leader = node
    self.term = term
    loss = nil
    firstAttempt = nil
    firstCampaign = nil
    terms = TermSet()
    transferTerm = nil
    return election
  }
}

/// A set of terms that holds neighbours as one range, since campaigns use up one term after the other.
struct TermSet: Hashable, Sendable {
  /// How many terms there are.
  private(set) var count = 0
  private var ranges: [ClosedRange<UInt64>] = []

  mutating func insert(_ term: Term) {
    let value = term.rawValue
    let next = ranges.firstIndex { $0.upperBound >= value } ?? ranges.count
    if next < ranges.count, ranges[next].contains(value) { return }
    count += 1
    var merged = value...value
    var replaced = next..<next
    if next > 0, ranges[next - 1].upperBound + 1 == value {
      merged = ranges[next - 1].lowerBound...value
      replaced = next - 1..<next
    }
    if next < ranges.count, value < .max, ranges[next].lowerBound == value + 1 {
      merged = merged.lowerBound...ranges[next].upperBound
      replaced = replaced.lowerBound..<next + 1
    }
    ranges.replaceSubrange(replaced, with: CollectionOfOne(merged))
  }
}
