@testable import Raft

/// Commands about nodes, their disks and their state machines.
extension Interpreter {
  /// group voters=1,2,3 [learners=4] [spare=5] [settings...]
  mutating func group(_ arguments: inout Arguments) throws {
    guard stage.machines.isEmpty else { throw ScriptError("there is a group already") }
    let voters = try arguments.nodes("voters")
    let learners = try arguments.nodes("learners")
    let spare = try arguments.nodes("spare")
    let all = (voters + learners + spare).sorted()
    guard !voters.isEmpty, Set(all).count == all.count, all.allSatisfy({ (1...7).contains($0) }) else {
      throw ScriptError("a group has voters, and its nodes are different numbers from 1 to 7")
    }
    stage.settings = try settings(&arguments)
    let modes = try (mode("persist", &arguments) ?? true, mode("apply", &arguments) ?? true)
    let configuration = Configuration(voters: voters.map(n), learners: learners.map(n))
    for slot in all {
      let isSpare = spare.contains(slot)
      try stage.start(
        slot, from: DurableState(bootstrap: isSpare ? Configuration(voters: []) : configuration))
      stage[slot].persistsAlone = modes.0
      stage[slot].appliesAlone = modes.1
    }
  }

  private func settings(_ arguments: inout Arguments) throws -> Settings {
    let switches = [("on", true), ("off", false)]
    var settings = Settings()
    // Timeouts without chance, so that times can be followed by hand.
    let timeout = try arguments.span("timeout") ?? .milliseconds(1_000)
    settings.electionTimeout = timeout...timeout
    settings.heartbeatInterval = try arguments.span("heartbeat") ?? .milliseconds(100)
    settings.usesPreVote = try arguments.choice("prevote", switches) ?? true
    settings.checksQuorum = try arguments.choice("checkquorum", switches) ?? true
    settings.maximumEntriesPerMessage = try arguments.number("entries") ?? settings.maximumEntriesPerMessage
    settings.maximumInflightMessages = try arguments.number("inflight") ?? settings.maximumInflightMessages
    settings.maximumUncommittedBytes = try arguments.number("uncommitted") ?? settings.maximumUncommittedBytes
    settings.snapshotChunkBytes = try arguments.number("chunk") ?? settings.snapshotChunkBytes
    settings.promotionLag = try arguments.number("lag") ?? settings.promotionLag
    settings.readBatchInterval = try arguments.span("batch") ?? .zero
    settings.commitStallTimeout = try arguments.span("stall")
    if let drift = try arguments.number("lease") {
      settings.readConfirmation = .lease(clockDriftPartsPerMillion: drift)
    }
    return settings
  }

  /// Whether something happens by itself.
  private func mode(_ name: String, _ arguments: inout Arguments) throws -> Bool? {
    try arguments.choice(name, [("auto", true), ("manual", false)])
  }

  /// boot 1 term=3 [vote=2] [commit=1] [log=1*3,2]
  mutating func boot(_ arguments: inout Arguments) throws {
    let slot = try known(arguments.node())
    let terms = try arguments.option("log").map(Arguments.terms) ?? []
    // As leaders do, the first entry of a term is empty; the others are named after their place.
    let entries = terms.enumerated().map { place, term in
      let isFirst = place == 0 || terms[place - 1] != term
      return Entry(term: Term(term), payload: isFirst ? .empty : .command(bytes("\(place + 1).\(term)")))
    }
    var disk = stage[slot].disk
    disk.entries = entries
    disk.hardState = HardState(
      term: Term(UInt64(try arguments.number("term") ?? 0)), vote: try arguments.number("vote").map(n),
      commit: LogIndex(UInt64(try arguments.number("commit") ?? 0)))
    try start(slot, disk)
  }

  /// crash 2 [kept=1]
  mutating func crash(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    stage.crash(slot, kept: try arguments.number("kept") ?? 0)
  }

  /// restart 2
  mutating func restart(_ arguments: inout Arguments) throws {
    let slot = try known(arguments.node())
    guard !stage[slot].isUp else { throw ScriptError("node \(slot) is up") }
    try start(slot, stage[slot].disk)
  }

  private mutating func start(_ slot: Int, _ disk: DurableState) throws {
    do {
      try stage.start(slot, from: disk, snapshotBytes: stage[slot].snapshotBytes)
      try stage.step(stage[slot].node.words, at: slot) { _, _ in }
    } catch let refusal as RecoveryRefusal {
      stage[slot].isUp = false
      stage.lines.append("\(slot) refuses to start: \(refusal.words)")
    }
  }

  /// persist 1 [count=1], or persist 1 manual
  mutating func persist(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    if try setMode(\.persistsAlone, of: slot, &arguments) { return }
    if try !stage.persist(slot, count: arguments.number("count") ?? .max) { stage.lines.append("nothing to persist") }
  }

  /// fail 1
  mutating func failDisk(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    try stage.step("fail \(slot)", at: slot) { node, now in node.writeFailed(at: now) }
  }

  /// apply 1 [through=3], or apply 1 manual
  mutating func apply(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    if try setMode(\.appliesAlone, of: slot, &arguments) { return }
    let limit = LogIndex(UInt64(try arguments.number("through") ?? .max))
    if try !stage.apply(slot, through: limit) { stage.lines.append("nothing to apply") }
  }

  private mutating func setMode(
    _ mode: WritableKeyPath<Stage.Machine, Bool>, of slot: Int, _ arguments: inout Arguments
  ) throws -> Bool {
    if arguments.flag("manual") {
      stage[slot][keyPath: mode] = false
    } else if arguments.flag("auto") {
      stage[slot][keyPath: mode] = true
    } else {
      return false
    }
    return true
  }

  /// compact 1 [at=5] [keep=3]
  mutating func compact(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    let applied = stage[slot].node.appliedIndex
    let index = LogIndex(UInt64(try arguments.number("at") ?? Int(applied.rawValue)))
    let first = try arguments.number("keep").map { LogIndex(UInt64($0)) } ?? index.next
    guard index <= applied, index > stage[slot].node.snapshot.last.index else {
      throw ScriptError("\(index) is not applied, or is in the snapshot already")
    }
    stage[slot].snapshotBytes = stage.image(of: slot, at: index)
    try stage.step("compact \(slot)", at: slot) { node, _ in node.compact(snapshotAt: index, keepingFrom: first) }
    let node = stage[slot].node
    stage[slot].disk.compact(to: node.snapshot, first: node.firstIndex)
    stage.lines.append(
      "  snapshot \(node.snapshot.words) bytes=\(quoted(stage[slot].snapshotBytes)) first=\(node.firstIndex)")
  }

  /// refuse 3: the snapshot that arrived cannot be restored
  mutating func refuse(_ arguments: inout Arguments) throws {
    let slot = try node(&arguments)
    guard case .install(let description) = stage[slot].waiting.first else {
      throw ScriptError("node \(slot) has no snapshot to restore next")
    }
    stage[slot].waiting.removeFirst()
    try stage.step("refuse \(slot) snapshot at \(description.last)", at: slot) { node, now in
      node.snapshotRefused(description, at: now)
    }
  }
}
