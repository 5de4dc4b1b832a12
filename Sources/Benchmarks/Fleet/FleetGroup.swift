import Raft

/// A group whose followers are all served by secretaries, with nothing between them but a queue. Node 0 leads.
struct FleetGroup: ~Copyable {
  private static let firstSecretary = 32_768

  private let nodes: UnsafeMutablePointer<RaftNode>
  private let nodeCount: Int
  private let secretaries: UnsafeMutablePointer<SecretaryNode>
  private let secretaryCount: Int
  private var ring = MessageRing()
  private var now = Instant.zero
  /// How many messages nodes and secretaries have taken in so far.
  private(set) var delivered = 0

  /// Makes a group, has node 0 elected, and lets the secretaries find it.
  init(nodes nodeCount: Int, secretaries secretaryCount: Int) throws {
    let members = (0..<nodeCount).map { NodeID(UInt32($0)) }
    let configuration = Configuration(voters: members)
    let here = Locality(0)
    self.nodeCount = nodeCount
    self.secretaryCount = secretaryCount
    nodes = .allocate(capacity: nodeCount)
    secretaries = .allocate(capacity: secretaryCount)
    var made: [RaftNode] = []
    for id in members {
      var node = try RaftNode(
        id: id, state: DurableState(bootstrap: configuration), settings: Settings(),
        random: RandomSource(seed: 1, stream: UInt64(id.rawValue)), now: .zero)
      node.setLocalities(ContiguousArray(repeating: here, count: nodeCount))
      made.append(node)
    }
    nodes.initialize(from: made, count: nodeCount)
    now = nodes[0].nextDeadline
    for place in 0..<secretaryCount {
      (secretaries + place).initialize(
        to: SecretaryNode(
          id: NodeID(UInt32(FleetGroup.firstSecretary + place)), incarnation: Incarnation(1),
          settings: SecretarySettings(locality: here), contacts: [NodeID(0)], now: now))
    }
    nodes[0].advance(to: now)
    endTurn(of: 0)
    deliverAll()
    precondition(nodes[0].role == .leader, "node 0 was not elected")
    enlist()
  }

  deinit {
    nodes.deinitialize(count: nodeCount)
    nodes.deallocate()
    secretaries.deinitialize(count: secretaryCount)
    secretaries.deallocate()
  }

  /// How many batches the leader has handed to secretaries.
  var batchesRelayed: Int { nodes[0].counters.batchesRelayed }

  /// Runs until at least this many more messages are delivered; returns how many were.
  mutating func run(messages: Int) -> Int {
    let start = delivered
    while delivered - start < messages { replicate() }
    return delivered - start
  }

  /// One turn of the leader with a batch of proposals, and everything that follows from it.
  private mutating func replicate() {
    now = now + .milliseconds(1)
    if nodes[0].nextDeadline <= now { nodes[0].advance(to: now) }
    enlist()
    nodes[0].proposeBatch()
    endTurn(of: 0)
    deliverAll()
  }

  private mutating func enlist() {
    for place in 0..<secretaryCount where secretaries[place].nextDeadline <= now {
      secretaries[place].advance(to: now)
      drainSecretary(place)
    }
    deliverAll()
  }

  private mutating func deliverAll() {
    while ring.count > 0 {
      let envelope = ring.removeFirst()
      let slot = envelope.receiver.slot
      delivered += 1
      if slot >= FleetGroup.firstSecretary {
        secretaries[slot - FleetGroup.firstSecretary].receive(envelope, at: now)
        drainSecretary(slot - FleetGroup.firstSecretary)
      } else {
        nodes[slot].receive(envelope, at: now)
        if nodes[slot].role == .leader { nodes[slot].drain(into: &ring, at: now) } else { endTurn(of: slot) }
      }
    }
  }

  private mutating func drainSecretary(_ place: Int) {
    let secretary = secretaries + place
    secretary.pointee.endTurn(at: now)
    for message in secretary.pointee.messages.indices { ring.append(secretary.pointee.messages[message]) }
    secretary.pointee.messages.removeAll(keepingCapacity: true)
  }

  private mutating func endTurn(of slot: Int) {
    nodes[slot].endTurn(at: now)
    nodes[slot].drain(into: &ring, at: now)
  }
}
