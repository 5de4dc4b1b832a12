import Raft

/// What the invariants read of a node.
///
/// `RaftNode` is the one that matters; tests forge others, which `RaftNode` itself never lets them do.
protocol ObservedNode {
  var id: NodeID { get }
  var role: Role { get }
  var term: Term { get }
  var vote: NodeID? { get }
  var commitIndex: LogIndex { get }
  var appliedIndex: LogIndex { get }
  var firstIndex: LogIndex { get }
  var lastPosition: LogPosition { get }
  func entry(at index: LogIndex) -> Entry
  func term(at index: LogIndex) -> Term?
}

extension RaftNode: ObservedNode {}

/// A node that is looked at where it is, without a copy.
struct NodeInPlace: ObservedNode {
  private let node: UnsafePointer<RaftNode>

  init(_ node: UnsafePointer<RaftNode>) { self.node = node }

  var id: NodeID { node.pointee.id }
  var role: Role { node.pointee.role }
  var term: Term { node.pointee.term }
  var vote: NodeID? { node.pointee.vote }
  var commitIndex: LogIndex { node.pointee.commitIndex }
  var appliedIndex: LogIndex { node.pointee.appliedIndex }
  var firstIndex: LogIndex { node.pointee.firstIndex }
  var lastPosition: LogPosition { node.pointee.lastPosition }
  func entry(at index: LogIndex) -> Entry { node.pointee.entry(at: index) }
  func term(at index: LogIndex) -> Term? { node.pointee.term(at: index) }
}

/// What a node looked like when it was observed last.
struct NodeShadow {
  var incarnation: Int
  var role: Role
  var term: Term
  var vote: NodeID?
  var commit: LogIndex
  var applied: LogIndex
  var first: LogIndex
  var last: LogPosition
  /// The digest of a leader's last entry; 0 for others, and when the log held none.
  var lastDigest: UInt64

  /// A node of which nothing is known yet.
  static func blank(incarnation: Int) -> NodeShadow {
    NodeShadow(
      incarnation: incarnation, role: .follower, term: .zero, vote: nil, commit: .zero, applied: .zero, first: .zero,
      last: .zero, lastDigest: 0)
  }

  /// Whether a node still looks the same.
  func matches(_ node: some ObservedNode) -> Bool {
    last == node.lastPosition && commit == node.commitIndex && applied == node.appliedIndex && term == node.term
      && role == node.role && vote == node.vote && first == node.firstIndex
  }

  /// Whether the end of the log that was seen last is still in the node's log, or was compacted away.
  func isPrefix(of node: some ObservedNode) -> Bool {
    if last.index < node.firstIndex { return last.index <= node.lastPosition.index }
    return node.term(at: last.index) == last.term
  }
}
