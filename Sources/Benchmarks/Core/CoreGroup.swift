import Raft

/// A group of nodes with nothing between them but a queue: disks that finish at once, links that take no time, a state
/// machine that does nothing. Node 0 leads.
struct CoreGroup: ~Copyable {
  /// What the leader is made to do.
  enum Load: String, CaseIterable {
    /// Each turn proposes 8 commands of 128 bytes; heartbeats come when they are due.
    case batches
    /// Each turn is one heartbeat of the leader.
    case heartbeats
  }

  private let nodes: UnsafeMutablePointer<RaftNode>
  private let count: Int
  private var ring = MessageRing()
  private var now = Instant.zero
  /// How many messages nodes have taken in so far.
  private(set) var delivered = 0

  /// Makes a group and has node 0 elected.
  init(nodes count: Int) throws {
    let configuration = Configuration(voters: (0..<count).map { NodeID(UInt32($0)) })
    var made: [RaftNode] = []
    for slot in 0..<count {
      made.append(
        try RaftNode(
          id: NodeID(UInt32(slot)), state: DurableState(bootstrap: configuration), settings: Settings(),
          random: RandomSource(seed: 1, stream: UInt64(slot)), now: .zero))
    }
    self.count = count
    nodes = .allocate(capacity: count)
    nodes.initialize(from: made, count: count)
    now = nodes[0].nextDeadline
    nodes[0].advance(to: now)
    endTurn(of: 0)
    deliverAll()
    precondition(nodes[0].role == .leader, "node 0 was not elected")
  }

  deinit {
    nodes.deinitialize(count: count)
    nodes.deallocate()
  }

  /// The leader's commit index.
  var commitIndex: LogIndex { nodes[0].commitIndex }

  /// Runs until at least this many more messages are delivered; returns how many were.
  mutating func run(_ load: Load, messages: Int) -> Int {
    let start = delivered
    while delivered - start < messages {
      switch load {
      case .batches: replicate()
      case .heartbeats: beat()
      }
    }
    return delivered - start
  }

  /// One turn of the leader with a batch of proposals, and everything that follows from it.
  private mutating func replicate() {
    now = now + .milliseconds(1)
    if nodes[0].nextDeadline <= now { nodes[0].advance(to: now) }
    nodes[0].proposeBatch()
    endTurn(of: 0)
    deliverAll()
  }

  /// One heartbeat of the leader, and the answers.
  private mutating func beat() {
    now = nodes[0].nextDeadline
    nodes[0].advance(to: now)
    endTurn(of: 0)
    deliverAll()
  }

  /// Delivers messages in order until none are left. Answers to a wave end no turn of the leader:
  /// the commit index that they raise travels with the next wave.
  private mutating func deliverAll() {
    while ring.count > 0 {
      let envelope = ring.removeFirst()
      let slot = envelope.to.slot
      nodes[slot].receive(envelope, at: now)
      delivered += 1
      if nodes[slot].role == .leader { nodes[slot].drain(into: &ring, at: now) } else { endTurn(of: slot) }
    }
  }

  private mutating func endTurn(of slot: Int) {
    nodes[slot].endTurn(at: now)
    nodes[slot].drain(into: &ring, at: now)
  }
}
