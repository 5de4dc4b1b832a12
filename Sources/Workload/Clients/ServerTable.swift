import Raft

/// What the clients of one site know of the servers: how near they are, which of them lately did not answer, and who
/// is believed to lead. It is shared by all clients of the site, as a client library shares it within a process.
struct ServerTable: Sendable {
  private struct Server: Sendable {
    var node: NodeID
    var avoidedUntil: Instant
  }

  /// Who is believed to lead; nil when nothing is known.
  var leader: NodeID?
  /// Nearest first.
  private var servers: ContiguousArray<Server>
  /// Until when any server is avoided at all.
  private var avoidanceEnds = Instant.zero

  /// Makes a table of at least one server, nearest first.
  init(_ nodes: [NodeID]) {
    servers = ContiguousArray(nodes.map { Server(node: $0, avoidedUntil: .zero) })
  }

  /// Takes over another list of servers, at least one, and keeps what is known of those that stay.
  mutating func replace(with nodes: [NodeID]) {
    let known = servers
    servers = ContiguousArray(
      nodes.map { node in known.first { $0.node == node } ?? Server(node: node, avoidedUntil: .zero) })
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

  /// Whether a server is not to be avoided; true for unknown ones.
  func isUsable(_ node: NodeID, at now: Instant) -> Bool {
    now >= avoidanceEnds || !servers.contains { $0.node == node && $0.avoidedUntil > now }
  }

  /// Notes that a server did not answer in time.
  mutating func noteSilence(of node: NodeID, until end: Instant) {
    if leader == node { leader = nil }
    guard let position = servers.firstIndex(where: { $0.node == node }) else { return }
    servers[position].avoidedUntil = end
    avoidanceEnds = max(avoidanceEnds, end)
  }

  /// Notes that a server answered.
  mutating func noteAnswer(of node: NodeID, at now: Instant) {
    // Most of the time none is avoided, and there is nothing to look up.
    guard now < avoidanceEnds, let position = servers.firstIndex(where: { $0.node == node }) else { return }
    servers[position].avoidedUntil = .zero
  }
}
