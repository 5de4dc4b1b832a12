@testable import Raft

/// Commands that only look.
extension Interpreter {
  /// status [1,2]
  mutating func status(_ arguments: inout Arguments) throws {
    for slot in try nodes(&arguments) {
      stage.lines.append(stage[slot].isUp ? stage[slot].node.words : "\(slot) down")
    }
  }

  /// log [1,2]
  mutating func log(_ arguments: inout Arguments) throws {
    for slot in try nodes(&arguments) {
      let node = stage[slot].node
      let entries = stride(from: node.firstIndex.rawValue, through: node.lastPosition.index.rawValue, by: 1)
        .map { node.entry(at: LogIndex($0)) }
      stage.lines.append("\(slot) \(list(entries[...], after: node.firstIndex.previous))")
    }
  }

  /// progress 1
  mutating func progress(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    let node = stage[slot].node
    guard node.role == .leader else { throw ScriptError("node \(slot) does not lead") }
    for member in node.progress.indices where node.progress[member].isMember {
      stage.lines.append(node.progressWords(of: member))
    }
  }

  /// config [1,2]
  mutating func config(_ arguments: inout Arguments) throws {
    for slot in try nodes(&arguments) { stage.lines.append("\(slot) \(stage[slot].node.configuration.words)") }
  }

  /// state [1,2]: what the state machines hold
  mutating func state(_ arguments: inout Arguments) throws {
    for slot in try nodes(&arguments) {
      let texts = stage[slot].state.map(\.text)
      stage.lines.append((["\(slot) applied=\(stage[slot].node.appliedIndex)"] + texts).joined(separator: " "))
    }
  }

  /// disk [1,2]: what a restart would find
  mutating func disk(_ arguments: inout Arguments) throws {
    for slot in try nodes(&arguments) {
      let disk = stage[slot].disk
      let hard = disk.hardState
      stage.lines.append(
        "\(slot) term=\(hard.term) vote=\(number(hard.vote)) commit=\(hard.commit) snapshot=\(disk.snapshot.last) "
          + list(disk.entries[...], after: disk.snapshot.last.index))
    }
  }

  /// messages [which]: those under way
  mutating func messages(_ arguments: inout Arguments) throws {
    let places = try Selector(&arguments).places(in: stage.mailbox)
    if places.isEmpty { stage.lines.append("no such message") }
    for place in places { stage.lines.append(stage.mailbox[place].words) }
  }
}
