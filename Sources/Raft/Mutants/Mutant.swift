/// A known-bad variant of the protocol, for showing that the checkers can fail.
///
/// Compiled in with the package trait `Mutants` only, and out of reach of everything but this package: no setting, spec
/// or command other than `eraft fuzz --mutant` switches one on. Where a variant was seen in the prototypes of the
/// elastic paper, its number in the list of their defects stands in parentheses.
@usableFromInline
package enum Mutant: String, Hashable, Sendable, CaseIterable {
  // Elections.

  /// A voter grants every request of its term, whomever it voted for and however short the candidate's log (KB1).
  case votesAlwaysGranted = "votes-always-granted"
  /// A voter does not compare the candidate's log with its own.
  case voteIgnoresLog = "vote-ignores-log"
  /// The vote is not part of what is made durable (KB15).
  case voteNotPersisted = "vote-not-persisted"
  /// A vote leaves before it is durable.
  case voteBeforeDurable = "vote-before-durable"

  // Replication.

  /// Entries are acknowledged before they are durable (KB7).
  case acknowledgedBeforeDurable = "acknowledged-before-durable"
  /// Every append cuts the log behind the entry that it follows, conflict or not (KB13).
  case truncatesWithoutConflict = "truncates-without-conflict"
  /// A follower acknowledges up to the end of its own log instead of the last entry described, and does so in answer to
  /// heartbeats, too (trap 17).
  case acknowledgesLocalLast = "acknowledges-local-last"
  /// A follower compares only the index and not the term of the entry that an append follows.
  case previousTermIgnored = "previous-term-ignored"
  /// The end of a write counts although a later leader overwrote its entries meanwhile (trap 30).
  case staleWriteCompletion = "stale-write-completion"

  // Commitment.

  /// Entries of older terms are committed by counting (Raft thesis, 3.6.2).
  case commitsOlderTerm = "commits-older-term"
  /// Half of the voters is taken for a majority (KB12).
  case commitsOnHalf = "commits-on-half"
  /// A follower commits one entry more than the leader has (KB11).
  case commitsOneBeyond = "commits-one-beyond"
  /// Entries are applied once they are durable, committed or not.
  case appliesUncommitted = "applies-uncommitted"
  /// In a joint configuration only the new half is asked for votes and acknowledgements.
  case outgoingHalfIgnored = "outgoing-half-ignored"

  // Membership.

  /// Changes are taken while others are pending, and several voters change directly.
  case twoChangesAtOnce = "two-changes-at-once"
  /// Entries travel without the commit index, and followers take configurations that it does not cover (trap 37).
  case entriesWithoutCommit = "entries-without-commit"
  /// A node campaigns although it knows of a committed configuration that it has not applied (trap 11).
  case campaignsUnderOldConfiguration = "campaigns-under-old-configuration"
  /// A leader that inherits a joint configuration does not leave it (trap 39).
  case jointNeverLeft = "joint-never-left"

  // Reads.

  /// Any server answers linearizable reads from its own state (KB9).
  case readsWithoutIndex = "reads-without-index"
  /// A leader gives out its commit index before it has committed an entry of its term (trap 54).
  case readBeforeFirstCommit = "read-before-first-commit"
  /// A leader gives out its commit index without asking whether it still leads (KB10).
  case readWithoutRound = "read-without-round"
  /// A read is served before its index is applied.
  case readBeforeApplied = "read-before-applied"
  /// A lease is measured from the receipt of answers instead of the sending of the round (trap 58).
  case leaseFromReceipt = "lease-from-receipt"
  /// Leases are trusted while leadership is being handed over (trap 51).
  case leaseDuringTransfer = "lease-during-transfer"

  // Clients.

  /// A repeated command is executed again (KB16).
  case duplicateExecuted = "duplicate-executed"
  /// Whoever waits for an index is answered, whichever entry is applied there (KB8).
  case answersOverwritten = "answers-overwritten"

  // Secretaries.

  /// A secretary goes on with the batches it has under a higher term that it heard of (KB3).
  case relayAdoptsTerm = "relay-adopts-term"
  /// A secretary passes on batches of older terms with the highest commit index that it ever heard of (KB4).
  case relayRaisesCommit = "relay-raises-commit"
  /// A secretary repeats to every leader what followers acknowledged to earlier ones (KB5).
  case relayCachesMatch = "relay-caches-match"
  /// A secretary mixes up whose acknowledgement is whose (KB6).
  case relayMisattributes = "relay-misattributes"
  /// A secretary turns what followers acknowledged into rejections of everything.
  case relayForgesRejection = "relay-forges-rejection"
  /// A secretary acknowledges for the followers that it sends entries to.
  case relayAcknowledges = "relay-acknowledges"
  /// A secretary sends its leader's batch to the leader, too, which takes it for a follower's share (KB14).
  case relaySendsToLeader = "relay-sends-to-leader"
  /// A secretary goes on with rounds of its own, whether or not the leader lives (KB18).
  case relayKeepsAlive = "relay-keeps-alive"
  /// A secretary passes entries on without the commit index that came with them.
  case relayWithholdsCommit = "relay-withholds-commit"
  /// A leader does not look after followers whose secretary is silent (KB19).
  case relayNeverTakenOver = "relay-never-taken-over"
  /// Whatever comes from the leader is a sign of life, however old its round.
  case repeatedRoundCounts = "repeated-round-counts"

  // Observers.

  /// Observers are fed whatever is in the log.
  case feedsUncommitted = "feeds-uncommitted"
  /// An observer serves reads before their index is applied.
  case observerReadsEarly = "observer-reads-early"
  /// An observer serves reads with the index that earlier ones were given.
  case observerReusesIndex = "observer-reuses-index"

  /// The variant as a number above zero.
  @inlinable
  package var tag: UInt8 { unsafeBitCast(self, to: UInt8.self) + 1 }

  /// What must go on for a variant to show.
  package enum Concern: Sendable, Hashable {
    /// Elections, writes and crashes.
    case everything
    /// Changes of the configuration.
    case membership
    /// Linearizable reads.
    case reads
    /// Secretaries and observers.
    case fleet
  }

  /// What must go on for the variant to show.
  package var concern: Concern {
    switch self {
    case .readsWithoutIndex, .readBeforeFirstCommit, .readWithoutRound, .readBeforeApplied, .leaseFromReceipt,
      .leaseDuringTransfer:
      .reads
    case .twoChangesAtOnce, .entriesWithoutCommit, .campaignsUnderOldConfiguration, .jointNeverLeft,
      .outgoingHalfIgnored:
      .membership
    case .relayAdoptsTerm, .relayRaisesCommit, .relayCachesMatch, .relayMisattributes, .relayForgesRejection,
      .relayAcknowledges, .relaySendsToLeader, .relayKeepsAlive, .relayWithholdsCommit, .relayNeverTakenOver,
      .repeatedRoundCounts, .feedsUncommitted, .observerReadsEarly, .observerReusesIndex:
      .fleet
    default: .everything
    }
  }

  /// What the variant does, in a few words.
  package var summary: String {
    switch self {
    case .votesAlwaysGranted: "every request for a vote is granted"
    case .voteIgnoresLog: "votes for candidates whose log is behind"
    case .voteNotPersisted: "the vote is forgotten in a crash"
    case .voteBeforeDurable: "votes leave before they are durable"
    case .acknowledgedBeforeDurable: "entries are acknowledged before they are durable"
    case .truncatesWithoutConflict: "every append cuts the log behind it"
    case .acknowledgesLocalLast: "acknowledges up to the follower's own last entry"
    case .previousTermIgnored: "the term of the entry before an append is not compared"
    case .staleWriteCompletion: "the write of an overwritten entry counts for its successor"
    case .commitsOlderTerm: "entries of older terms are committed by counting"
    case .commitsOnHalf: "half of the voters commit"
    case .commitsOneBeyond: "followers commit one entry beyond the leader's commit index"
    case .appliesUncommitted: "entries are applied before they are committed"
    case .outgoingHalfIgnored: "the old half of a joint configuration is not asked"
    case .twoChangesAtOnce: "two changes at once, without a joint configuration"
    case .entriesWithoutCommit: "entries travel without the commit index"
    case .campaignsUnderOldConfiguration: "campaigns with a committed configuration that is not applied"
    case .jointNeverLeft: "joint configurations are not left automatically"
    case .readsWithoutIndex: "reads are answered from local state"
    case .readBeforeFirstCommit: "read index before the term's first commit"
    case .readWithoutRound: "read index without confirming leadership"
    case .readBeforeApplied: "reads are served before their index is applied"
    case .leaseFromReceipt: "leases are measured from the receipt of answers"
    case .leaseDuringTransfer: "leases are trusted during a transfer"
    case .duplicateExecuted: "a retried command is executed again"
    case .answersOverwritten: "a write that was overwritten is acknowledged"
    case .relayAdoptsTerm: "a secretary sends old batches under a higher term"
    case .relayRaisesCommit: "a secretary passes on old batches with a newer commit index"
    case .relayCachesMatch: "a secretary repeats acknowledgements of earlier terms"
    case .relayMisattributes: "a secretary mixes up whose acknowledgement is whose"
    case .relayForgesRejection: "a secretary turns acknowledgements into rejections"
    case .relayAcknowledges: "a secretary acknowledges for followers"
    case .relaySendsToLeader: "a secretary sends the leader its own batch, which cuts the leader's log"
    case .relayKeepsAlive: "a secretary makes up signs of life"
    case .relayWithholdsCommit: "a secretary passes entries on without their commit index"
    case .relayNeverTakenOver: "followers of a silent secretary are left to it"
    case .repeatedRoundCounts: "a repeated round counts as a sign of life"
    case .feedsUncommitted: "observers are fed what is not committed"
    case .observerReadsEarly: "an observer serves reads before their index is applied"
    case .observerReusesIndex: "an observer serves reads with an earlier read's index"
    }
  }
}
