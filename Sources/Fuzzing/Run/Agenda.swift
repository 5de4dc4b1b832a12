import Emulation
import Raft

/// What is still to be done in a run, earliest first and, at one instant, in the order it was put down.
struct Agenda {
  /// Something to do.
  enum Item {
    /// Begin a trouble of the plan.
    case begin(Trouble)
    /// Start a machine that is down.
    case restart(NodeID)
    /// Give up waiting for a machine to crash at a write, or start it if it did.
    case disarmAndRestart(NodeID)
    /// Let a machine that stands still go on.
    case resume(NodeID)
    /// Cut a node off from the other nodes, but not from clients, for a while.
    case cutOff(NodeID, TimeSpan)
    /// Keep a node from hearing the other nodes for a while.
    case deafen(NodeID, TimeSpan)
    /// End a partition.
    case heal(PartitionID)
    /// Make the links as they were drawn.
    case restoreLinks
    /// Let a disk work as it should.
    case restoreDisk(NodeID)
    /// Take a machine of the fleet away.
    case revoke(NodeID)
    /// Put a new member in the place of one that lost its disk.
    case replace(NodeID, by: NodeID)
  }

  private var items: [(at: Instant, item: Item)] = []

  /// When the next item is due.
  var next: Instant { items.first?.at ?? .distantFuture }

  mutating func add(_ item: Item, at instant: Instant) {
    let place = items.firstIndex { $0.at > instant } ?? items.count
    items.insert((instant, item), at: place)
  }

  /// The next item if it is due.
  mutating func take(dueAt now: Instant) -> Item? {
    guard let first = items.first, first.at <= now else { return nil }
    return items.removeFirst().item
  }

  /// Forgets everything but replacements of members, which go on when the faults have stopped.
  mutating func endTroubles() {
    items.removeAll { entry in
      if case .replace = entry.item { false } else { true }
    }
  }

  /// Forgets the replacements, too.
  mutating func endReplacements() { items.removeAll() }
}
