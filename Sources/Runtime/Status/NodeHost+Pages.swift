import Experiment
import Raft
import Server
import Wire

/// The texts of the status page.
extension NodeHost {
  /// The metrics in the format of Prometheus.
  func metricsText() -> String {
    let status = status
    var text = MetricsText()
    text.begin("eraft_node_info", .gauge, "Who the node is; always 1.")
    text.sample(
      "eraft_node_info",
      [
        ("node", "\(introduction.node.rawValue)"), ("role", "\(introduction.role)"), ("site", introduction.site),
        ("part", status.part.word),
      ], 1)
    text.single("eraft_term", .gauge, "The newest term that the node has seen.", status.term.rawValue)
    text.single("eraft_is_leader", .gauge, "Whether the node leads.", status.part == .leader ? 1 : 0)
    text.single("eraft_log_last_index", .gauge, "The last entry of the log.", status.lastIndex.rawValue)
    text.single("eraft_log_first_index", .gauge, "The first entry that the log still has.", status.firstIndex.rawValue)
    text.single("eraft_commit_index", .gauge, "The commit index.", status.commitIndex.rawValue)
    text.single("eraft_applied_index", .gauge, "The last entry in the state.", status.appliedIndex.rawValue)
    text.single("eraft_snapshot_index", .gauge, "The last entry in the newest snapshot.", status.snapshotIndex.rawValue)
    text.single("eraft_turns_total", .counter, "Turns of the server.", meters.turns)
    text.single("eraft_operations_total", .counter, "Operations of clients that were executed.", meters.operations)
    text.single("eraft_disk_writes_total", .counter, "Writes given to the disk.", meters.writes)
    text.single("eraft_disk_syncs_total", .counter, "Durable writes of the disk.", meters.durableReports)
    text.single(
      "eraft_disk_nearly_full", .gauge, "Whether writes are refused for lack of room.", isDiskNearlyFull ? 1 : 0)
    text.single("eraft_role_changes_total", .counter, "How often the role changed.", meters.roleChanges)
    text.single("eraft_notices_total", .counter, "Interruption notices.", meters.notices)
    text.single("eraft_forwarded_total", .counter, "Requests passed on to the leader.", meters.forwarded)
    text.single(
      "eraft_unknown_receivers_total", .counter, "Messages for nodes of unknown address.", meters.unknownReceivers)
    text.single(
      "eraft_misaddressed_total", .counter, "Messages that were not for the sender to say.", meters.misaddressed)
    text.single("eraft_late_replies_total", .counter, "Answers for connections that had ended.", meters.lateReplies)
    text.single("eraft_clients", .gauge, "Connections of clients.", addresses.count)
    peerMetrics(&text)
    return text.text
  }

  private func peerMetrics(_ text: inout MetricsText) {
    let links = peers.links.sorted { $0.node < $1.node }
    func each(_ name: String, _ kind: MetricsText.Kind, _ help: String, _ value: (PeerLink) -> UInt64) {
      text.begin(name, kind, help)
      for link in links { text.sample(name, [("peer", "\(link.node.rawValue)")], value(link)) }
    }
    each("eraft_peer_up", .gauge, "Whether there is a connection.") { $0.isUp ? 1 : 0 }
    each("eraft_peer_sent_bytes_total", .counter, "Bytes sent.") { $0.counters.bytesOut }
    each("eraft_peer_sent_frames_total", .counter, "Frames sent.") { $0.counters.framesOut }
    each("eraft_peer_received_bytes_total", .counter, "Bytes received.") { $0.counters.bytesIn }
    each("eraft_peer_received_frames_total", .counter, "Frames received.") { $0.counters.framesIn }
    each("eraft_peer_dropped_frames_total", .counter, "Frames lost for want of a connection, or in a choked one.") {
      $0.counters.dropped
    }
    text.begin("eraft_peer_round_trip_seconds", .gauge, "The round trip of the last ping.")
    for link in links {
      guard let roundTrip = link.counters.roundTrip else { continue }
      text.sample("eraft_peer_round_trip_seconds", [("peer", "\(link.node.rawValue)")], roundTrip.seconds)
    }
  }

  /// The status as JSON.
  func statusText() -> String {
    let status = status
    func ids(_ nodes: [NodeID]) -> String { "[" + nodes.map { "\($0.rawValue)" }.joined(separator: ",") + "]" }
    var fields = [
      "\"node\":\(introduction.node.rawValue)", "\"role\":\"\(introduction.role)\"", "\"part\":\"\(status.part.word)\"",
      "\"site\":\"\(introduction.site)\"", "\"cluster\":\"\(configuration.cluster)\"",
      "\"term\":\(status.term.rawValue)",
      "\"leader\":\(status.leader.map { "\($0.rawValue)" } ?? "null")", "\"first_index\":\(status.firstIndex.rawValue)",
      "\"last_index\":\(status.lastIndex.rawValue)", "\"commit_index\":\(status.commitIndex.rawValue)",
      "\"applied_index\":\(status.appliedIndex.rawValue)", "\"snapshot_index\":\(status.snapshotIndex.rawValue)",
      "\"clients\":\(addresses.count)", "\"leaving\":\(isLeaving)",
    ]
    if let configuration = status.configuration {
      fields.append("\"voters\":\(ids(configuration.voters))")
      fields.append("\"outgoing_voters\":\(ids(configuration.outgoing))")
      fields.append("\"learners\":\(ids(configuration.learners))")
    }
    let connected = peers.links.filter(\.isUp).map(\.node).sorted()
    fields.append("\"connected\":\(ids(connected))")
    return "{" + fields.joined(separator: ",") + "}\n"
  }
}

extension Responder {
  /// The part as a word.
  public var word: String {
    switch self {
    case .member(.leader): "leader"
    case .member(.follower): "follower"
    case .member(.candidate): "candidate"
    case .member(.preCandidate): "pre-candidate"
    case .secretary: "secretary"
    case .observer: "observer"
    }
  }
}
