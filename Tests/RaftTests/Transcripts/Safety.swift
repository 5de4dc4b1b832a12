@testable import Raft

/// What must hold on every stage after every step, whatever a transcript expects (Raft thesis, figure 3.2).
struct Safety {
  private var leaders: [Term: NodeID] = [:]
  /// What is committed, from index 1 on, as first seen anywhere.
  private var committed: [Entry] = []

  mutating func check(_ stage: Stage) throws {
    for slot in stage.running where stage[slot].node.fault == nil { try check(slot, of: stage) }
    for (place, slot) in stage.running.enumerated() {
      for other in stage.running.dropFirst(place + 1) { try compare(stage[slot].node, stage[other].node) }
    }
  }

  /// Election safety, leader completeness, and that nothing committed is ever contradicted or applied otherwise.
  private mutating func check(_ slot: Int, of stage: Stage) throws {
    let node = stage[slot].node
    var index = max(node.firstIndex, LogIndex(1))
    while index <= node.commitIndex {
      let entry = node.entry(at: index)
      let place = Int(index.rawValue) - 1
      if place == committed.count { committed.append(entry) }
      if place < committed.count, committed[place] != entry { throw ScriptError("\(slot) commits another \(index)") }
      index = index.next
    }
    if node.role == .leader {
      if let other = leaders[node.term], other != node.id { throw ScriptError("two leaders in t\(node.term)") }
      if leaders.updateValue(node.id, forKey: node.term) == nil { try checkCompleteness(node) }
    }
    let expected = committed.prefix(Int(node.appliedIndex.rawValue)).compactMap { entry in
      if case .command(let bytes) = entry.payload { String(decoding: bytes, as: UTF8.self) } else { nil as String? }
    }
    let found = stage[slot].state.map(\.text)
    if found != expected { throw ScriptError("the state machine of \(slot) holds \(found), not \(expected)") }
  }

  private func checkCompleteness(_ leader: RaftNode) throws {
    for (place, entry) in committed.enumerated() {
      let index = LogIndex(UInt64(place + 1))
      guard index >= leader.firstIndex else { continue }
      if index > leader.lastPosition.index || leader.entry(at: index) != entry {
        throw ScriptError("leader \(leader.id.rawValue) of t\(leader.term) lacks the committed entry \(index)")
      }
    }
  }

  /// Log matching: logs that agree on a position agree on the entry there and on everything before it.
  private func compare(_ left: RaftNode, _ right: RaftNode) throws {
    let first = max(left.firstIndex, right.firstIndex)
    var index = min(left.lastPosition.index, right.lastPosition.index)
    var agreed = false
    while index >= first, index > .zero {
      let isEqual = left.term(at: index) == right.term(at: index)
      if isEqual ? left.entry(at: index) != right.entry(at: index) : agreed {
        throw ScriptError("the logs of \(left.id.rawValue) and \(right.id.rawValue) do not match at \(index)")
      }
      agreed = agreed || isEqual
      index = index.previous
    }
  }
}
