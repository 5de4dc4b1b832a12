@testable import Raft

/// Every state that a small group can reach, breadth first: a model checker whose model is the code itself.
///
/// **A step** is one whole turn of one machine: one input to the real ``RaftNode``, the end of the turn, and what the host
/// does with the effects. The inputs are: a message arrives; the election timer fires, in any term below the bound; a
/// leader's heartbeat timer fires; the first waiting write is durable and the node is told; a command or a change of the
/// configuration is proposed to a leader; the next entry is applied (where configurations change; otherwise at once); the
/// machine crashes with any number of its waiting writes on the disk and starts again from there. One that stays down
/// for a while is one that hears nothing meanwhile, so that a crash and the start after it are one step.
///
/// **The network** is the set of all messages ever sent. Any of them may arrive at any time, in any order, any number of
/// times or never: loss, delay, repetition, reordering and partition are all there, and none of them is bounded.
///
/// **Bounds** (``Bounds``): terms, commands, crashes, heartbeats beside those of new leaders, changes each once. Log
/// lengths follow: an empty entry for each term, the commands, the changes. Within them nothing else ends the search but
/// a depth or a number of states, if given.
///
/// **Abstracted**: time, which stands still with all spans zero, so that any timer may fire whenever its node is asked;
/// check quorum and leader stickiness, which rest on time, are off, and pre-vote is off unless asked for. The numbers
/// of writes, and rounds where nothing depends on them. States are told apart by 128 bits of what ``Machine/write(to:)``
/// says of each machine, and by the whole set of what was seen.
///
/// **Not there**: several inputs in one turn, compaction and snapshots, reads, leadership transfer, full windows.
///
/// **Checked after every step**: one leader per term, one vote of a node per term across crashes, log matching, leader
/// append-only, leader completeness, state machine safety, that what is committed is on the disks of a quorum (at the
/// commit, and ever after while the voters stay the same), ``Invariants``, and that no node stops for a fault.
///
/// What is spared, and why that loses nothing, stands at ``Reductions``.
struct Explorer {
  /// What an exploration found.
  struct Report {
    /// The states visited.
    var states = 0
    /// The different states of the machines and of what is committed among them, whatever is on the way and whatever
    /// the names of the nodes: no reduction changes this number.
    var machineTuples = 0
    /// The steps tried, those that led to a known state included.
    var transitions = 0
    /// The steps that lead to the states visited last; what changes no machine costs none.
    var depth = 0
    /// Whether nothing is left to visit within the bounds, other than the depth and the number of states.
    var isExhausted = false
    /// The different states of one machine, the sights, and the inputs that a node was run on.
    var machines = 0
    var sights = 0
    var nodeSteps = 0
    /// The broken rule, and a shortest way to where it is broken.
    var violation: String?
    var path: [String] = []
  }

  var table: StepTable
  let bounds: Bounds
  let reductions: Reductions

  private var known = LargestSets()
  /// The states of the machines met, up to the names of the nodes; kept apart only when `known` tells names apart.
  private var tuples = Set<StateDigest>()
  /// Each state's parent and the step from there, by the states' numbers.
  private(set) var origins: ContiguousArray<Origin> = []
  private var next = Frontier()
  private var report = Report()

  struct Origin {
    var parent: UInt32
    var slot: UInt8
    var action: UInt32
  }

  init(_ bounds: Bounds, reductions: Reductions = .all) {
    precondition(bounds.nodes <= 4 && bounds.voters <= bounds.nodes && bounds.terms <= 4 && bounds.changes.count <= 8)
    self.bounds = bounds
    self.reductions = reductions
    table = StepTable(
      bounds: bounds, renamings: bounds.isSymmetric ? Renaming.all(of: bounds.nodes) : [.identity(of: bounds.nodes)])
  }

  mutating func run() throws -> Report {
    let first = try firstState()
    _ = note(first)
    origins.append(Origin(parent: 0, slot: 0, action: 0))
    report.states = 1
    next.append(first)
    var frontier = Frontier()
    while next.count > 0, report.depth < bounds.depth, report.states < bounds.states {
      swap(&frontier, &next)
      next.removeAll()
      let number = origins.count - frontier.count
      for place in 0..<frontier.count where report.violation == nil {
        expand(frontier.state(place, nodes: bounds.nodes), number: number + place)
      }
      if report.violation != nil { break }
      if next.count > 0 { report.depth += 1 }
    }
    report.isExhausted = report.violation == nil && next.count == 0
    report.machineTuples = reductions.contains(.names) ? known.count : tuples.count
    report.machines = table.machines.count
    report.sights = table.sights.count
    report.nodeSteps = table.steps.count
    return report
  }

  mutating func firstState() throws -> GroupState {
    let machines = try bounds.start.enumerated().map { slot, disk in
      table.number(of: try Machine(slot: slot, disk: disk, bounds: bounds))
    }
    var seen = BitSet()
    for number in 0..<bounds.crashes { seen.insert(table.number(of: .crashLeft(number))) }
    for number in 0..<bounds.heartbeats { seen.insert(table.number(of: .heartbeatLeft(number))) }
    for number in bounds.changes.indices { seen.insert(table.number(of: .changeLeft(number))) }
    return GroupState(machines: machines, seen: seen)
  }

  // MARK: Steps

  /// Takes every step that is possible in a state.
  private mutating func expand(_ state: GroupState, number: Int) {
    for (slot, action, cost) in actions(in: state) where report.violation == nil {
      report.transitions += 1
      guard let (child, found) = step(state, slot: slot, action, cost: cost) else { continue }
      guard note(child) || found != nil else { continue }
      report.states += 1
      origins.append(Origin(parent: UInt32(number), slot: UInt8(slot), action: action.code))
      next.append(child)
      if let found {
        report.violation = found
        report.depth += 1
        report.path = path(to: origins.count - 1)
      }
    }
  }

  /// Everything that can happen in a state: to whom, what, and the sight that is used up by it.
  func actions(in state: GroupState) -> [(slot: Int, action: Action, cost: Int?)] {
    var actions: [(slot: Int, action: Action, cost: Int?)] = []
    var crash: Int?
    var beat: Int?
    var changes: [(number: Int, sight: Int)] = []
    for sight in state.seen.members {
      let facts = table.sightFacts[sight]
      if facts.isMessage, let slot = facts.slot { actions.append((slot, Action(.deliver, sight), nil)) }
      if facts.crashes { crash = sight }
      if facts.beats { beat = sight }
      if let number = facts.change { changes.append((number, sight)) }
    }
    for slot in 0..<bounds.nodes {
      let machine = table.facts[state.machines[slot]]
      if machine.mayCampaign { actions.append((slot, Action(.timeOut), nil)) }
      if machine.waitingWrites > 0 { actions.append((slot, Action(.persist), nil)) }
      if bounds.appliesLate, machine.canApply { actions.append((slot, Action(.apply), nil)) }
      if machine.isLeader {
        if let beat { actions.append((slot, Action(.timeOut), beat)) }
        if state.proposals < bounds.proposals { actions.append((slot, Action(.propose, state.proposals + 1), nil)) }
        for (number, sight) in changes { actions.append((slot, Action(.change, number), sight)) }
      }
      if let crash {
        for kept in 0...machine.waitingWrites { actions.append((slot, Action(.reboot, kept), crash)) }
      }
    }
    return actions
  }

  /// The state after a step and the rule that the step broke, if it did; nil when the step shows nothing new.
  mutating func step(
    _ state: GroupState, slot: Int, _ action: Action, cost: Int?, aside: (Int, ArraySlice<Int>) -> Void = { _, _ in }
  ) -> (GroupState, String?)? {
    let before = state.machines[slot]
    let place = table.step(of: before, on: action)
    let step = table.steps[place]
    if let flaw = table.flaws[place] { return (state, flaw) }
    let isClosed = reductions.contains(.closing) || step.first == step.end
    if step.machine == before, cost == nil, action.kind != .propose, isClosed { return nil }

    var child = state
    child.machines[slot] = step.machine
    if let cost { child.seen.remove(cost) }
    if action.kind == .propose { child.proposals += 1 }
    var news: [Int] = []
    let found =
      see(step, &child, news: &news)
      ?? SafetyCheck(group: child.machines.map { table.facts[$0] }, before: table.facts[before], bounds: bounds)
      .violation(at: slot, &child.committed)
      ?? settle(&child, child.seen.members(in: table.heard[slot]) + news, aside: aside)
    return (child, found)
  }

  /// Takes what is seen of a step into a state; the rule that it breaks, if it does.
  private func see(
    _ step: StepTable.Step, _ state: inout GroupState, except over: BitSet = BitSet(), news: inout [Int]
  ) -> String? {
    for place in step.first..<step.end {
      let sight = Int(table.outputs[place])
      guard !over.contains(sight), state.seen.insert(sight) else { continue }
      news.append(sight)
      guard table.sightFacts[sight].isClaim else { continue }
      for other in state.seen.members where table.sightFacts[other].isClaim {
        if let found = table.sights[sight].contradiction(to: table.sights[other]) { return found }
      }
    }
    return nil
  }

  /// Forgets what is over, and delivers what changes no machine and is only answered, until nothing more is said.
  ///
  /// Only what was said just now, or to the machine that has changed, needs to be looked at. `aside` is told what is
  /// answered on the side, and with what.
  private mutating func settle(
    _ state: inout GroupState, _ sights: [Int], aside: (Int, ArraySlice<Int>) -> Void
  ) -> String? {
    var sights = sights
    var over = BitSet()
    var place = 0
    while place < sights.count {
      let sight = sights[place]
      place += 1
      let facts = table.sightFacts[sight]
      guard let slot = facts.slot, state.seen.contains(sight) else { continue }
      let machine = state.machines[slot]
      let number = facts.isMessage ? table.step(of: machine, on: Action(.deliver, sight)) : 0
      let isOver = facts.isMessage ? table.steps[number].isOver : facts.voteTerm < table.facts[machine].storedTerm
      if isOver, reductions.contains(.forgetting) {
        state.seen.remove(sight)
        over.insert(sight)
      } else if facts.isMessage, reductions.contains(.closing), table.steps[number].machine == machine {
        let known = sights.count
        let found = table.flaws[number] ?? see(table.steps[number], &state, except: over, news: &sights)
        aside(sight, sights[known...])
        if let found { return found }
      }
    }
    return nil
  }

  // MARK: States that are known

  /// Takes note of a state; false when it, or one that stands for it, is known.
  private mutating func note(_ state: GroupState) -> Bool {
    let proposals = RandomSource.mix(UInt64(state.proposals))
    let rest = state.committed.digest &+ StateDigest(high: proposals, low: ~proposals)
    var (digest, places) = smallestDigest(of: state.machines)
    if !reductions.contains(.names) {
      tuples.insert(digest &+ rest)
      (digest, places) = (self.digest(of: state.machines, at: 0), [0])
    }
    var first: BitSet?
    for place in places {
      let seen = renamed(state.seen, by: place)
      if known.covers(seen, under: digest &+ rest, exactly: !reductions.contains(.covering)) { return false }
      first = first ?? seen
    }
    if let first { known.insert(first, under: digest &+ rest, dropsSmaller: reductions.contains(.covering)) }
    return true
  }

  private func digest(of machines: [Int], at place: Int) -> StateDigest {
    machines.reduce(.zero) { $0 &+ table.machineDigests[$1 * table.renamings.count + place] }
  }

  /// The smallest digest of the machines under any renaming, which is the same for all their names, and the renamings
  /// that have it.
  private func smallestDigest(of machines: [Int]) -> (StateDigest, [Int]) {
    var smallest = digest(of: machines, at: 0)
    var places = [0]
    for place in 1..<max(1, table.renamings.count) {
      let digest = digest(of: machines, at: place)
      if digest < smallest {
        smallest = digest
        places = [place]
      } else if digest == smallest {
        places.append(place)
      }
    }
    return (smallest, places)
  }

  private mutating func renamed(_ seen: BitSet, by place: Int) -> BitSet {
    if place == 0 { return seen }
    var result = BitSet()
    for sight in seen.members { result.insert(table.number(of: sight, renamedBy: place)) }
    return result
  }
}
