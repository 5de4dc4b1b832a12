#if Mutants
  /// What a known-bad secretary remembers, which a real one must not.
  struct RelayMisdeeds: Sendable {
    /// The newest batch that it passed on, and whose it was.
    var last: (batch: RelayAppend, leader: NodeID)?
    /// A term that it took over from followers.
    var adopted = Term.zero
    /// The highest commit index that anybody ever told it.
    var commit = LogIndex.zero
    /// What followers acknowledged, by slot, whatever the term.
    var matches: [NodeID: LogIndex] = [:]
    /// How many rounds of its own it made up.
    var rounds: UInt64 = 0
  }

  /// Where a secretary plays a known-bad variant.
  extension SecretaryNode {
    /// Plays a known-bad variant from now on; for checking the checkers only.
    package mutating func play(_ mutant: Mutant) { self.mutant = mutant }

    /// Whether batches of older terms are passed on, too.
    var passesOnOldTerms: Bool { mutant == .relayRaisesCommit || mutant == .relayAdoptsTerm }

    /// Takes note of a batch before anything about it is checked.
    mutating func remember(_ batch: RelayAppend, from leader: NodeID) {
      misdeeds.commit = max(misdeeds.commit, batch.append.commit)
      misdeeds.last = (batch, leader)
      if mutant == .relayCachesMatch {
        for target in batch.targets {
          guard let match = misdeeds.matches[target.node] else { continue }
          claim(match, in: batch.append, by: target.node, to: leader)
        }
      }
    }

    /// Changes a cut, or adds to it.
    mutating func misbehave(with append: inout AppendEntries, for target: NodeID, of leader: NodeID) {
      switch mutant {
      case .relayAdoptsTerm: append.term = max(append.term, misdeeds.adopted)
      case .relayRaisesCommit: append.commit = max(append.commit, misdeeds.commit)
      case .relayWithholdsCommit: append.commit = .zero
      case .relayAcknowledges: claim(append.lastIndex, in: append, by: target, to: leader)
      case .relaySendsToLeader:
        messages.append(Envelope(from: leader, to: leader, message: .appendEntries(append), via: id))
      default: break
      }
    }

    private mutating func claim(_ match: LogIndex, in append: AppendEntries, by follower: NodeID, to leader: NodeID) {
      let claim = AppendAccepted(term: append.term, round: append.round, match: match)
      messages.append(Envelope(from: follower, to: leader, message: .appendAccepted(claim)))
    }

    /// Remembers what followers said, mixes up who said it, or turns it into its contrary.
    mutating func mishandleCarried() {
      if mutant == .relayForgesRejection { return forgeRejections() }
      for envelope in carried {
        guard case .appendAccepted(let accepted) = envelope.message else { continue }
        misdeeds.matches[envelope.from] = max(misdeeds.matches[envelope.from] ?? .zero, accepted.match)
      }
      guard mutant == .relayMisattributes, let first = carried.first?.from else { return }
      for place in carried.indices { carried[place].from = place + 1 < carried.count ? carried[place + 1].from : first }
    }

    private mutating func forgeRejections() {
      for place in carried.indices {
        guard case .appendAccepted(let accepted) = carried[place].message else { continue }
        carried[place].message = .appendRejected(
          AppendRejected(term: accepted.term, round: accepted.round, previous: accepted.match, hint: .zero))
      }
    }

    /// Goes on in the name of a leader that may be dead.
    mutating func speakForTheLeader() {
      guard let (batch, leader) = misdeeds.last else { return }
      var append = batch.append
      switch mutant {
      case .relayKeepsAlive:
        misdeeds.rounds += 1
        append.round = Round(append.round.rawValue + misdeeds.rounds)
      case .relayAdoptsTerm where misdeeds.adopted > append.term: append.term = misdeeds.adopted
      default: return
      }
      for target in batch.targets {
        messages.append(Envelope(from: leader, to: target.node, message: .appendEntries(append), via: id))
      }
    }
  }
#endif
