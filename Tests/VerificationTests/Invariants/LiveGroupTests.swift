import Raft
import Testing

@testable import Verification

/// A small group of real nodes with a network that loses and reorders, disks that take time, and crashes.
private struct LiveGroup {
  struct Delivery {
    var at: Instant
    var envelope: Envelope
  }

  struct Disk {
    var state: DurableState
    var pending: [(at: Instant, write: Write)] = []

    mutating func complete(_ write: Write) {
      if let hardState = write.hardState { state.hardState = hardState }
      state.entries.removeLast(state.snapshot.last.index + state.entries.count + 1 - write.firstIndex)
      state.entries.append(contentsOf: write.entries)
    }
  }

  var random: RandomSource
  var now = Instant.zero
  var nodes: [RaftNode] = []
  var disks: [Disk] = []
  var incarnations: [Int] = []
  var network: [Delivery] = []
  var checker = InvariantChecker()
  var violation: InvariantViolation?
  /// How many entries at the log's end a crash takes along although they were durable: none on a sound disk.
  var forgets = 0
  var committed = LogIndex.zero
  var leaders = 0

  init(seed: UInt64) throws {
    random = RandomSource(seed: seed)
    let configuration = Configuration(voters: (0..<3).map { NodeID($0) })
    for slot in 0..<3 as Range<UInt32> {
      disks.append(Disk(state: DurableState(bootstrap: configuration)))
      nodes.append(try start(NodeID(slot)))
      incarnations.append(0)
    }
  }

  mutating func start(_ id: NodeID) throws -> RaftNode {
    try RaftNode(id: id, state: disks[id.slot].state, settings: Settings(), random: random.split(), now: now)
  }

  /// Lets a millisecond pass.
  mutating func step() throws {
    now = now + .milliseconds(1)
    let due = network.filter { $0.at <= now }
    network.removeAll { $0.at <= now }
    for delivery in due {
      nodes[delivery.envelope.to.slot].receive(delivery.envelope, at: now)
      endTurn(delivery.envelope.to.slot)
    }
    for slot in nodes.indices {
      while let first = disks[slot].pending.first, first.at <= now {
        disks[slot].pending.removeFirst()
        disks[slot].complete(first.write)
        nodes[slot].writesCompleted(through: first.write.sequence, at: now)
      }
      if nodes[slot].nextDeadline <= now { nodes[slot].advance(to: now) }
      if nodes[slot].role == .leader, random.next(below: 20) == 0 {
        _ = try? nodes[slot].propose([UInt8(truncatingIfNeeded: random.next())])
      }
      if random.next(below: 1_500) == 0 {
        try restart(slot)
      } else {
        endTurn(slot)
      }
    }
  }

  private mutating func restart(_ slot: Int) throws {
    disks[slot].pending.removeAll()
    disks[slot].state.entries.removeLast(min(forgets, disks[slot].state.entries.count))
    if forgets > 0 { disks[slot].state.hardState.commit = .zero }
    nodes[slot] = try start(NodeID(UInt32(slot)))
    incarnations[slot] += 1
    observe(slot)
  }

  private mutating func endTurn(_ slot: Int) {
    nodes[slot].endTurn(at: now)
    for event in nodes[slot].effects.events {
      if case .roleChanged(.leader, _) = event { leaders += 1 }
    }
    for write in nodes[slot].effects.writes {
      let start = max(disks[slot].pending.last?.at ?? now, now)
      disks[slot].pending.append((start + .milliseconds(Int64(random.next(below: 4))), write))
    }
    for envelope in nodes[slot].effects.messages {
      violation = violation ?? checker.observe(sent: envelope)
      guard random.next(below: 12) != 0 else { continue }
      network.append(Delivery(at: now + .milliseconds(Int64(5 + random.next(below: 60))), envelope: envelope))
    }
    nodes[slot].effects.removeAll()
    nodes[slot].applied(through: nodes[slot].applicableIndex, at: now)
    committed = max(committed, nodes[slot].commitIndex)
    observe(slot)
  }

  private mutating func observe(_ slot: Int) {
    violation = violation ?? checker.observe(nodes[slot], incarnation: incarnations[slot])
  }
}

@Test(
  "The invariants hold on real nodes through losses, slow disks and crashes", arguments: 1...4 as ClosedRange<UInt64>)
func soundGroup(seed: UInt64) throws {
  var group = try LiveGroup(seed: seed)
  for _ in 0..<8_000 {
    try group.step()
    guard group.violation == nil else { break }
  }
  #expect(group.violation == nil, "\(group.violation?.description ?? "")")
  for node in group.nodes { #expect(group.checker.audit(node) == nil) }
  #expect(group.committed > LogIndex(50))
  #expect(group.leaders > 1)
}

@Test("Disks that lose what was durable are found out")
func forgetfulDisks() throws {
  var found: [Invariant] = []
  for seed in 1...4 as ClosedRange<UInt64> {
    var group = try LiveGroup(seed: seed)
    group.forgets = 3
    for _ in 0..<8_000 where group.violation == nil { try group.step() }
    if let violation = group.violation { found.append(violation.invariant) }
  }
  #expect(
    found == [.durableAcknowledgement, .durableAcknowledgement, .durableAcknowledgement, .durableAcknowledgement])
}
