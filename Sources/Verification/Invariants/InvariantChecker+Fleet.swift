import Raft

/// What the fleet must never do.
///
/// Nothing here changes the checker; it is declared mutating so that callers in other modules do not copy it.
extension InvariantChecker {
  /// Looks at a message as it leaves a secretary or an observer: neither votes, acknowledges or leads.
  public mutating func observe(_ envelope: Envelope, sentBy node: NodeID) -> InvariantViolation? {
    switch envelope.message {
    case .appendEntries(let cut) where envelope.via == node:
      return relayHonesty.check(cut, of: envelope.from, to: envelope.to, by: node)
    case .carriedResponses(let carried) where envelope.from == node:
      for response in carried.envelopes {
        let found: InvariantViolation? =
          switch response.message {
          case .appendAccepted(let accepted): saidMatches.check(accepted, of: response.from, by: node)
          case .appendRejected(let rejected): saidRejections.check(rejected, of: response.from, by: node)
          default: nil
          }
        if let found { return found }
      }
      return nil
    case .relayNotice, .enlistment, .feedRequest, .feedEntries, .feedRefusal, .readIndexRequest, .quorumReadRequest:
      if envelope.from == node { return nil }
    default: break
    }
    return InvariantViolation(
      .fleetSilence, nodes: [node, envelope.from], "\(node) said what only members say, in the name of \(envelope.from)"
    )
  }

  /// Looks at what a leader counts for its followers.
  public mutating func observeCounting(_ node: UnsafePointer<RaftNode>) -> InvariantViolation? {
    saidMatches.check(node)
  }

  /// Looks at an entry that an observer applied: it must be the one that was committed there, and only entries that
  /// were committed by then may be there at all.
  public mutating func observe(_ observer: NodeID, applied entry: Entry, at position: LogPosition)
    -> InvariantViolation?
  {
    guard position.index >= committed.records.floor else { return nil }
    if position.index > committed.records.end {
      return InvariantViolation(
        .committedFeed, nodes: [observer], index: position.index, term: position.term,
        "\(observer) applied \(position), and nothing beyond \(committed.records.end) was committed")
    }
    guard let record = committed[position.index] else { return nil }
    guard record.term != position.term || record.digest != entry.payloadDigest else { return nil }
    return InvariantViolation(
      .committedFeed, nodes: [observer, record.node], index: position.index, term: position.term,
      "\(observer) applied \(position), and \(record.node) committed another entry of term \(record.term) there")
  }
}
