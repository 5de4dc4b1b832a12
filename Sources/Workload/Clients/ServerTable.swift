import Raft

/// What the clients of one site know of the servers: how near they are, which of them lately did not answer, and who
/// is believed to lead. It is shared by all clients of the site, as a client library shares it within a process.
struct ServerTable: Sendable {
  private struct Server: Sendable {
    var node: NodeID
    /// Until when it is passed over when nobody points to it, and when somebody does.
    var avoidedUntil = Instant.zero
    var distrustedUntil = Instant.zero
    /// How many times in a row it did not answer, and when that was noted last.
    var silences = 0
    var silentAt = Instant.zero
  }

  /// How many times as long as at first a server is avoided at most.
  private static let longestAvoidance: Int64 = 64

  /// Who is believed to lead; nil when nothing is known.
  var leader: NodeID?
  /// Nearest first.
  private var servers: ContiguousArray<Server>
  /// Until when any server is avoided at all.
  private var avoidanceEnds = Instant.zero
  /// How many servers did not answer when they were asked last.
  private var silentServers = 0

  /// Whether no server is known, so that there is nobody to ask.
  var isEmpty: Bool { servers.isEmpty }

  /// Makes a table, nearest first.
  init(_ nodes: [NodeID]) {
    servers = ContiguousArray(nodes.map { Server(node: $0) })
  }

  /// Takes over another list of servers, at least one, and keeps what is known of those that stay.
  mutating func replace(with nodes: [NodeID]) {
    let known = servers
    servers = ContiguousArray(
      nodes.map { node in known.first { $0.node == node } ?? Server(node: node) })
    silentServers = servers.count { $0.silences > 0 }
    if let leader, !nodes.contains(leader) { self.leader = nil }
  }

  /// The nearest server after passing over `skipped` others and those to be avoided; when all are to be avoided, the
  /// nearest ones are asked nevertheless.
  func pick(skipping skipped: Int, at now: Instant) -> NodeID {
    var usable = 0
    for server in servers where server.avoidedUntil <= now {
      if usable == skipped { return server.node }
      usable += 1
    }
    guard usable > 0 else { return servers[skipped % servers.count].node }
    var left = skipped % usable
    for server in servers where server.avoidedUntil <= now {
      if left == 0 { return server.node }
      left -= 1
    }
    return servers[0].node
  }

  /// One of the servers that are not to be avoided: which one differs with `spread`, so that they share the load.
  ///
  /// One that was silent the last time is on trial: whoever gets it here asks alone, and until it has answered, or
  /// `trial` is over, others pass it over.
  mutating func share(at now: Instant, spread: UInt64, trial: TimeSpan) -> NodeID? {
    let count = servers.count { $0.avoidedUntil <= now }
    guard count > 0 else { return nil }
    var left = Int(spread % UInt64(count))
    for position in servers.indices where servers[position].avoidedUntil <= now {
      if left == 0 {
        if servers[position].silences > 0 { servers[position].avoidedUntil = now + trial }
        return servers[position].node
      }
      left -= 1
    }
    return nil
  }

  /// Whether the server is one of those to ask.
  func contains(_ node: NodeID) -> Bool { servers.contains { $0.node == node } }

  /// Whether a server that somebody points to may be asked; true for unknown ones.
  func isUsable(_ node: NodeID, at now: Instant) -> Bool {
    now >= avoidanceEnds || !servers.contains { $0.node == node && $0.distrustedUntil > now }
  }

  /// Notes that a server did not answer in time.
  ///
  /// Each time in a row it is avoided for twice as long: otherwise a few dead servers near by, each usable again by the
  /// time that the others have been waited for, would be asked in turns for ever. One that somebody points to is
  /// avoided only as long as at first: it may have come back as the leader. What was `asked` before the last silence was
  /// noted is part of that silence.
  mutating func noteSilence(of node: NodeID, asked: Instant = .distantFuture, at now: Instant, avoidance: TimeSpan) {
    if leader == node { leader = nil }
    guard let position = servers.firstIndex(where: { $0.node == node }) else { return }
    if servers[position].silences > 0, asked <= servers[position].silentAt { return }
    servers[position].silentAt = now
    let factor = min(1 << Int64(min(servers[position].silences, 62)), ServerTable.longestAvoidance)
    servers[position].avoidedUntil = now + avoidance * factor
    servers[position].distrustedUntil = now + avoidance
    if servers[position].silences == 0 { silentServers += 1 }
    servers[position].silences += 1
    avoidanceEnds = max(avoidanceEnds, servers[position].avoidedUntil)
  }

  /// Notes that a server answered in time.
  mutating func noteAnswer(of node: NodeID) {
    // Most of the time all answer, and there is nothing to look up.
    guard silentServers > 0, let position = servers.firstIndex(where: { $0.node == node }),
      servers[position].silences > 0
    else { return }
    servers[position].avoidedUntil = .zero
    servers[position].distrustedUntil = .zero
    servers[position].silences = 0
    silentServers -= 1
  }
}
