/// A committed feed for observers near the secretary (elastic Raft, 4.3).
extension SecretaryNode {
  mutating func take(_ request: FeedRequest, from: NodeID) {
    feedWantedUntil = now + settings.feedExpiry
    guard case .entries(let position, let window) = request.want, mayFeed(after: position),
      let place = feeds.place(
        of: from, request.stream, from: position.index.next, expires: now + settings.feedExpiry,
        limit: settings.maximumFeeds)
    else {
      // A secretary has no snapshots and no old entries: members do.
      return send(.feedRefusal(FeedRefusal(stream: request.stream)), to: from)
    }
    guard case .entries(let next, _) = feeds[place].state else { return }
    feeds[place].state = .entries(next: next, limit: position.index + Int(window))
    guard tail.term(at: next.previous) != nil else {
      // The observer is ahead of what is held: it is told that its source lives.
      return send(
        .feedEntries(
          FeedEntries(stream: request.stream, term: seenTerm, previous: position, entries: [], leader: leader)),
        to: from)
    }
    push(to: place, evenIfEmpty: true)
  }

  /// Whether what is held continues at a position.
  private func mayFeed(after position: LogPosition) -> Bool {
    guard tail.reaches(position.index.next) else { return false }
    guard position.index <= tail.lastCommitted else { return true }
    return tail.term(at: position.index) == position.term
  }

  mutating func pushFeeds() {
    fed = tail.lastCommitted
    var place = 0
    while place < feeds.all.count {
      if push(to: place, evenIfEmpty: false) { place += 1 }
    }
  }

  /// Sends an observer what it lacks and has room for; false when it had to be turned away.
  @discardableResult
  private mutating func push(to place: Int, evenIfEmpty: Bool) -> Bool {
    guard case .entries(var next, let limit) = feeds[place].state else { return true }
    let observer = feeds[place].observer
    let stream = feeds[place].stream
    guard tail.reaches(next) else {
      feeds.remove(at: place)
      send(.feedRefusal(FeedRefusal(stream: stream)), to: observer)
      return false
    }
    var isNeeded = evenIfEmpty
    while isNeeded || next <= min(tail.lastCommitted, limit) {
      isNeeded = false
      // An observer ahead of what is held waits; there is no entry before its next one to name.
      guard let term = tail.term(at: next.previous) else { break }
      let entries = tail.entries(
        from: next, through: min(tail.lastCommitted, limit), maximumBytes: settings.maximumBytesPerMessage)
      send(
        .feedEntries(
          FeedEntries(
            stream: stream, term: seenTerm, previous: LogPosition(index: next.previous, term: term), entries: entries,
            leader: leader)),
        to: observer)
      next = next + entries.count
    }
    feeds[place].state = .entries(next: next, limit: limit)
    return true
  }
}
