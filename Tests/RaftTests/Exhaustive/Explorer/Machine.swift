@testable import Raft

/// A node and its host: what is on the disk, and what is on the way to it.
struct Machine {
  var node: RaftNode
  var disk: DurableState
  var writes: [Write] = []

  /// What can happen to a machine.
  enum Input: Equatable {
    /// A message arrives.
    case deliver(Envelope)
    /// The election timer fires, or the heartbeat timer of a leader.
    case timeOut
    /// The first waiting write is durable, and the node is told.
    case persist
    /// The machine crashes when so many of the waiting writes are durable, and starts again.
    case reboot(kept: Int)
    /// The leader is given a command.
    case propose(UInt8)
    /// The leader is given a change of the configuration.
    case change(ConfigurationChange)
    /// The next entry is applied.
    case apply
  }

  init(slot: Int, disk: DurableState, bounds: Bounds) throws(RecoveryRefusal) {
    self.disk = disk
    node = try RaftNode(
      id: n(slot), state: disk, settings: bounds.settings, random: RandomSource(seed: 0), now: .zero)
  }

  /// Takes one input as a whole turn and returns what it sends; throws what must never happen.
  mutating func take(_ input: Input, bounds: Bounds) throws -> [Envelope] {
    var sent: [Envelope] = []
    switch input {
    case .deliver(let envelope): node.receive(envelope, at: .zero)
    case .timeOut: node.advance(to: .zero)
    case .persist: persist()
    case .propose(let number): _ = try? node.propose([number])
    case .change(let change): _ = try? node.propose(change)
    case .apply: node.applied(through: node.appliedIndex.next, at: .zero)
    case .reboot(let kept):
      for write in writes.prefix(kept) { disk.store(write) }
      self = try Machine(slot: node.id.slot, disk: disk, bounds: bounds)
    }
    settle(bounds, &sent)
    // Buffers that are kept for the next turn would be kept once for every state.
    node.effects = Effects()
    return sent
  }

  /// The host's part of a turn.
  private mutating func settle(_ bounds: Bounds, _ sent: inout [Envelope]) {
    node.endTurn(at: .zero)
    repeat {
      sent += node.effects.messages
      writes += node.effects.writes
      node.effects.removeAll()
      if bounds.writesAtOnce { while !writes.isEmpty { persist() } }
      if !bounds.appliesLate { node.applied(through: node.applicableIndex, at: .zero) }
      node.endTurn(at: .zero)
    } while !node.effects.isEmpty
  }

  private mutating func persist() {
    let write = writes.removeFirst()
    disk.store(write)
    node.writesCompleted(through: write.sequence, at: .zero)
  }
}
