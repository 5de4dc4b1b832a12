/// A committed feed for observers, from any member that has one (elastic Raft, 4.3).
extension RaftNode {
  /// The last entry that observers may have.
  private var feedEnd: LogIndex { plays(.feedsUncommitted) ? log.lastIndex : commitIndex }

  mutating func onFeedRequest(_ message: FeedRequest, from: NodeID) {
    // A group that commits nothing pushes nothing: places of observers that are gone become free here, too.
    feeds.expire(at: now)
    let expires = now + settings.feedExpiry
    switch message.want {
    case .entries(let position, let window):
      guard mayFeed(after: position),
        let place = feeds.place(
          of: from, message.stream, from: position.index.next, expires: expires, limit: settings.maximumFeeds)
      else { return send(FeedRefusal(stream: message.stream), to: from) }
      if case .snapshot = feeds[place].state {
        // The observer has what it was given, or gave up on it.
        feeds[place].state = .entries(next: position.index.next, limit: position.index)
      }
      guard case .entries(let next, _) = feeds[place].state else { return }
      feeds[place].state = .entries(next: max(next, position.index.next), limit: position.index + Int(window))
      push(to: place, evenIfEmpty: true)
    case .snapshot(let last, let offset):
      guard let place = feeds.place(of: from), feeds[place].stream == message.stream,
        case .snapshot(let snapshot) = feeds[place].state, snapshot.value.last.index == last
      else { return send(FeedRefusal(stream: message.stream), to: from) }
      feeds[place].expires = expires
      askForFeedChunk(of: last, offset: offset, for: from)
    }
  }

  /// Whether the log continues at a position. Beyond the commit index nothing is known of it, and nothing needs to be.
  private func mayFeed(after position: LogPosition) -> Bool {
    if isBlank { return false }
    guard position.index <= commitIndex, let term = log.term(at: position.index) else { return true }
    return term == position.term
  }

  /// Sends observers what was committed since the last time.
  mutating func pushFeeds() {
    fed = feedEnd
    feeds.expire(at: now)
    for place in feeds.all.indices { push(to: place, evenIfEmpty: false) }
  }

  @inline(__always)
  var hasUnfedEntries: Bool { !feeds.isEmpty && fed < feedEnd }

  private mutating func push(to place: Int, evenIfEmpty: Bool) {
    guard case .entries(var next, let limit) = feeds[place].state else { return }
    var isNeeded = evenIfEmpty
    while isNeeded || next <= min(feedEnd, limit) {
      if next <= log.lastIndex.next, log.term(at: next.previous) == nil { return startFeedSnapshot(place) }
      isNeeded = false
      var entries: [Entry] = []
      let last = min(feedEnd, limit)
      if next <= last {
        entries = log.entries(
          from: next, maximumCount: min(last - next + 1, settings.maximumEntriesPerMessage),
          maximumBytes: settings.maximumBytesPerMessage)
      }
      // An observer that is ahead is only told that its source lives; it knows the term of what it has.
      let previous = LogPosition(index: next.previous, term: log.term(at: next.previous) ?? .zero)
      send(
        FeedEntries(stream: feeds[place].stream, term: term, previous: previous, entries: entries, leader: leader),
        to: feeds[place].observer)
      next = next + entries.count
    }
    feeds[place].state = .entries(next: next, limit: limit)
  }

  private mutating func startFeedSnapshot(_ place: Int) {
    let snapshot = log.snapshot
    feeds[place].state = .snapshot(.description(snapshot))
    askForFeedChunk(of: snapshot.last.index, offset: 0, for: feeds[place].observer)
  }

  private mutating func askForFeedChunk(of last: LogIndex, offset: Int, for observer: NodeID) {
    effects.snapshotChunkRequests.append(
      SnapshotChunkRequest(to: observer, last: last, offset: offset, limit: settings.snapshotChunkBytes))
  }

  /// Sends an observer a chunk that the host supplied; false when no observer waits for it.
  mutating func supplyFeedChunk(_ request: SnapshotChunkRequest, bytes: [UInt8], isLast: Bool) -> Bool {
    guard let place = feeds.place(of: request.to), case .snapshot(let snapshot) = feeds[place].state,
      snapshot.value.last.index == request.last
    else { return false }
    send(
      FeedSnapshot(
        stream: feeds[place].stream, snapshot: snapshot.value, offset: request.offset, bytes: bytes, isLast: isLast),
      to: request.to)
    return true
  }
}
