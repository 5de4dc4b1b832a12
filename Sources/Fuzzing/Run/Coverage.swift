/// How often a run, or all runs of a campaign, reached what is worth reaching.
public struct Coverage: Sendable, Hashable {
  /// What is worth reaching.
  public enum Item: Int, Sendable, Hashable, CaseIterable {
    case preVoteCampaigns, voteCampaigns, electionsAfterPreVote, electionsWithoutPreVote, electionsByTransfer
    case campaignsIgnored, quorumStepDowns, stallStepDowns, commitsLearntFromVoters, roundsRepeated
    case appendsRejected, conflictsTruncated
    case snapshotsSent, snapshotsInstalled, snapshotsUnneeded
    case changesProposed, changesRefused, plainConfigurationsApplied, jointConfigurationsApplied, jointLeftByProposal
    case learnersCaughtUp, membersReplaced
    case transfersBegun, transfersRefused, transfersAborted, transfersOverdue
    case readsByRound, readsByLease, readsByFollowers, readsHeldForTerm
    case writesAnswered, readsAnswered, operationsRetried, operationsFailed, operationsUnknown
    case crashes, restarts, tailsLost, tailsTorn, tornRecordsDiscarded, crashesBeforeWrite, crashesAfterWrite
    case crashesBeforeMessages
    case writesFailed, damageRefused, wipedStartsRefused, pauses, clocksSkewed, disksSlowed, disksStalled
    case splits, isolations, oneWayCuts, bridges, siteCuts, leadersStranded, transfersDeafened, linksDisturbed
    case messagesLost, messagesDuplicated, messagesBlocked, messagesRetransmitted
    case secretariesHired, secretariesRetiring, secretariesLost, batchesRelayed, relaysTakenOver, relaysDropped
    case responsesCarried, readsByObservers, feedSourcesChanged, feedSnapshots
    case fleetHired, fleetRevoked, fleetNoticed, fleetPaused, fleetCutOff
    case recoveries, recoveriesWithoutOne, historiesUndecided
  }

  private var counts: ContiguousArray<Int>
  private var runs: ContiguousArray<Int>

  /// Nothing reached.
  public init() {
    counts = ContiguousArray(repeating: 0, count: Item.allCases.count)
    runs = counts
  }

  /// How often something was reached.
  public func count(of item: Item) -> Int { counts[item.rawValue] }

  /// In how many runs something was reached.
  public func runs(reaching item: Item) -> Int { runs[item.rawValue] }

  /// Notes that one run reached something.
  mutating func count(_ item: Item, _ times: Int = 1) {
    guard times > 0 else { return }
    counts[item.rawValue] += times
    runs[item.rawValue] = 1
  }

  /// Takes other runs in.
  mutating func add(_ other: Coverage) {
    for place in counts.indices {
      counts[place] += other.counts[place]
      runs[place] += other.runs[place]
    }
  }

  /// What no run reached; that every history was decided is nothing to miss.
  public var missing: [Item] { Item.allCases.filter { $0 != .historiesUndecided && runs(reaching: $0) == 0 } }
}

extension Coverage.Item {
  /// The item's name in files: `snapshots-installed`.
  public var name: String {
    var result = ""
    for character in String(describing: self) {
      if character.isUppercase { result += "-" + character.lowercased() } else { result.append(character) }
    }
    return result
  }

  /// The kind of trouble without which it cannot be reached; nil when every profile can.
  var needs: FaultKind? {
    switch self {
    case .crashesBeforeWrite, .crashesAfterWrite, .crashesBeforeMessages: .crashAtWrite
    case .tailsTorn, .tornRecordsDiscarded, .crashes: .crash
    case .writesFailed: .failWrite
    case .damageRefused: .corrupt
    case .wipedStartsRefused, .membersReplaced: .wipe
    case .pauses: .pause
    case .clocksSkewed: .skewClock
    case .disksSlowed: .slowDisk
    case .disksStalled, .stallStepDowns: .stallDisk
    case .splits: .split
    case .isolations: .isolate
    case .oneWayCuts: .oneWay
    case .bridges: .bridge
    case .siteCuts: .cutSites
    case .leadersStranded: .strandLeader
    case .transfersDeafened: .deafenAfterTransfer
    case .linksDisturbed: .disturbLinks
    case .changesProposed, .changesRefused, .plainConfigurationsApplied, .jointConfigurationsApplied,
      .jointLeftByProposal:
      .change
    case .electionsByTransfer, .transfersBegun, .transfersRefused, .transfersAborted, .transfersOverdue: .transfer
    case .secretariesHired, .secretariesRetiring, .secretariesLost, .batchesRelayed, .relaysTakenOver, .relaysDropped,
      .responsesCarried, .readsByObservers, .feedSourcesChanged, .feedSnapshots, .fleetHired,
      .fleetRevoked, .fleetNoticed, .fleetPaused, .fleetCutOff:
      .hire
    default: nil
    }
  }

  /// The item in words: `snapshots installed`.
  public var words: String { String(name.map { $0 == "-" ? " " : $0 }) }
}
