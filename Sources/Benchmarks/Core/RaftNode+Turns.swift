import Raft

/// What a host does around a node, with nothing in its way: disks finish at once, and nothing is applied to.
extension RaftNode {
  /// Logs are compacted when they hold this many applied entries.
  private static let compactionLength = 1_024
  /// Commands are shared as decoded messages would be; making them is not the core's work.
  private static let batch = (0..<8).map { [UInt8](repeating: UInt8($0), count: 128) }

  /// Proposes 8 commands of 128 bytes.
  @inline(__always)
  mutating func proposeBatch() {
    for command in RaftNode.batch {
      do {
        _ = try propose(command)
      } catch {
        preconditionFailure("a proposal was refused: \(error)")
      }
    }
  }

  /// Does what the node wants: writes are durable at once, messages are queued, entries are applied.
  @inline(__always)
  mutating func drain(into ring: inout MessageRing, at now: Instant) {
    if let last = effects.writes.last {
      effects.writes.removeAll(keepingCapacity: true)
      writesCompleted(through: last.sequence, at: now)
    }
    // A single message, which most steps leave, is moved; several are copied.
    if effects.messages.count == 1 {
      ring.append(effects.messages.removeLast())
    } else {
      for place in effects.messages.indices { ring.append(effects.messages[place]) }
    }
    effects.removeAll()
    let applicable = applicableIndex
    if applicable > appliedIndex {
      applied(through: applicable, at: now)
      if applicable - firstIndex > RaftNode.compactionLength {
        compact(snapshotAt: applicable, keepingFrom: applicable.next)
      }
    }
  }
}
