@testable import Raft

/// A seeded random run of a small group: messages are lost, repeated and reordered, disks write late and partly,
/// members crash, restart, compact and come and go. Checked after every step.
struct Schedule {
  struct Machine {
    var node: RaftNode
    var disk: DurableState
    var writes: [Write] = []
    /// A snapshot that has arrived, to be made durable after the writes before it.
    var installing: (description: SnapshotDescription, state: [Entry], after: WriteSequence)?
    var staged: [UInt8] = []
    /// The state machine: everything applied, from index 1 on.
    var applied: [Entry] = []
    var isUp = true
    var checker = Invariants()
  }

  var random: RandomSource
  var settings = Settings()
  var machines: [Machine] = []
  var now = Instant.zero
  var network: [Envelope] = []
  var leaderOfTerm: [Term: NodeID] = [:]
  /// The committed sequence as first seen by anyone: nothing may ever contradict or lose it.
  var committed: [Entry] = []
  var waitingReads: [ReadID: (asker: Int, floor: LogIndex)] = [:]
  var nextRead: UInt64 = 1
  var counter: UInt64 = 0
  var failure: String?
  var elections = 0
  var changes = 0
  var installs = 0
  var readsServed = 0

  init(seed: UInt64) {
    random = RandomSource(seed: seed)
    let count = 1 + Int(random.next(below: 5))
    let voters = 1 + Int(random.next(below: UInt64(count)))
    settings.readBatchInterval = .zero
    settings.usesPreVote = random.nextBool(probability: 0.7)
    settings.checksQuorum = random.nextBool(probability: 0.7)
    settings.maximumEntriesPerMessage = 1 + Int(random.next(below: 4))
    settings.maximumInflightMessages = 1 + Int(random.next(below: 4))
    settings.promotionLag = 4
    if random.nextBool(probability: 0.3) { settings.commitStallTimeout = .milliseconds(4_000) }
    if settings.checksQuorum && random.nextBool(probability: 0.4) {
      settings.readConfirmation = .lease(clockDriftPartsPerMillion: 100)
    }
    let configuration = Configuration(voters: (0..<voters).map(n))
    for slot in 0..<count {
      let disk = DurableState(bootstrap: slot < voters ? configuration : Configuration(voters: []))
      machines.append(Machine(node: start(slot, disk), disk: disk))
    }
  }

  private mutating func start(_ slot: Int, _ disk: DurableState) -> RaftNode {
    do {
      return try RaftNode(
        id: n(slot), state: disk, settings: settings, random: RandomSource(seed: random.next()), now: now)
    } catch {
      failure = "n\(slot) cannot start: \(error)"
      return try! RaftNode(
        id: n(slot), state: DurableState(bootstrap: Configuration(voters: [])), settings: settings,
        random: RandomSource(seed: 0), now: now)
    }
  }

  // MARK: Steps

  mutating func run(steps: Int) -> String? {
    for _ in 0..<steps where failure == nil { step() }
    if failure == nil { heal() }
    return failure
  }

  private mutating func step() {
    let slot = Int(random.next(below: UInt64(machines.count)))
    switch random.next(below: 100) {
    case ..<50: deliverOne()
    case ..<60: persist(slot, count: 1 + Int(random.next(below: 3)))
    case ..<66: apply(slot, atMost: 1 + Int(random.next(below: 4)))
    case ..<76: pass()
    case ..<86: propose()
    case ..<90: read(slot)
    case ..<93: change()
    case ..<95: compact(slot)
    case ..<96: transfer()
    case ..<98: crash(slot)
    default: if !machines[slot].isUp { restart(slot) } else { apply(slot, atMost: .max) }
    }
  }

  private mutating func deliverOne() {
    guard !network.isEmpty else { return pass() }
    let place = random.nextBool(probability: 0.6) ? 0 : Int(random.next(below: UInt64(network.count)))
    let envelope = network[place]
    let fate = random.nextUnit()
    if fate > 0.06 { network.remove(at: place) }
    if fate > 0.92 { return }
    deliver(envelope)
  }

  private mutating func deliver(_ envelope: Envelope) {
    let slot = envelope.to.slot
    guard slot < machines.count, machines[slot].isUp else { return }
    machines[slot].node.receive(envelope, at: now)
    settle(slot)
  }

  private mutating func pass() {
    now = now + .milliseconds(Int64(1 + random.next(below: 120)))
    fireTimers()
  }

  private mutating func fireTimers() {
    for slot in machines.indices where machines[slot].isUp && machines[slot].node.nextDeadline <= now {
      machines[slot].node.advance(to: now)
      settle(slot)
    }
  }

  private var aLeader: Int? {
    machines.indices.filter { machines[$0].isUp && machines[$0].node.role == .leader }
      .max { machines[$0].node.term < machines[$1].node.term }
  }

  private mutating func propose() {
    guard let leader = aLeader else { return }
    for _ in 0...random.next(below: 2) {
      counter += 1
      _ = try? machines[leader].node.propose([
        UInt8(truncatingIfNeeded: counter), UInt8(truncatingIfNeeded: counter >> 8),
      ])
    }
    // Half of the turns stay open, so that other inputs meet what is appended and not written.
    if random.nextBool(probability: 0.5) { settle(leader) }
  }

  private mutating func read(_ slot: Int) {
    guard machines[slot].isUp else { return }
    let id = ReadID(nextRead)
    nextRead += 1
    waitingReads[id] = (slot, LogIndex(UInt64(committed.count)))
    machines[slot].node.requestReadIndex(id, at: now)
    settle(slot)
  }

  private mutating func change() {
    guard let leader = aLeader else { return }
    let node = machines[leader].node
    var steps: [ConfigurationChange.Step] = []
    for _ in 0...random.next(below: 2) {
      let target = n(Int(random.next(below: UInt64(machines.count))))
      if node.configuration.isVoter(target) {
        steps.append(random.nextBool(probability: 0.5) ? .remove(target) : .addLearner(target))
      } else {
        steps.append(random.nextBool(probability: 0.7) ? .addVoter(target) : .addLearner(target))
      }
    }
    let kinds: [ConfigurationChange.Transition] = [.automatic, .jointThenLeave, .jointUntilTold]
    var change = ConfigurationChange(steps, transition: kinds[Int(random.next(below: 3))])
    if node.configuration.isJoint { change = .leaveJoint }
    if (try? machines[leader].node.propose(change)) != nil { changes += 1 }
    if random.nextBool(probability: 0.5) { settle(leader) }
  }

  private mutating func transfer() {
    guard let leader = aLeader else { return }
    try? machines[leader].node.transferLeadership(to: n(Int(random.next(below: UInt64(machines.count)))), at: now)
    settle(leader)
  }

  /// A snapshot as an honest host makes it: of an applied index, possibly older than the last one applied.
  private mutating func compact(_ slot: Int) {
    guard machines[slot].isUp, machines[slot].installing == nil else { return }
    let node = machines[slot].node
    let spread = node.appliedIndex - node.snapshot.last.index
    guard spread > 0 else { return }
    let index = node.snapshot.last.index + (1 + Int(random.next(below: UInt64(spread))))
    let keep = LogIndex(index.rawValue - min(index.rawValue - 1, random.next(below: 4)))
    // The log that the snapshot covers must be durable before: the host reports only then.
    guard index <= node.durableIndex else { return }
    machines[slot].node.compact(snapshotAt: index, keepingFrom: keep)
    let snapshot = machines[slot].node.snapshot
    let covered = snapshot.last.index - machines[slot].disk.snapshot.last.index
    machines[slot].disk.entries.removeFirst(min(covered, machines[slot].disk.entries.count))
    machines[slot].disk.snapshot = snapshot
    settle(slot)
  }

  private mutating func crash(_ slot: Int) {
    guard machines[slot].isUp, machines.filter({ !$0.isUp }).count * 2 < machines.count else { return }
    persist(slot, count: Int(random.next(below: 3)), reports: false)
    machines[slot].isUp = false
    machines[slot].writes = []
    machines[slot].installing = nil
    machines[slot].staged = []
    waitingReads = waitingReads.filter { $0.value.asker != slot }
  }

  private mutating func restart(_ slot: Int) {
    let disk = machines[slot].disk
    machines[slot].node = start(slot, disk)
    machines[slot].applied = Array(machines[slot].applied.prefix(Int(disk.snapshot.last.index.rawValue)))
    machines[slot].checker = Invariants()
    machines[slot].isUp = true
    settle(slot)
  }

  // MARK: Hosts

  private mutating func settle(_ slot: Int) {
    machines[slot].node.endTurn(at: now)
    let effects = machines[slot].node.effects
    machines[slot].node.effects.removeAll()
    network += effects.messages
    if network.count > 300 { network.removeFirst(network.count - 300) }
    machines[slot].writes += effects.writes
    for chunk in effects.snapshotChunks { stage(chunk, at: slot) }
    for read in effects.reads { check(read) }
    for event in effects.events {
      if case .roleChanged(.leader, let term) = event { elected(slot, term) }
      if case .stopped(let fault) = event { failure = "n\(slot) stopped: \(fault)" }
    }
    for request in effects.snapshotChunkRequests where request.last == machines[slot].node.snapshot.last.index {
      // Two chunks; the state travels beside the bytes, which are only counted.
      let bytes: [UInt8] = [0, 1]
      let offset = min(request.offset, bytes.count)
      let end = min(bytes.count, offset + 1)
      machines[slot].node.supplySnapshotChunk(
        request, bytes: Array(bytes[offset..<end]), isLast: end == bytes.count, at: now)
    }
    check(slot)
    if !machines[slot].node.effects.isEmpty { settle(slot) }
  }

  private mutating func stage(_ chunk: InstallSnapshot, at slot: Int) {
    if chunk.offset == 0 { machines[slot].staged = [] }
    if chunk.offset != machines[slot].staged.count { failure = "chunk at \(chunk.offset) staged out of order" }
    machines[slot].staged += chunk.bytes
    guard chunk.isLast else { return }
    let description = chunk.snapshot.value
    if machines[slot].staged != (description.last == .zero ? [] : [0, 1]) {
      failure = "chunks of n\(slot) make another snapshot"
    }
    machines[slot].installing = (
      description, Array(committed.prefix(Int(description.last.index.rawValue))), machines[slot].node.writes.issued
    )
  }

  private mutating func persist(_ slot: Int, count: Int, reports: Bool = true) {
    guard machines[slot].isUp else { return }
    for _ in 0..<count {
      if let installing = machines[slot].installing,
        machines[slot].writes.first.map({ $0.sequence > installing.after }) ?? true
      {
        machines[slot].installing = nil
        machines[slot].disk.snapshot = installing.description
        machines[slot].disk.entries = []
        machines[slot].applied = installing.state
        guard reports else { continue }
        machines[slot].node.snapshotInstalled(installing.description, at: now)
        installs += 1
        settle(slot)
      } else if !machines[slot].writes.isEmpty {
        let write = machines[slot].writes.removeFirst()
        machines[slot].disk.store(write)
        guard reports else { continue }
        machines[slot].node.writesCompleted(through: write.sequence, at: now)
        settle(slot)
      }
    }
  }

  private mutating func apply(_ slot: Int, atMost count: Int) {
    guard machines[slot].isUp, machines[slot].installing == nil else { return }
    var left = count
    while left > 0, machines[slot].node.appliedIndex < machines[slot].node.applicableIndex {
      left -= 1
      let index = machines[slot].node.appliedIndex.next
      let entry = machines[slot].node.entry(at: index)
      if machines[slot].applied.count != Int(index.rawValue) - 1 {
        failure = "n\(slot) applies \(index) after \(machines[slot].applied.count) entries"
        return
      }
      machines[slot].applied.append(entry)
      let place = Int(index.rawValue) - 1
      if place < committed.count {
        if committed[place] != entry { failure = "n\(slot) applies another entry at \(index)" }
      } else {
        committed.append(entry)
      }
      machines[slot].node.applied(through: index, at: now)
      settle(slot)
    }
  }

  // MARK: Checks

  private mutating func elected(_ slot: Int, _ term: Term) {
    elections += 1
    if let other = leaderOfTerm[term], other != n(slot) { failure = "two leaders in term \(term)" }
    leaderOfTerm[term] = n(slot)
    let node = machines[slot].node
    for (place, entry) in committed.enumerated() {
      let index = LogIndex(UInt64(place + 1))
      if index < node.firstIndex { continue }
      if index > node.lastPosition.index || node.term(at: index) != entry.term {
        failure = "leader n\(slot) of term \(term) lacks the committed entry \(index)"
      }
    }
  }

  private mutating func check(_ read: ReadOutcome) {
    guard let waiting = waitingReads.removeValue(forKey: read.id), let index = read.index else { return }
    readsServed += 1
    if index < waiting.floor { failure = "read \(read.id) at \(index) misses \(waiting.floor)" }
  }

  private mutating func check(_ slot: Int) {
    if let found = machines[slot].checker.check(machines[slot].node) { failure = failure ?? "n\(slot): \(found)" }
    let node = machines[slot].node
    // Whatever is committed anywhere is committed for ever: note it, and compare.
    var index = max(node.firstIndex, LogIndex(UInt64(committed.count + 1)))
    while index <= node.commitIndex {
      if Int(index.rawValue) == committed.count + 1 { committed.append(node.entry(at: index)) }
      index = index.next
    }
    // What is committed at a leader is on a quorum of disks.
    for other in machines.indices where other != slot && machines[other].isUp {
      checkMatching(node, machines[other].node)
    }
  }

  /// Log matching: where two logs agree on index and term, they agree on the entry and on all before it.
  private mutating func checkMatching(_ left: RaftNode, _ right: RaftNode) {
    let low = max(left.firstIndex, right.firstIndex)
    var index = min(left.lastPosition.index, right.lastPosition.index)
    var agreed = false
    while index >= low, index > .zero {
      if left.term(at: index) == right.term(at: index) {
        agreed = true
        if left.entry(at: index) != right.entry(at: index) { failure = "\(left.id) and \(right.id) differ at \(index)" }
      } else if agreed {
        failure = "\(left.id) and \(right.id) differ below an agreed entry at \(index)"
      }
      index = index.previous
    }
  }

  // MARK: Healing

  /// The faults end: a leader is to emerge, commit one more command, and everyone is to have everything.
  private mutating func heal() {
    for slot in machines.indices where !machines[slot].isUp { restart(slot) }
    for slot in machines.indices { settle(slot) }
    let end = now + .seconds(60)
    var marker: LogIndex?
    while now < end, failure == nil {
      drain()
      if isConverged(on: marker) { return }
      if let leader = aLeader {
        let node = machines[leader].node
        if marker == nil || node.term != leaderAtMarker, let place = try? machines[leader].node.propose([255]) {
          marker = place.index
          leaderAtMarker = node.term
          settle(leader)
        }
      }
      var next = Instant.distantFuture
      for machine in machines { next = min(next, machine.node.nextDeadline) }
      now = min(end, max(now + .milliseconds(1), next))
      fireTimers()
    }
    if failure == nil {
      failure =
        "no convergence: "
        + machines.map { machine in
          let node = machine.node
          return "\(node.id) \(node.role) t\(node.term) \(node.configuration.voters)<-\(node.configuration.outgoing) "
            + "end \(node.lastPosition) commit \(node.commitIndex) applied \(node.appliedIndex) first \(node.firstIndex)"
        }.joined(separator: "; ")
    }
  }

  private var leaderAtMarker = Term.zero

  private mutating func drain() {
    var budget = 3_000
    while budget > 0, failure == nil {
      for slot in machines.indices {
        persist(slot, count: machines[slot].writes.count + 1)
        apply(slot, atMost: .max)
      }
      if network.isEmpty { break }
      budget -= 1
      let envelope = network.removeFirst()
      deliver(envelope)
    }
    if budget == 0 { failure = "the group never falls silent" }
  }

  private func isConverged(on marker: LogIndex?) -> Bool {
    guard let marker, let leader = aLeader else { return false }
    let node = machines[leader].node
    guard node.commitIndex >= marker, node.term == leaderAtMarker else { return false }
    if node.configuration.isJoint && node.configuration.leavesAutomatically { return false }
    return node.configuration.members.allSatisfy { member in
      let other = machines[member.slot]
      return other.node.appliedIndex == node.lastPosition.index && other.applied.count == committed.count
        && other.node.configuration == node.configuration
    }
  }
}
