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
    case splits, isolations, oneWayCuts, bridges, siteCuts, linksDisturbed
    case messagesLost, messagesDuplicated, messagesBlocked, messagesRetransmitted
    case recoveries, historiesUndecided
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

  /// What no run reached.
  public var missing: [Item] { Item.allCases.filter { runs(reaching: $0) == 0 } }
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

  /// The item in words: `snapshots installed`.
  public var words: String { String(name.map { $0 == "-" ? " " : $0 }) }
}
