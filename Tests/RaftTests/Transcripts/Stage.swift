@testable import Raft

/// Nodes on a stage: their disks and state machines, the messages between them and one clock, all moved by commands.
///
/// Everything that happens is printed: a line for each step, and indented lines for what the node made of it.
struct Stage {
  struct Machine {
    var node: RaftNode
    var disk: DurableState
    /// The state machine as it was at the stored snapshot.
    var snapshotBytes: [UInt8] = []
    /// What the disk has not done yet, in order.
    var waiting: [DiskItem] = []
    /// The bytes of a snapshot that is arriving.
    var staged: [UInt8] = []
    /// The state machine: the commands applied, or restored from the snapshot at that index.
    var state: [(index: LogIndex, text: String)] = []
    var isUp = true
    var persistsAlone = true
    var appliesAlone = true
    /// The commit index printed last.
    var shownCommit = LogIndex.zero
    var invariants = Invariants()
  }

  enum DiskItem {
    case write(Write)
    case install(SnapshotDescription)
  }

  var settings = Settings()
  var now = Instant.zero
  /// By slot; slots that no node has are empty.
  var machines: [Machine?] = []
  var mailbox: [Envelope] = []
  /// Messages under way that only `release` moves on.
  var held: [Envelope] = []
  /// Links that lose everything, as pairs of slots.
  var cuts: [(from: Int, to: Int)] = []
  var lines: [String] = []
  var safety = Safety()

  var slots: [Int] { machines.indices.filter { machines[$0] != nil } }

  var running: [Int] { slots.filter { machines[$0]!.isUp } }

  subscript(slot: Int) -> Machine {
    get { machines[slot]! }
    set { machines[slot] = newValue }
  }

  // MARK: Starting and stopping

  /// Starts a node from its disk; one that refuses to start stays down.
  mutating func start(_ slot: Int, from disk: DurableState, snapshotBytes: [UInt8] = []) throws {
    while machines.count <= slot { machines.append(nil) }
    let before = machines[slot]
    let node = try RaftNode(
      id: n(slot), state: disk, settings: settings, random: RandomSource(seed: 1, stream: UInt64(slot)), now: now)
    var machine = Machine(node: node, disk: disk, snapshotBytes: snapshotBytes)
    machine.state = Stage.restore(snapshotBytes, at: disk.snapshot.last.index)
    machine.persistsAlone = before?.persistsAlone ?? true
    machine.appliesAlone = before?.appliesAlone ?? true
    machine.shownCommit = node.commitIndex
    machines[slot] = machine
  }

  /// Stops a node: of what its disk had not done, the first `kept` items turn out to be done.
  mutating func crash(_ slot: Int, kept: Int) {
    for item in self[slot].waiting.prefix(kept) { store(item, at: slot) }
    self[slot].waiting = []
    self[slot].isUp = false
  }

  // MARK: Steps

  /// One input to one node, and everything that follows from it there.
  mutating func step(_ title: String, at slot: Int, _ body: (inout RaftNode, Instant) -> Void) throws {
    lines.append(title)
    body(&self[slot].node, now)
    settle(slot)
    let node = self[slot].node
    if let broken = self[slot].invariants.check(node) { throw ScriptError("\(slot): \(broken)") }
    try safety.check(self)
  }

  mutating func deliver(_ envelope: Envelope) throws {
    let from = envelope.from.slot
    let to = envelope.to.slot
    guard to < machines.count, let machine = machines[to], machine.isUp,
      !cuts.contains(where: { $0 == (from, to) })
    else {
      lines.append("lost \(envelope.words)")
      return
    }
    try step("deliver \(envelope.words)", at: to) { node, now in node.receive(envelope, at: now) }
  }

  /// Lets the node's disk finish the first `count` items; whether there were any.
  @discardableResult
  mutating func persist(_ slot: Int, count: Int = .max) throws -> Bool {
    let items = self[slot].waiting.prefix(count)
    for item in items {
      self[slot].waiting.removeFirst()
      store(item, at: slot)
      switch item {
      case .write(let write):
        try step("persist \(slot) #\(write.sequence.rawValue)", at: slot) { node, now in
          node.writesCompleted(through: write.sequence, at: now)
        }
      case .install(let description):
        try step("persist \(slot) snapshot at \(description.last)", at: slot) { node, now in
          node.snapshotInstalled(description, at: now)
        }
      }
    }
    return !items.isEmpty
  }

  /// Applies what may be applied up to an index; whether there was anything.
  @discardableResult
  mutating func apply(_ slot: Int, through limit: LogIndex = LogIndex(.max)) throws -> Bool {
    var wasIdle = true
    while let index = nextToApply(slot), index <= limit {
      wasIdle = false
      let entry = self[slot].node.entry(at: index)
      run(entry, index, at: slot)
      try step("apply \(slot) \(index)@\(entry.term) \(entry.words)", at: slot) { node, now in
        node.applied(through: index, at: now)
      }
    }
    return !wasIdle
  }

  /// Delivers, persists and applies among the nodes until nothing is left to do; returns how many messages moved.
  mutating func stabilize(_ slots: [Int]) throws -> Int {
    var moved = 0
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      let batch = mailbox.filter { slots.contains($0.to.slot) && slots.contains($0.from.slot) }
      mailbox.removeAll { slots.contains($0.to.slot) && slots.contains($0.from.slot) }
      for envelope in batch { try deliver(envelope) }
      moved += batch.count
      if !batch.isEmpty { isQuiet = false }
      for slot in slots where self[slot].isUp {
        if try persist(slot) { isQuiet = false }
        if try apply(slot) { isQuiet = false }
      }
      if moved > 2_000 { throw ScriptError("the group never falls silent") }
    }
    return moved
  }
}
