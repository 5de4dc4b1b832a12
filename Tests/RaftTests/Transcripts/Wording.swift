@testable import Raft

/// How transcripts put what nodes say and do, one line for each.
extension Envelope {
  var words: String { "\(from.rawValue)->\(to.rawValue) \(message.kind.rawValue) \(message.words)" }
}

/// The names of messages in transcripts.
enum MessageKind: String, CaseIterable {
  case preVote = "pre-vote"
  case preVoteResponse = "pre-vote-response"
  case vote = "vote"
  case voteResponse = "vote-response"
  case append = "append"
  case accepted = "accepted"
  case rejected = "rejected"
  case heartbeat = "heartbeat"
  case heartbeatResponse = "heartbeat-response"
  case snapshot = "snapshot"
  case snapshotReceived = "snapshot-received"
  case timeoutNow = "timeout-now"
  case readIndex = "read-index"
  case readIndexResponse = "read-index-response"
  /// Messages of secretaries and observers, of which scenarios have none.
  case fleet
}

extension Message {
  var kind: MessageKind {
    switch self {
    case .preVoteRequest: .preVote
    case .preVoteResponse: .preVoteResponse
    case .voteRequest: .vote
    case .voteResponse: .voteResponse
    case .appendEntries: .append
    case .appendAccepted: .accepted
    case .appendRejected: .rejected
    case .heartbeat: .heartbeat
    case .heartbeatResponse: .heartbeatResponse
    case .installSnapshot: .snapshot
    case .snapshotReceived: .snapshotReceived
    case .timeoutNow: .timeoutNow
    case .readIndexRequest: .readIndex
    case .readIndexResponse: .readIndexResponse
    case .relayAppend, .relayNotice, .carriedResponses, .enlistment, .enlistmentAnswer, .feedRequest, .feedEntries,
      .feedSnapshot, .feedRefusal, .quorumReadRequest, .quorumReadResponse:
      .fleet
    }
  }

  var words: String {
    switch self {
    case .preVoteRequest(let it): "t\(it.term) last=\(it.last)"
    case .preVoteResponse(let it): "t\(it.term) \(ballot(it.isGranted, it.committed))"
    case .voteRequest(let it): "t\(it.term) last=\(it.last)\(it.isTransfer ? " transfer" : "")"
    case .voteResponse(let it): "t\(it.term) \(ballot(it.isGranted, it.committed))"
    case .appendEntries(let it):
      "t\(it.term) r\(it.round) prev=\(it.previous) commit=\(it.commit) entries="
        + list(it.entries[...], after: it.previous.index)
    case .appendAccepted(let it): "t\(it.term) r\(it.round) match=\(it.match)"
    case .appendRejected(let it): "t\(it.term) r\(it.round) prev=\(it.previous) hint=\(it.hint)"
    case .heartbeat(let it): "t\(it.term) r\(it.round) commit=\(it.commit)"
    case .heartbeatResponse(let it): "t\(it.term) r\(it.round)"
    case .installSnapshot(let it):
      "t\(it.term) r\(it.round) \(it.snapshot.value.words) offset=\(it.offset) bytes=\(quoted(it.bytes))"
        + (it.isLast ? " last" : "")
    case .snapshotReceived(let it): "t\(it.term) r\(it.round) last=\(it.last) \(it.progress.words)"
    case .timeoutNow(let it): "t\(it.term) last=\(it.last)"
    case .readIndexRequest(let it): "t\(it.term) id=\(it.id.rawValue)"
    case .readIndexResponse(let it): "t\(it.term) id=\(it.id.rawValue) index=\(it.index?.description ?? "none")"
    case .relayAppend, .relayNotice, .carriedResponses, .enlistment, .enlistmentAnswer, .feedRequest, .feedEntries,
      .feedSnapshot, .feedRefusal, .quorumReadRequest, .quorumReadResponse:
      "\(self)"
    }
  }

  private func ballot(_ isGranted: Bool, _ committed: LogPosition) -> String {
    (isGranted ? "granted" : "refused") + (committed == .zero ? "" : " committed=\(committed)")
  }
}

extension SnapshotReceived.Progress {
  fileprivate var words: String {
    switch self {
    case .wanted(let offset): "wanted=\(offset)"
    case .installed: "installed"
    }
  }
}

extension SnapshotDescription {
  var words: String { "last=\(last) \(configuration.words)" }
}

extension Configuration {
  var words: String {
    var parts = ["voters=\(list(voters))"]
    if isJoint { parts.append("outgoing=\(list(outgoing))") }
    if !learners.isEmpty { parts.append("learners=\(list(learners))") }
    if !learnersNext.isEmpty { parts.append("learners-next=\(list(learnersNext))") }
    if isJoint { parts.append(leavesAutomatically ? "leaves=alone" : "leaves=told") }
    return parts.joined(separator: " ")
  }
}

extension Entry {
  var words: String {
    switch payload {
    case .empty: "empty"
    case .command(let bytes): quoted(bytes)
    case .configuration(let change): change.words
    }
  }
}

extension ConfigurationChange {
  fileprivate var words: String {
    if leavesJoint { return "leave" }
    var parts = steps.map(\.words)
    switch transition {
    case .automatic: break
    case .jointThenLeave: parts.append("joint")
    case .jointUntilTold: parts.append("joint-until-told")
    }
    return "change(\(parts.joined(separator: " ")))"
  }
}

extension ConfigurationChange.Step {
  var words: String {
    switch self {
    case .addVoter(let node): "voter=\(node.rawValue)"
    case .addLearner(let node): "learner=\(node.rawValue)"
    case .remove(let node): "remove=\(node.rawValue)"
    }
  }
}

func list(_ nodes: [NodeID]) -> String {
  nodes.isEmpty ? "none" : nodes.map { "\($0.rawValue)" }.joined(separator: ",")
}

func list(_ entries: ArraySlice<Entry>, after index: LogIndex) -> String {
  let words = entries.enumerated().map { place, entry in "\(index + place + 1)@\(entry.term) \(entry.words)" }
  return "[" + words.joined(separator: ", ") + "]"
}

func quoted(_ bytes: [UInt8]) -> String { "\"" + String(decoding: bytes, as: UTF8.self) + "\"" }

func number(_ node: NodeID?) -> String { node.map { "\($0.rawValue)" } ?? "none" }
