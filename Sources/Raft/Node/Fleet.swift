/// The secretaries that work for a leader, and which followers each of them serves; begins anew with every term it leads.
@usableFromInline
struct Fleet: Sendable {
  /// A secretary as the leader knows it.
  struct Hand: Sendable {
    var node: NodeID
    var incarnation: Incarnation
    var locality: Locality
    var capacity: Int
    var isRetiring: Bool
    /// From behind which entry on it is sent everything for observers; nil while none wants a feed of it.
    var feedStart: LogIndex?
    var lastHeard: Instant
    /// The slots of the followers that it serves, in order.
    var served: ContiguousArray<Int> = []
    /// Up to where it was sent entries, the highest commit index that it was sent, and when the last batch was.
    var sentThrough: LogIndex
    var sentCommit: LogIndex = .zero
    var lastSent: Instant

    var feedsObservers: Bool { feedStart != nil }
  }

  /// In order of their numbers, so that nothing rests on the order in which they came.
  private(set) var hands: ContiguousArray<Hand> = []
  /// The place of a member's secretary among them, by slot; less than zero for members that are served directly.
  private var routes: ContiguousArray<Int16> = []
  /// Counts changes of who serves whom.
  private(set) var assignment: UInt32 = 0
  /// When somebody may have been silent for too long.
  @usableFromInline var deadline: Instant = .distantFuture

  var isEmpty: Bool { hands.isEmpty }

  subscript(place: Int) -> Hand {
    _read { yield hands[place] }
    _modify { yield &hands[place] }
  }

  /// The place of the secretary that serves a member.
  func route(of slot: Int) -> Int? {
    guard slot < routes.count, routes[slot] >= 0 else { return nil }
    return Int(routes[slot])
  }

  func place(of node: NodeID) -> Int? { hands.firstIndex { $0.node == node } }

  mutating func add(_ hand: Hand) {
    let place = hands.firstIndex { hand.node < $0.node } ?? hands.count
    hands.insert(hand, at: place)
  }

  mutating func remove(at place: Int) { hands.remove(at: place) }

  /// Gives every follower a secretary: one of its own place if there is one that has room, the one with the least to do
  /// first; others only when secretaries reach the whole group.
  mutating func assign(
    _ members: ContiguousArray<Int>, at localities: ContiguousArray<Locality?>, reach: Settings.RelayReach
  ) {
    assignment += 1
    for place in hands.indices { hands[place].served.removeAll(keepingCapacity: true) }
    for slot in routes.indices { routes[slot] = -1 }
    if let last = members.last, routes.count <= last {
      routes.append(contentsOf: repeatElement(-1, count: last + 1 - routes.count))
    }
    for slot in members {
      guard slot < localities.count, let locality = localities[slot] else { continue }
      give(slot) { $0.locality == locality }
    }
    guard reach == .group else { return }
    for slot in members where routes[slot] < 0 { give(slot) { _ in true } }
    for place in hands.indices { hands[place].served.sort() }
  }

  private mutating func give(_ slot: Int, _ serves: (Hand) -> Bool) {
    var best: Int?
    for place in hands.indices {
      guard !hands[place].isRetiring, hands[place].served.count < hands[place].capacity, serves(hands[place]) else {
        continue
      }
      if best == nil || hands[place].served.count < hands[best!].served.count { best = place }
    }
    guard let best else { return }
    hands[best].served.append(slot)
    routes[slot] = Int16(best)
  }
}
