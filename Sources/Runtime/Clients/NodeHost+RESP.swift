import Experiment
import KeyValue
import RESP
import Raft
import Server
import Wire

/// What clients that speak RESP2 ask of the node.
extension NodeHost {
  /// Executes an operation here, or passes it on to the leader when only that can and the node is set to.
  func execute(_ operation: Operation, _ consistency: ReadConsistency, for address: ClientAddress, at now: Instant) {
    let request = ClientRequest(sessionless: operation, consistency: consistency)
    guard configuration.writes == .forward, let leader = leaderToAsk(for: request) else {
      return take(request, from: address, at: now)
    }
    guard !isStopping, let link = peers[leader], forwarding.hasRoom, isReady(link) else {
      return refuse(.busy, request.client, request.sequence, address)
    }
    var passed = request
    passed.sequence = forwarding.begin(for: address, to: leader, at: now)
    meters.forwarded += 1
    writeDirectly(to: link) { $0.writeFrame(.clientRequest(passed)) }
  }

  /// The leader that a request must go to; nil when this node can answer, or knows no leader.
  private func leaderToAsk(for request: ClientRequest) -> NodeID? {
    switch process {
    case .member(let server):
      guard server.pointee.node.role != .leader else { return nil }
      if request.operation.isRead, request.consistency != .linearizable || configuration.followerReads { return nil }
      return server.pointee.node.leader
    case .observer(let server): return request.operation.isRead ? nil : server.pointee.node.leader
    case .secretary(let server): return server.pointee.node.leader
    }
  }

  /// What a server's answer means to a client of RESP.
  func completion(_ outcome: ClientReply.Outcome) -> Completion {
    Completion(outcome, member: { self.clientEndpoint(of: $0) }, group: { _ in nil })
  }

  private func clientEndpoint(of node: NodeID) -> Endpoint? {
    peers[node]?.clients.map { Endpoint(host: $0.host, port: $0.port) }
  }

  /// Answers a question about the node.
  func answer(_ question: HostQuestion) -> Completion {
    switch question {
    case .keyCount:
      switch process {
      case .member(let server): .number(Int64(server.pointee.store.keyCount))
      case .observer(let server): .number(Int64(server.pointee.store.keyCount))
      case .secretary: .number(0)
      }
    case .clientList:
      .text(
        Array(
          addresses.endpoints.compactMap { endpoint -> String? in
            guard case .resp(let client) = endpoint else { return nil }
            return client.line + "\n"
          }.joined().utf8))
    case .information(let sections): .text(Array(information(sections).utf8))
    }
  }

  private func information(_ sections: [String]) -> String {
    func wants(_ section: String) -> Bool {
      sections.isEmpty || sections.contains { [section, "all", "default", "everything"].contains($0) }
    }
    let status = status
    var lines: [String] = []
    if wants("server") {
      lines += [
        "# Server", "redis_version:\(ReplyWriter.likeRedis)", "server_name:eraft",
        "run_id:\(configuration.cluster)-\(introduction.node.rawValue)",
        "tcp_port:\(configuration.clients?.port ?? 0)", "",
      ]
    }
    if wants("clients") { lines += ["# Clients", "connected_clients:\(addresses.count)", ""] }
    if wants("replication") {
      lines += [
        "# Replication", "role:\(status.part == .leader ? "master" : "slave")", "raft_part:\(status.part.word)",
        "raft_term:\(status.term.rawValue)", "raft_leader:\(status.leader.map { "\($0.rawValue)" } ?? "none")",
        "raft_commit_index:\(status.commitIndex.rawValue)", "raft_applied_index:\(status.appliedIndex.rawValue)", "",
      ]
    }
    if wants("stats") {
      lines += [
        "# Stats", "total_commands_processed:\(meters.operations)", "raft_turns:\(meters.turns)",
        "raft_forwarded:\(meters.forwarded)", "",
      ]
    }
    return lines.joined(separator: "\r\n")
  }
}
