/// Hiring and dismissing secretaries: soft state of the leader, learnt from what they say themselves (elastic Raft, 4.2).
extension RaftNode {
  /// A secretary that works for this leader.
  public struct Worker: Hashable, Sendable {
    /// The secretary.
    public var node: NodeID
    /// How many followers it serves.
    public var targets: Int
    /// Whether it is to leave soon.
    public var isRetiring: Bool
  }

  /// The secretaries that work for this leader, in order of their numbers; none while it does not lead.
  public var fleetAtWork: [Worker] {
    guard role == .leader else { return [] }
    return leadership.fleet.hands.map { Worker(node: $0.node, targets: $0.served.count, isRetiring: $0.isRetiring) }
  }

  /// Tells the node where members stand, by slot; followers are assigned to secretaries near them.
  public mutating func setLocalities(_ localities: ContiguousArray<Locality?>) {
    self.localities = localities
    if role == .leader { assignFleet() }
  }

  mutating func onEnlistment(_ message: Enlistment, from: NodeID) {
    // Members have a say of their own; a number that is both would count twice.
    guard from.slot >= progress.count || !progress[from.slot].isMember else { return }
    send(EnlistmentAnswer(term: term, leader: leader), to: from)
    guard role == .leader else { return }
    if let place = leadership.fleet.place(of: from) {
      if leadership.fleet[place].incarnation == message.incarnation { return refresh(place, message) }
      // An older life that is heard of late is not to replace the one at work.
      guard leadership.fleet[place].incarnation < message.incarnation else { return }
      dismiss(place)
    }
    hire(from, message)
  }

  private mutating func refresh(_ place: Int, _ message: Enlistment) {
    leadership.fleet[place].lastHeard = now
    takeFeed(place, message.feed)
    guard message.isRetiring, !leadership.fleet[place].isRetiring else { return }
    leadership.fleet[place].isRetiring = true
    effects.events.append(.secretaryRetiring(leadership.fleet[place].node))
    assignFleet()
  }

  private mutating func hire(_ node: NodeID, _ message: Enlistment) {
    guard leadership.fleet.hands.count < settings.maximumSecretaries, !message.isRetiring else { return }
    leadership.fleet.add(
      Fleet.Hand(
        node: node, incarnation: message.incarnation, locality: message.locality, capacity: Int(message.capacity),
        isRetiring: false, lastHeard: now, sentThrough: log.lastIndex, lastSent: now))
    effects.events.append(.secretaryHired(node))
    assignFleet()
    if let place = leadership.fleet.place(of: node) { takeFeed(place, message.feed) }
    watchFleet()
  }

  /// Takes note of whether observers want a feed of a secretary, and of what it holds for them.
  private mutating func takeFeed(_ place: Int, _ held: Enlistment.Holdings?) {
    guard let held else {
      leadership.fleet[place].feedStart = nil
      return
    }
    guard let start = leadership.fleet[place].feedStart else {
      // Nothing was sent for observers so far. What it holds is continued only if nothing committed lies between.
      return resumeFeed(place, held, unlessBefore: commitIndex)
    }
    guard now >= leadership.fleet[place].lastSent + settings.heartbeatInterval else { return }
    resumeFeed(place, held, unlessBefore: start)
  }

  /// Sends a secretary that feeds observers again what got lost on the way to it.
  ///
  /// The feed of one that holds too little begins anew with what is not committed yet: observers get the rest from
  /// members, with flow control, and the leader does not send all that was written since it hired the secretary.
  private mutating func resumeFeed(_ place: Int, _ held: Enlistment.Holdings, unlessBefore start: LogIndex) {
    if held.term == term, held.end >= start, held.end > .zero {
      leadership.fleet[place].feedStart = start
      leadership.fleet[place].sentThrough = min(leadership.fleet[place].sentThrough, held.end)
      leadership.fleet[place].sentCommit = min(leadership.fleet[place].sentCommit, held.commit)
    } else {
      leadership.fleet[place].feedStart = commitIndex
      leadership.fleet[place].sentThrough = commitIndex
      leadership.fleet[place].sentCommit = .zero
    }
    feedThrough(place)
  }

  /// Does without a secretary; what it was to pass on is sent directly at once.
  mutating func dismiss(_ place: Int) {
    let orphans = leadership.fleet[place].served
    effects.events.append(.secretaryLost(leadership.fleet[place].node))
    leadership.fleet.remove(at: place)
    assignFleet()
    for slot in orphans where progress[slot].relayedSince != .distantFuture {
      // Another secretary is not to blame for the one that is gone.
      takeOver(slot, avoidsRelay: leadership.fleet.route(of: slot) == nil)
    }
  }

  /// Decides anew who serves whom.
  mutating func assignFleet() {
    guard !leadership.fleet.isEmpty || leadership.fleet.assignment > 0 else { return }
    leadership.fleet.assign(peers, at: localities, reach: settings.relayReach)
  }

  /// Looks after followers whose secretary is silent, and after silent secretaries.
  mutating func superviseFleet() {
    leadership.fleet.deadline = .distantFuture
    if plays(.relayNeverTakenOver) { return }
    var place = 0
    while place < leadership.fleet.hands.count {
      if leadership.fleet[place].lastHeard + settings.relayTimeout <= now { dismiss(place) } else { place += 1 }
    }
    for slot in peers where progress[slot].relayedSince <= now - settings.relayTimeout { takeOver(slot) }
    watchFleet()
  }

  /// Sets the time at which somebody will have been silent for too long.
  mutating func watchFleet() {
    var earliest = leadership.fleet.deadline
    for hand in leadership.fleet.hands { earliest = min(earliest, hand.lastHeard + settings.relayTimeout) }
    for slot in peers where progress[slot].relayedSince != .distantFuture {
      earliest = min(earliest, progress[slot].relayedSince + settings.relayTimeout)
    }
    leadership.fleet.deadline = earliest
  }
}
