@testable import Raft

/// What of a machine can make a difference to what it will ever do, and nothing else.
///
/// Left out, and why (a test holds the list to the fields that there are):
/// - what time decides, since the clock stands still and every span is zero: `now`, `random`, `electionTimeout`,
///   `electionDeadline`, `stickyUntil`, `seenRound`, the deadlines and round times of a leadership, `lastSent` and
///   `lastHeard` of a member;
/// - what reads need, since there are none: `acknowledgedRound`, the read fields of a leadership;
/// - what follows from the rest, as ``flawInDerivedState`` makes sure: `quorum`, `peers`, `pendingConfigurations`,
///   `ahead`, `isMember`, the slice that a leader keeps of its log, and `next` of the leader itself;
/// - what is only told: `effects`, which are drained, and `wasReportedCaughtUp`; `settings`, which never change;
/// - what compaction needs, since there is none: `earlierConfigurations`, `arriving`;
/// - what an earlier part left behind and the next one begins anew: ballots of who does not campaign, progress of who
///   does not lead; and the numbers of writes, of which only the order counts.
extension Machine {
  func write(to writer: inout StateWriter) {
    writer.put(node.id)
    writer.put(HardState(term: node.term, vote: node.vote, commit: node.commitIndex))
    writer.put(node.appliedIndex)
    writer.put(node.leader)
    writer.put(node.configuration)
    writer.put(node.fault != nil)
    writer.put(node.log.snapshot)
    writer.put(node.log.base)
    writer.put(node.log.entries[node.log.head...])
    writePromises(to: &writer)
    writeRole(to: &writer)
    writer.put(disk.hardState)
    writer.put(disk.snapshot)
    writer.put(disk.entries)
    for write in writes {
      writer.put(write.hardState != nil)
      if let state = write.hardState { writer.put(state) }
      writer.put(write.firstIndex)
      writer.put(write.entries)
    }
  }

  /// What the node takes for durable, now and after each write that is under way, and what it will say then.
  private func writePromises(to writer: inout StateWriter) {
    var tracker = node.writes
    writer.put(tracker.isHardStateDirty)
    writer.put(tracker.durableIndex)
    writer.put(tracker.durableCommit)
    writer.put(writes.count)
    // A message that leaves twice, or again later, adds nothing to a network that forgets none.
    var known = Set<[UInt8]>()
    while tracker.completed < tracker.issued {
      tracker.complete(through: WriteSequence(tracker.completed.rawValue + 1))
      writer.put(tracker.durableIndex)
      writer.put(tracker.durableCommit)
      var released: [[UInt8]] = []
      while let promise = tracker.release() {
        var part = StateWriter(writer.renaming, rounds: writer.rounds)
        switch promise {
        case .send(let envelope): part.put(envelope)
        case .ownVote(let term): part.put(term)
        }
        if known.insert(part.bytes).inserted { released.append(part.bytes) }
      }
      // What leaves at one moment leaves in no order.
      released.sort { $0.lexicographicallyPrecedes($1) }
      writer.put(released.count)
      for part in released { writer.put(part) }
    }
  }

  private func writeRole(to writer: inout StateWriter) {
    switch node.role {
    case .follower: writer.put(0)
    case .preCandidate, .candidate:
      writer.put(node.role == .candidate ? 2 : 1)
      for slot in writer.renaming.order where slot < node.ballots.count {
        writer.put(Int(node.ballots[slot].rawValue))
      }
    case .leader:
      writer.put(3)
      writeLeadership(to: &writer)
      for slot in writer.renaming.order where slot < node.progress.count && node.progress[slot].isMember {
        write(node.progress[slot], of: slot, to: &writer)
      }
    }
  }

  private func writeLeadership(to writer: inout StateWriter) {
    let leadership = node.leadership
    precondition(leadership.unwritten == nil && !leadership.unsent && !leadership.commitToAnnounce, "an open turn")
    precondition(leadership.reads.isEmpty && leadership.transfer == nil, "no step reads or transfers")
    writer.put(leadership.termStart)
    writer.put(leadership.pendingConfiguration)
    writer.put(leadership.uncommittedBytes / 256)
    writer.put(leadership.uncommittedBytes % 256)
    if writer.rounds != .none { writer.put(leadership.round) }
    writer.put(leadership.departure != nil)
    if let departure = leadership.departure {
      writer.put(departure.index)
      writer.put(departure.round)
      writer.put(departure.informed.map(n))
    }
  }

  private func write(_ progress: Progress, of slot: Int, to writer: inout StateWriter) {
    writer.put(progress.match)
    if slot == node.id.slot { return }
    writer.put(progress.next)
    writer.put(progress.sentCommit)
    if writer.rounds != .none { writer.put(progress.lastSentRound) }
    switch progress.state {
    case .probe(let isPaused): writer.put(isPaused ? 1 : 0)
    case .replicate(let isPaused):
      writer.put(isPaused ? 3 : 2)
      var window = progress.inflights
      writer.put(window.count)
      var index = progress.match
      while window.count > 0 {
        window.free(through: index)
        writer.put(window.count)
        index = index.next
      }
    case .snapshot: preconditionFailure("a snapshot without compaction")
    }
  }

  /// Whether what is left out since it follows from the rest does so; in words what does not.
  var flawInDerivedState: String? {
    var fresh = node
    fresh.rebuildMembership()
    if fresh.quorum.incoming != node.quorum.incoming || fresh.quorum.outgoing != node.quorum.outgoing {
      return "another quorum than the configuration's"
    }
    if fresh.peers != node.peers { return "other peers than the configuration's" }
    let pending = (node.log.entries.indices.dropFirst(node.log.head)).compactMap { place in
      let index = node.firstIndex + (place - node.log.head)
      return index > node.appliedIndex && node.log.entries[place].isConfiguration ? index : nil
    }
    if pending != node.pendingConfigurations { return "pending configurations at \(node.pendingConfigurations)" }
    if writes.count != Int(node.writes.issued.rawValue - node.writes.completed.rawValue) { return "a write got lost" }
    guard node.role == .leader else { return nil }
    fresh.recountAhead()
    if fresh.leadership.ahead != node.leadership.ahead { return "\(node.leadership.ahead) members ahead" }
    let leadership = node.leadership
    if leadership.sliceLogEnd == node.log.lastIndex, leadership.sliceFirst > .zero {
      let slice = node.log.entries(
        from: leadership.sliceFirst, maximumCount: node.settings.maximumEntriesPerMessage,
        maximumBytes: node.settings.maximumBytesPerMessage)
      if slice != leadership.slice { return "a slice that is not the log's" }
    }
    return nil
  }
}
