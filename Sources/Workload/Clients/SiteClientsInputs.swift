import KeyValue
import Raft
import Server

/// The inputs.
extension SiteClients {
  /// Begins the run: phases count from `now`. A second call does nothing.
  public mutating func start(at now: Instant) {
    guard origin == nil else { return }
    origin = now
    if let duration { end = min(end, now + duration) }
    advance(to: now)
  }

  /// Begins nothing new from `now` on; what is under way goes on to its end.
  public mutating func stop(at now: Instant) {
    defer { nextDeadline = nextEvent }
    end = min(end, now)
    if nextArrival >= end { nextArrival = .distantFuture }
    for slot in slots.indices where slots[slot].state == .thinking && slots[slot].intended >= end { rest(slot) }
  }

  /// Ends at once: operations under way end without an answer, as those that run out of time do, and those that wait
  /// for a session fail. Only then does a history have all operations whose effects it may show.
  public mutating func abandon(at now: Instant) {
    stop(at: now)
    defer { nextDeadline = nextEvent }
    while queue.count > 0 { dropFirstOfQueue(at: now) }
    for slot in slots.indices where slots[slot].isBusy { giveUp(slot, at: now) }
    sends.removeAll()
  }

  /// Replaces a group's servers to ask, nearest first; an empty list is ignored. Attempts under way still wait.
  public mutating func setServers(_ nodes: [NodeID], of group: GroupID = .first) {
    if !nodes.isEmpty { routes.setServers(nodes, of: group) }
  }

  /// Tells which group has which keys; a routing that is not newer than the one known is ignored.
  public mutating func setRouter(_ router: KeyRouter) { routes.learn(router) }

  /// Replaces the observers of the first group to ask first when nothing is to be written, nearest first; none when the
  /// list is empty.
  public mutating func setReaders(_ nodes: [NodeID]) {
    if nodes.isEmpty {
      readers = nil
    } else if readers == nil {
      readers = ServerTable(nodes)
    } else {
      readers?.replace(with: nodes)
    }
  }

  /// Tells the clients that time has come to `now`.
  public mutating func advance(to now: Instant) {
    guard origin != nil else { return }
    defer { nextDeadline = nextEvent }
    // At one instant phases change first, then sessions act in order, then operations arrive.
    while true {
      let next = nextEvent
      guard next <= now, next != .distantFuture else { return }
      if nextPhaseStart == next {
        enterNextPhase(at: now)
      } else if deadlines.earliest == next, let slot = deadlines.earliestSlot {
        reachDeadline(of: slot, at: now)
      } else if nextArrival == next {
        arrive(at: now)
      } else {
        dropFirstOfQueue(at: now)
      }
    }
  }

  /// Takes a server's answer.
  public mutating func receive(_ reply: ClientReply, from server: NodeID, at now: Instant) {
    // What follows from the answer belongs to the phase of its time, whichever of the two the host does first.
    if nextPhaseStart <= now { advance(to: now) }
    defer { nextDeadline = nextEvent }
    // An answer to an operation that is over came too late: the server is no better to ask than a silent one.
    guard let slot = slot(of: reply.client), slots[slot].isBusy, slots[slot].sequence == reply.sequence else { return }
    routes[slots[slot].group].noteAnswer(of: server)
    readers?.noteAnswer(of: server)
    slots[slot].server = server
    slots[slot].role = reply.role
    slots[slot].unanswered = max(0, slots[slot].unanswered - 1)
    // Only the answer of the server asked last decides what to do next; an earlier attempt's refusal is just counted.
    let isAwaited = slots[slot].state == .waiting && slots[slot].target == server
    switch reply.outcome {
    case .done(let result):
      if reply.role == .leader { routes.noteLeader(server, of: slots[slot].group) }
      finish(slot, .ok(result), at: now)
    case .redirect(let hint):
      noteRedirect(from: server, to: hint, slot, at: now)
      if isAwaited { follow(hint, from: server, slot, at: now) }
    case .moved(let router):
      routes.learn(router)
      if isAwaited { followRouting(slot, at: now) }
    case .busy, .sharded:
      if isAwaited { pause(slot, at: now) }
    case .unknown(let hint):
      slots[slot].isUncertain = true
      noteRedirect(from: server, to: hint, slot, at: now)
      if isAwaited { pause(slot, at: now) }
    case .sessionExpired(let watermark):
      giveUp(slot, at: now, goingOnAbove: watermark)
    }
  }
}
