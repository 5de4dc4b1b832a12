/// Replication through secretaries (rules L1 to L8).
extension RaftNode {
  /// The secretary that serves a follower now: only who keeps up is relayed, since probing needs quick answers.
  @inline(__always)
  func relay(of slot: Int) -> Int? {
    guard !leadership.fleet.isEmpty, let place = leadership.fleet.route(of: slot),
      case .replicate = progress[slot].state, progress[slot].relaySnooze <= now
    else { return nil }
    return place
  }

  /// Hands every secretary what its followers and observers lack.
  mutating func relayAll() {
    for place in leadership.fleet.hands.indices { relay(through: place) }
  }

  /// Hands one secretary batches until each of its followers has everything on its way, or a full window.
  mutating func relay(through place: Int) {
    while let next = lowestNext(through: place) {
      guard let batch = batch(from: next) else {
        // What the follower lacks is compacted away: it needs a snapshot, and that goes directly.
        for slot in leadership.fleet[place].served where relay(of: slot) == place && progress[slot].next == next {
          sendAppend(to: slot, evenIfEmpty: false)
        }
        return feedThrough(place)
      }
      let targets = targets(of: batch, through: place)
      for target in targets { noteRelayed(target.node.slot, count: batch.lastIndex.next - target.next) }
      hand(batch, to: place, targets)
    }
    feedThrough(place)
  }

  /// The first entry that some follower of a secretary lacks and has room for; nil also while most of those that lack
  /// entries have no room: soon they will, and can be sent the same.
  private func lowestNext(through place: Int) -> LogIndex? {
    var lowest: LogIndex?
    var ready = 0
    var full = 0
    for slot in leadership.fleet[place].served where relay(of: slot) == place {
      if wantsRelay(slot) {
        ready += 1
        lowest = min(lowest ?? progress[slot].next, progress[slot].next)
      } else if progress[slot].next <= log.lastIndex {
        full += 1
      }
    }
    return ready < full ? nil : lowest
  }

  private func wantsRelay(_ slot: Int) -> Bool {
    if progress[slot].isPaused { return false }
    if progress[slot].next > log.lastIndex { return progress[slot].sentCommit < commitIndex }
    return !progress[slot].inflights.isFull(limit: sharedWindow)
  }

  /// How far a follower's window may be full before it asks for more.
  ///
  /// The last quarter of the window is for those that are a little slower than the others. Otherwise each would be sent
  /// the same entries by itself as its window opens, and the leader would send them once for every follower instead of
  /// once for all.
  private var sharedWindow: Int { settings.maximumInflightMessages - settings.maximumInflightMessages / 4 }

  /// Whom a batch is for: everybody to whom it says something new and who has room.
  private func targets(of batch: AppendEntries, through place: Int) -> [RelayTarget] {
    var targets: [RelayTarget] = []
    targets.reserveCapacity(leadership.fleet[place].served.count)
    for slot in leadership.fleet[place].served where relay(of: slot) == place {
      let next = progress[slot].next
      guard next > batch.previous.index else { continue }
      let isNews =
        next <= batch.lastIndex
        ? !progress[slot].inflights.isFull(limit: settings.maximumInflightMessages)
        : next == batch.lastIndex.next && wantsRelay(slot) && progress[slot].sentCommit < commitIndex
      if isNews { targets.append(RelayTarget(node: NodeID(UInt32(slot)), next: next)) }
    }
    return targets
  }

  /// What the leader would send to a follower that lacks everything from `next` on; nil when it no longer can.
  private mutating func batch(from next: LogIndex) -> AppendEntries? {
    guard let term = log.term(at: next.previous) else { return nil }
    var entries: [Entry] = []
    if next <= log.lastIndex {
      cutSlice(from: next)
      entries = leadership.slice
    }
    return append(entries, after: LogPosition(index: next.previous, term: term))
  }

  private mutating func noteRelayed(_ slot: Int, count: Int) {
    noteSent(to: slot, count: count)
    guard count > 0, progress[slot].relayedSince == .distantFuture else { return }
    progress[slot].relayedSince = now
    leadership.fleet.deadline = min(leadership.fleet.deadline, now + settings.relayTimeout)
  }

  private mutating func hand(_ batch: AppendEntries, to place: Int, _ targets: [RelayTarget]) {
    counters.batchesRelayed += 1
    leadership.fleet[place].sentThrough = max(leadership.fleet[place].sentThrough, batch.lastIndex)
    leadership.fleet[place].sentCommit = commitIndex
    leadership.fleet[place].lastSent = now
    send(
      RelayAppend(
        append: batch, incarnation: leadership.fleet[place].incarnation, assignment: leadership.fleet.assignment,
        targets: targets),
      to: leadership.fleet[place].node)
  }

  /// Sends a secretary that observers are fed by what no follower of it needed.
  mutating func feedThrough(_ place: Int) {
    guard leadership.fleet[place].feedsObservers else { return }
    while leadership.fleet[place].sentThrough < log.lastIndex || leadership.fleet[place].sentCommit < commitIndex {
      // What is compacted away, observers get elsewhere.
      if log.term(at: leadership.fleet[place].sentThrough) == nil {
        leadership.fleet[place].sentThrough = log.lastIndex
      }
      guard let batch = batch(from: leadership.fleet[place].sentThrough.next) else { return }
      hand(batch, to: place, [])
    }
  }

  // MARK: What comes back

  /// Takes note of a follower's acknowledgement: the route works.
  @inline(__always)
  mutating func noteRelayAnswered(_ slot: Int) {
    guard progress[slot].relayedSince != .distantFuture else { return }
    if progress[slot].inflights.count == 0 {
      progress[slot].relayedSince = .distantFuture
      progress[slot].relayBackoff = .zero
    } else {
      progress[slot].relayedSince = now
    }
  }

  /// Goes on with a follower directly, from what it is known to have, and leaves its secretary out for a while.
  mutating func takeOver(_ slot: Int, avoidsRelay: Bool = true) {
    guard case .replicate = progress[slot].state else {
      progress[slot].relayedSince = .distantFuture
      return
    }
    counters.relaysTakenOver += 1
    if avoidsRelay { snoozeRelay(of: slot) }
    progress[slot].becomeProbe()
    sendAppend(to: slot, evenIfEmpty: true)
  }

  /// Leaves a follower's secretary out: twice as long each time, and not for longer than half a minute.
  mutating func snoozeRelay(of slot: Int) {
    guard progress[slot].relayedSince != .distantFuture else { return }
    progress[slot].relayedSince = .distantFuture
    let backoff = max(settings.electionTimeout.lowerBound, progress[slot].relayBackoff * 2)
    progress[slot].relayBackoff = min(backoff, .seconds(30))
    progress[slot].relaySnooze = now + progress[slot].relayBackoff
  }

  mutating func onRelayNotice(_ message: RelayNotice, from: NodeID) {
    guard role == .leader, message.term == term, let place = leadership.fleet.place(of: from),
      leadership.fleet[place].incarnation == message.incarnation
    else { return }
    for slot in leadership.fleet[place].served where progress[slot].relayedSince != .distantFuture {
      if case .gap(let node) = message.reason, node.slot != slot { continue }
      takeOver(slot)
    }
  }

  /// Takes followers' own words that a secretary carried, each as if it had come by itself.
  mutating func onCarriedResponses(_ message: CarriedResponses) {
    for envelope in message.envelopes where envelope.to == id && envelope.from != id && envelope.from <= NodeID.largest
    {
      guard fault == nil else { return }
      switch envelope.message {
      case .appendAccepted(let response): onAppendAccepted(response, from: envelope.from)
      case .appendRejected(let response): onAppendRejected(response, from: envelope.from)
      default: break
      }
    }
  }
}
