/// Taking in what the source sends.
extension ObserverNode {
  /// Takes entries, whoever sent them and in whatever stream: what is committed is committed. Only what the source at
  /// work sends shows whether that source is there and whether its stream has a gap.
  mutating func take(_ message: FeedEntries, from: NodeID) {
    if from == source { noteAnswer() }
    note(message.term, leader: message.leader)
    if case .some = arriving { return }
    guard message.lastIndex > last.index else { return }
    guard message.previous.index <= last.index else {
      if from == source, message.stream == stream { hasGap = true }
      return
    }
    let skipped = last.index - message.previous.index
    let joint = skipped == 0 ? message.previous.term : message.entries[skipped - 1].term
    guard joint == last.term else {
      isContradicted = true
      return
    }
    let run = CommittedRun(previous: last, entries: message.entries[skipped...])
    effects.entries.append(run)
    last = LogPosition(index: message.lastIndex, term: message.entries[message.entries.count - 1].term)
    resolveQuorumRead()
    // More is asked for before the source runs out of room.
    if last.index - askedFrom >= Int(settings.window) / 2 { request() }
  }

  mutating func take(_ message: FeedSnapshot, from: NodeID) {
    guard from == source, message.stream == stream else { return }
    noteAnswer()
    let description = message.snapshot.value
    guard description.last.index > last.index else { return }
    var arrived = 0
    if let arriving, arriving.description == description {
      if arriving.isComplete { return }
      arrived = arriving.received
    }
    guard message.offset == arrived else { return }
    effects.snapshotChunks.append(message)
    arriving = Arriving(
      description: description, received: arrived + message.bytes.count, isComplete: message.isLast)
    if !message.isLast { request() }
  }

  /// Whether the node waits for its host to restore the snapshot. When the stream began anew meanwhile it does not: then
  /// the state must stay as it is, since what is taken in from now on continues that.
  public func isAwaiting(_ snapshot: SnapshotDescription) -> Bool { arriving?.description == snapshot }

  /// Reports that the host's state is that of the snapshot.
  public mutating func snapshotInstalled(_ snapshot: SnapshotDescription, at now: Instant) {
    observe(now)
    guard arriving?.description == snapshot else { return }
    arriving = nil
    last = snapshot.last
    resolveQuorumRead()
    counters.snapshots += 1
    restartStream()
    request()
  }

  /// Reports that the snapshot could not be restored: it is asked of another source, if there is one.
  public mutating func snapshotRefused(_ snapshot: SnapshotDescription, at now: Instant) {
    observe(now)
    guard arriving?.description == snapshot else { return }
    changeSource()
  }

  private mutating func noteAnswer() {
    heard = now
    hasAnswered = true
    patience = settings.sourceTimeout
    guard let place = sources.firstIndex(where: { $0.node == source }) else { return }
    sources[place].failures = 0
  }

  private mutating func note(_ newTerm: Term, leader newLeader: NodeID?) {
    if newTerm > term {
      term = newTerm
      leader = newLeader
    } else if newTerm == term, let newLeader {
      leader = newLeader
    }
  }

  // MARK: Asking

  /// Asks the source for what follows.
  mutating func request() {
    requestDeadline = now + settings.requestInterval
    guard let source else { return }
    let want: FeedRequest.Want
    if let arriving {
      want = .snapshot(last: arriving.description.last.index, offset: arriving.received)
    } else {
      want = .entries(after: last, window: settings.window)
      askedFrom = last.index
    }
    send(.feedRequest(FeedRequest(stream: stream, want: want)), to: source)
  }

  /// Begins anew at what is here: whatever is still on its way belongs to the past.
  mutating func restartStream() {
    stream = FeedStream(stream.rawValue + 1)
    hasGap = false
    arriving = nil
    counters.streamsRestarted += 1
  }

  /// Leaves the source at work: for a better one, or because it was silent or refused, for the one that was so least
  /// often since it last answered.
  ///
  /// A source that fails is passed over for twice as long each time, and whoever failed less often is asked before it
  /// is: otherwise a few near ones that are dead or hold too little, each usable again by the time that the others were
  /// waited for, would be asked in turns for ever.
  mutating func changeSource() {
    let wasSilent = now >= heard + settings.sourceTimeout
    let makesRoom = !wasSilent && hasBetterSource
    // A round trip may take longer than the patience with a source: then nobody would ever answer in time.
    if wasSilent { patience = min(patience * 2, settings.sourceTimeout * ObserverNode.longestPatience) }
    // Who makes room for a better source has done nothing wrong, unless it was silent.
    if let old = sources.firstIndex(where: { $0.node == source }), !makesRoom {
      let factor = min(1 << Int64(min(sources[old].failures, 62)), ObserverNode.longestAvoidance)
      sources[old].avoidedUntil = now + settings.sourceAvoidance * factor
      sources[old].failures += 1
    }
    source = makesRoom ? nearestSource : soundestSource
    counters.sourceChanges += 1
    heard = now
    hasAnswered = false
    restartStream()
    request()
  }

  /// Whether a source that is preferred to the one at work may be asked again; the one at work is waited for first.
  var hasBetterSource: Bool {
    guard hasAnswered, case .none = arriving, let best = nearestSource, best != source else { return false }
    guard let current = sources.first(where: { $0.node == source }) else { return true }
    return current.avoidedUntil <= now
  }

  /// The first source that was neither silent nor refused lately.
  private var nearestSource: NodeID? {
    if settings.feed == .leader, let leader, mayAsk(leader) { return leader }
    return sources.first { $0.avoidedUntil <= now }?.node ?? longestAvoided
  }

  /// Of the sources that were neither silent nor refused lately, the first of those that were so least often.
  private var soundestSource: NodeID? {
    if settings.feed == .leader, let leader, mayAsk(leader) { return leader }
    var soundest: Source?
    for candidate in sources where candidate.avoidedUntil <= now && candidate.failures < soundest?.failures ?? .max {
      soundest = candidate
    }
    return soundest?.node ?? longestAvoided
  }

  private var longestAvoided: NodeID? { sources.min { $0.avoidedUntil < $1.avoidedUntil }?.node }

  /// Whether a node that is believed to lead may be asked: one that the host no longer lists is gone.
  private func mayAsk(_ node: NodeID) -> Bool {
    sources.contains { $0.node == node && $0.avoidedUntil <= now }
  }
}
