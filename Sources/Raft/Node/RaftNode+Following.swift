extension RaftNode {
  /// Takes the sender of a leader's message as the leader of its term; false when it is an old leader's message.
  ///
  /// Only a round higher than the last one seen counts as a sign of life: a repeated or delayed message cannot keep a
  /// dead leader alive, nor extend a lease.
  mutating func acceptLeader(_ from: NodeID, term messageTerm: Term, round: Round) -> Bool {
    if messageTerm < term { return false }
    if messageTerm > term || leader != from || role != .follower {
      if messageTerm == term, role == .leader || (leader != nil && leader != from) {
        stop(.twoLeaders(term: term, leader ?? id, from))
        return false
      }
      becomeFollower(term: messageTerm, leader: from)
    }
    if round > seenRound || plays(.repeatedRoundCounts) {
      seenRound = max(seenRound, round)
      electionDeadline = now + electionTimeout
      stickyUntil = now + settings.electionTimeout.lowerBound
    } else {
      counters.roundsRepeated += 1
    }
    return true
  }

  mutating func onHeartbeat(_ message: Heartbeat, from: NodeID) {
    if acceptLeader(from, term: message.term, round: message.round) {
      if message.commit > commitIndex {
        // A follower is told to commit only what it acknowledged; having less means having lost it (trap 23).
        guard message.commit <= log.lastIndex else {
          stop(.acknowledgedEntriesLost(commit: message.commit, last: log.lastIndex))
          return
        }
        advanceCommit(to: message.commit)
      }
      if plays(.acknowledgesLocalLast) {
        send(AppendAccepted(term: term, round: message.round, match: log.lastIndex), to: from)
        return
      }
      send(HeartbeatResponse(term: term, round: message.round), to: from)
    } else if fault == nil {
      // An old leader, or one whose followers moved on while it was away, learns the term from this (trap 7).
      send(HeartbeatResponse(term: term, round: .zero), to: from)
    }
  }

  /// Takes entries, and answers the leader whichever way they came (rules F1 to F3).
  mutating func onAppendEntries(_ message: AppendEntries, from: NodeID, via secretary: NodeID? = nil) {
    let secretary = settings.acknowledgements == .carried ? secretary : nil
    guard acceptLeader(from, term: message.term, round: message.round) else {
      if fault == nil { reject(message, from: from, via: secretary) }
      return
    }
    // Entries cannot be placed while a snapshot is being put in the log's stead.
    if case .installing = arriving?.state { return }

    // Entries alone would leave out whom the group began with: the node would take itself for the only voter.
    if isBlank {
      reject(message, from: from, via: secretary)
      return
    }

    // What the snapshot covers is committed and needs no comparing.
    var skipped = 0
    if message.previous.index < log.base.index {
      skipped = min(message.entries.count, log.base.index - message.previous.index)
      if message.previous.index + skipped < log.base.index {
        accept(message, from: from, via: secretary)
        return
      }
    } else if !log.contains(message.previous),
      !plays(.previousTermIgnored) || message.previous.index > log.lastIndex
    {
      reject(message, from: from, via: secretary)
      return
    }
    if let first = firstConflict(in: message, skipping: skipped) {
      guard place(message, from: first) else { return }
    }
    let beyond = plays(.commitsOneBeyond) ? 1 : 0
    advanceCommit(to: min(message.commit + beyond, beyond == 0 ? message.lastIndex : log.lastIndex))
    accept(message, from: from, via: secretary)
  }

  /// How many of the message's entries the log already has: nil when all of them.
  @inline(__always)
  private func firstConflict(in message: AppendEntries, skipping skipped: Int) -> Int? {
    if message.previous.index == log.lastIndex { return message.entries.isEmpty ? nil : 0 }
    if plays(.truncatesWithoutConflict), message.previous.index >= commitIndex {
      return message.entries.isEmpty ? nil : 0
    }
    var offset = skipped
    var index = message.previous.index + skipped
    while offset < message.entries.count {
      index = index.next
      if log.term(at: index) != message.entries[offset].term { return offset }
      offset += 1
    }
    return nil
  }

  /// Puts the entries from `offset` on at the end of the log, cutting off what conflicts (trap 18); false when they
  /// are not to be had.
  private mutating func place(_ message: AppendEntries, from offset: Int) -> Bool {
    let first = message.previous.index + offset + 1
    let hasConfiguration = message.entries.hasConfiguration(from: offset)
    if hasConfiguration, !plays(.entriesWithoutCommit),
      !configurationsAreCovered(in: message, from: offset, first: first)
    {
      return false
    }
    if first <= log.lastIndex {
      guard first > commitIndex else {
        let held = log.term(at: first) ?? .zero
        stop(.committedEntryContradicted(at: first, held: held, received: message.entries[offset].term))
        return false
      }
      effects.events.append(.logTruncated(first: first))
      log.truncate(from: first)
      writes.truncate(from: first, forgetsPending: !plays(.staleWriteCompletion))
      while let last = pendingConfigurations.last, last >= first { pendingConfigurations.removeLast() }
    }
    let entries = message.entries[offset...]
    if hasConfiguration {
      for place in entries.indices where entries[place].isConfiguration {
        pendingConfigurations.append(message.previous.index + place + 1)
      }
      writes.isHardStateDirty = true
    }
    // The commit index that came along is stored with a configuration entry, so it must be taken first.
    log.append(contentsOf: entries)
    if writes.isHardStateDirty { advanceCommit(to: min(message.commit, message.lastIndex)) }
    write(from: first, entries: entries)
    return true
  }

  /// Whether every configuration before a new one is known to be committed by this very message (traps 36 and 37):
  /// otherwise this node could later campaign under a configuration that is two changes old.
  @inline(__always)
  private func configurationsAreCovered(in message: AppendEntries, from offset: Int, first: LogIndex) -> Bool {
    var latest = pendingConfigurations.last(where: { $0 < first })
    for place in offset..<message.entries.count where message.entries[place].isConfiguration {
      if let latest, max(message.commit, commitIndex) < latest { return false }
      latest = message.previous.index + place + 1
    }
    return true
  }

  private mutating func accept(_ message: AppendEntries, from: NodeID, via secretary: NodeID?) {
    let match = plays(.acknowledgesLocalLast) ? log.lastIndex : message.lastIndex
    send(AppendAccepted(term: term, round: message.round, match: match), to: from, via: secretary)
  }

  private mutating func reject(_ message: AppendEntries, from: NodeID, via secretary: NodeID?) {
    counters.appendsRejected += 1
    let hint = log.latestPossibleMatch(at: message.previous.index, term: message.previous.term)
    send(
      AppendRejected(term: term, round: message.round, previous: message.previous.index, hint: hint), to: from,
      via: secretary)
  }

  /// Raises the commit index; configurations that it covers are made known to the disk before they take effect.
  mutating func advanceCommit(to index: LogIndex) {
    guard index > commitIndex else { return }
    precondition(index <= log.lastIndex, "commit \(index) beyond the log's end \(log.last)")
    commitIndex = index
    if let first = pendingConfigurations.first, first <= index { writes.isHardStateDirty = true }
  }

  /// Stops for good; the host sees ``fault`` and an event.
  mutating func stop(_ fault: NodeFault) {
    self.fault = fault
    effects.events.append(.stopped(fault))
  }
}
