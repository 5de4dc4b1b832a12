import Raft

/// A configuration, and what its voters acknowledged or voted.
struct QuorumCase: Hashable {
  /// What a case's configuration is.
  enum Kind: String, CaseIterable {
    case majority, joint
  }

  /// The incoming half, or the only one.
  var incoming: [UInt64]
  /// The outgoing half of a joint configuration.
  var outgoing: [UInt64] = []
  /// The index that each voter acknowledged; nil when the committed index is not asked for.
  var acked: [UInt64: UInt64]?
  /// Whether each voter granted its vote; nil when the vote is not asked for.
  var votes: [UInt64: Bool]?

  /// What is decided, as a JSON object; nil when there are more voters than a configuration can have.
  var decision: String? {
    guard let table = QuorumTable(incoming: incoming, outgoing: outgoing) else { return nil }
    var members: [String] = []
    if let acked {
      let index = table.committed { voter in acked[voter].map { LogIndex($0) } }
      members.append("\"committed\": \(index.map { "\($0.rawValue)" } ?? "\"infinity\"")")
    }
    if let votes { members.append("\"vote\": \"\(table.vote { votes[$0] }.rawValue)\"") }
    return "{\(members.joined(separator: ", "))}"
  }
}
