@testable import Raft

/// Every machine state, sight and step that an exploration meets, each once.
///
/// A machine's next state and what it sends follow from its state and its input alone. The node is therefore run once
/// for each pair of them, and the group is explored by numbers.
struct StepTable {
  /// What a machine does with an input.
  struct Step {
    /// Its state afterwards.
    var machine: Int
    /// What is seen of it, as a range of `outputs`.
    var first: Int
    var end: Int
    /// Whether the message is of no use to the machine for ever.
    var isOver: Bool
  }

  let bounds: Bounds
  /// The renamings under which states count as one.
  let renamings: [Renaming]

  private(set) var machines: ContiguousArray<Machine> = []
  private(set) var facts: ContiguousArray<MachineFacts> = []
  /// Each machine's digests, one for each renaming.
  private(set) var machineDigests: ContiguousArray<StateDigest> = []
  private var machineNumbers: [[UInt8]: Int] = [:]

  private(set) var sights: ContiguousArray<Sight> = []
  private(set) var sightFacts: ContiguousArray<SightFacts> = []
  /// For each slot, the messages to it and the votes of it.
  private(set) var heard: [BitSet]
  /// The number of each sight under each renaming; the largest number until it is asked for.
  private var renamed: ContiguousArray<UInt16> = []
  private var sightNumbers: [Sight: Int] = [:]

  private(set) var steps: ContiguousArray<Step> = []
  private(set) var outputs: ContiguousArray<UInt16> = []
  /// What is wrong with a step on its own, by its number.
  private(set) var flaws: [Int: String] = [:]
  private var stepNumbers = NumberTable()

  init(bounds: Bounds, renamings: [Renaming]) {
    self.bounds = bounds
    self.renamings = renamings
    heard = Array(repeating: BitSet(), count: bounds.nodes)
  }

  /// The number of a machine state.
  mutating func number(of machine: Machine) -> Int {
    let bytes = bytes(of: machine, renamings[0])
    if let number = machineNumbers[bytes] { return number }
    let number = machines.count
    machineNumbers[bytes] = number
    machines.append(machine)
    facts.append(MachineFacts(machine, bounds: bounds))
    machineDigests.append(StateDigest(of: bytes))
    for renaming in renamings.dropFirst() {
      machineDigests.append(StateDigest(of: self.bytes(of: machine, renaming)))
    }
    return number
  }

  private func bytes(of machine: Machine, _ renaming: Renaming) -> [UInt8] {
    var writer = StateWriter(renaming, rounds: bounds.rounds)
    machine.write(to: &writer)
    return writer.bytes
  }

  /// The number of a sight.
  mutating func number(of sight: Sight) -> Int {
    if let number = sightNumbers[sight] { return number }
    let number = sights.count
    precondition(number < Int(UInt16.max), "too many messages")
    sightNumbers[sight] = number
    sights.append(sight)
    let facts = SightFacts(sight)
    sightFacts.append(facts)
    if let slot = facts.slot { heard[slot].insert(number) }
    renamed.append(UInt16(number))
    for _ in renamings.dropFirst() { renamed.append(.max) }
    return number
  }

  /// The number of a sight under the renaming at `place`.
  mutating func number(of sight: Int, renamedBy place: Int) -> Int {
    let slot = sight * renamings.count + place
    if renamed[slot] == .max { renamed[slot] = UInt16(number(of: sights[sight].renamed(renamings[place]))) }
    return Int(renamed[slot])
  }

  /// The number of the step that a machine takes on an action.
  mutating func step(of machine: Int, on action: Action) -> Int {
    let key = UInt64(machine) << 32 | UInt64(action.code)
    if let number = stepNumbers[key] { return number }
    let number = steps.count
    let before = machines[machine]
    let input = action.input(in: self)
    var after = before
    let first = outputs.count
    do {
      let sent = try after.take(input, bounds: bounds)
      flaws[number] = after.flaw(
        after: before, sent: sent, isReboot: action.kind == .reboot, checksNode: bounds.checksNodes)
      for envelope in sent {
        see(.message(envelope.keepingRounds(bounds.rounds)))
        if let vote = Sight(voteIn: envelope) { see(vote) }
      }
      if after.node.role == .leader { see(.leader(after.node.id, after.node.term)) }
    } catch {
      flaws[number] = "cannot start again: \(error)"
      after = before
    }
    let isOver = if case .deliver(let envelope) = input { before.isDone(with: envelope, bounds) } else { false }
    steps.append(Step(machine: self.number(of: after), first: first, end: outputs.count, isOver: isOver))
    stepNumbers[key] = number
    return number
  }

  private mutating func see(_ sight: Sight) { outputs.append(UInt16(number(of: sight))) }
}

/// One thing that can happen to one machine, as a number.
struct Action: Equatable {
  enum Kind: UInt32 { case deliver, timeOut, persist, reboot, propose, change, apply }

  let code: UInt32

  init(code: UInt32) { self.code = code }

  init(_ kind: Kind, _ argument: Int = 0) { code = kind.rawValue << 24 | UInt32(argument) }

  var kind: Kind { Kind(rawValue: code >> 24)! }

  var argument: Int { Int(code & 0xFF_FFFF) }

  func input(in table: StepTable) -> Machine.Input {
    switch kind {
    case .deliver: .deliver(table.sights[argument].message!)
    case .timeOut: .timeOut
    case .persist: .persist
    case .reboot: .reboot(kept: argument)
    case .propose: .propose(UInt8(argument))
    case .change: .change(table.bounds.changes[argument])
    case .apply: .apply
    }
  }
}
