@testable import Raft

/// Commands that give a node its inputs: time, proposals, changes, transfers and reads.
extension Interpreter {
  private var clock: String { "\(stage.now.nanoseconds / 1_000_000)ms" }

  // MARK: Time

  /// campaign 1: the clock moves on to the node's election timeout, and the node alone notices
  mutating func campaign(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    guard stage[slot].node.role != .leader else { throw ScriptError("node \(slot) leads") }
    guard stage[slot].node.fault == nil else { throw ScriptError("node \(slot) has stopped") }
    stage.now = max(stage.now, stage[slot].node.nextDeadline)
    try stage.step("campaign \(slot) at \(clock)", at: slot) { node, now in node.advance(to: now) }
  }

  /// elect 1: it campaigns and everything settles, without a word but the result
  mutating func elect(_ arguments: inout Arguments) throws {
    let mark = stage.lines.count
    var copy = arguments
    try campaign(&arguments)
    _ = try stage.stabilize(stage.slots)
    stage.lines.removeSubrange(mark...)
    let slot = try node(&copy)
    guard stage[slot].node.role == .leader else { throw ScriptError("node \(slot) was not elected") }
    stage.lines.append(stage[slot].node.words)
  }

  /// tick 1,2 300ms: the clock moves on, and these nodes notice
  mutating func tick(_ arguments: inout Arguments) throws {
    let slots = try nodes(&arguments)
    stage.now = stage.now + (try arguments.span())
    for slot in slots where stage[slot].isUp {
      try stage.step("tick \(slot) at \(clock)", at: slot) { node, now in node.advance(to: now) }
    }
  }

  /// wait 300ms: the clock moves on, and nobody is told
  mutating func wait(_ arguments: inout Arguments) throws {
    stage.now = stage.now + (try arguments.span())
  }

  /// run 500ms [1,2] [quiet]: time passes for these nodes, timers fire when they are due, and messages arrive at once
  mutating func run(_ arguments: inout Arguments) throws {
    let end = stage.now + (try arguments.span())
    let isQuiet = arguments.flag("quiet")
    let slots = try nodes(&arguments)
    let mark = stage.lines.count
    var moved = try stage.stabilize(slots)
    var ticks = 0
    while let slot = slots.filter({ stage[$0].isUp })
      .min(by: { stage[$0].node.nextDeadline < stage[$1].node.nextDeadline }), stage[slot].node.nextDeadline <= end
    {
      ticks += 1
      if ticks > 2_000 { throw ScriptError("the timers of node \(slot) never rest") }
      stage.now = max(stage.now, stage[slot].node.nextDeadline)
      try stage.step("tick \(slot) at \(clock)", at: slot) { node, now in node.advance(to: now) }
      moved += try stage.stabilize(slots)
    }
    stage.now = end
    if isQuiet {
      stage.lines.removeSubrange(mark...)
      stage.lines.append("\(moved) messages moved")
    }
  }

  // MARK: Clients

  /// propose 1 a b c: in one turn
  mutating func propose(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    var commands: [String] = []
    while let word = arguments.word() { commands.append(word) }
    if commands.isEmpty { throw ScriptError("propose what?") }
    try stage.step("propose \(slot) \(commands.joined(separator: " "))", at: slot) { _, _ in }
    for command in commands {
      do {
        let place = try stage[slot].node.propose(bytes(command))
        stage.lines.append("  at \(place)")
      } catch {
        stage.lines.append("  refused: \(error.words)")
      }
    }
    try follow(slot)
  }

  /// change 1 [voter=4] [learner=5] [remove=2] [transition=joint|joint-until-told]
  mutating func change(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    var steps: [ConfigurationChange.Step] = []
    while let option = arguments.next(of: ["voter", "learner", "remove"]) {
      for target in try Arguments.nodes(option.value).map(n) {
        switch option.name {
        case "voter": steps.append(.addVoter(target))
        case "learner": steps.append(.addLearner(target))
        default: steps.append(.remove(target))
        }
      }
    }
    let kinds: [(String, ConfigurationChange.Transition)] = [
      ("auto", .automatic), ("joint", .jointThenLeave), ("joint-until-told", .jointUntilTold),
    ]
    let transition = try arguments.choice("transition", kinds) ?? .automatic
    if steps.isEmpty { throw ScriptError("change what?") }
    try propose(ConfigurationChange(steps, transition: transition), at: slot)
  }

  /// leave 1: leave the joint configuration
  mutating func leave(_ arguments: inout Arguments) throws { try propose(.leaveJoint, at: node(&arguments)) }

  private mutating func propose(_ change: ConfigurationChange, at slot: Int) throws {
    stage.lines.append("propose \(slot) \(Entry(term: .zero, payload: .configuration(change)).words)")
    do {
      let place = try stage[slot].node.propose(change)
      stage.lines.append("  at \(place)")
    } catch {
      stage.lines.append("  refused: \(error.words)")
    }
    try follow(slot)
  }

  /// transfer 1->2
  mutating func transfer(_ arguments: inout Arguments) throws {
    guard let link = try arguments.link(), let from = link.from?.first, let to = link.to?.first else {
      throw ScriptError("a transfer is written 1->2")
    }
    guard stage.running.contains(from) else { throw ScriptError("node \(from) is down") }
    stage.lines.append("transfer \(from)->\(to) at \(clock)")
    do {
      try stage[from].node.transferLeadership(to: n(to), at: stage.now)
    } catch {
      stage.lines.append("  refused: \(error.words)")
    }
    try follow(from)
  }

  /// read 2 id=7
  mutating func read(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    guard let id = try arguments.number("id") else { throw ScriptError("a read has an id=") }
    try stage.step("read \(slot) id=\(id) at \(clock)", at: slot) { node, now in
      node.requestReadIndex(ReadID(UInt64(id)), at: now)
    }
  }

  /// Ends the turn of a node whose step is printed already.
  private mutating func follow(_ slot: Int) throws {
    let mark = stage.lines.count
    try stage.step("", at: slot) { _, _ in }
    stage.lines.remove(at: mark)
  }
}
