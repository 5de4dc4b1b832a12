/// Who takes a committed feed from a node, and how far each of them got: soft state that expires by itself.
struct FeedSubscriptions: Sendable {
  struct Subscription: Sendable {
    var observer: NodeID
    var stream: FeedStream
    var state: State
    /// Until when the observer is taken for interested.
    var expires: Instant
  }

  enum State: Sendable {
    /// The next entry to send, and the last one that the observer has room for.
    case entries(next: LogIndex, limit: LogIndex)
    /// A snapshot in chunks, pinned: chunks of two snapshots never mix.
    case snapshot(SnapshotBox)
  }

  private(set) var all: ContiguousArray<Subscription> = []

  var isEmpty: Bool { all.isEmpty }

  subscript(place: Int) -> Subscription {
    _read { yield all[place] }
    _modify { yield &all[place] }
  }

  /// The place of an observer's subscription to `stream`, made anew if there is none; nil when the stream is an older
  /// one than that at work, or when there are too many observers.
  mutating func place(
    of observer: NodeID, _ stream: FeedStream, from next: LogIndex, expires: Instant, limit: Int
  ) -> Int? {
    if let place = all.firstIndex(where: { $0.observer == observer }) {
      guard stream >= all[place].stream else { return nil }
      if stream > all[place].stream { all[place].state = .entries(next: next, limit: next.previous) }
      all[place].stream = stream
      all[place].expires = expires
      return place
    }
    guard all.count < limit else { return nil }
    all.append(
      Subscription(
        observer: observer, stream: stream, state: .entries(next: next, limit: next.previous), expires: expires))
    return all.count - 1
  }

  func place(of observer: NodeID) -> Int? { all.firstIndex { $0.observer == observer } }

  mutating func remove(at place: Int) { all.remove(at: place) }

  /// Forgets whoever did not ask for a while.
  mutating func expire(at now: Instant) { all.removeAll { $0.expires <= now } }
}
