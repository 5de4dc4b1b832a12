@testable import Raft

/// A group with secretaries and observers on a table: messages arrive at once, time is moved by the test.
struct ElasticGroup {
  var group: TestGroup
  var secretaries: [SecretaryNode] = []
  var observers: [Observer] = []
  /// Fleet nodes that are gone or stand still: nothing reaches them and they say nothing.
  var silent: Set<NodeID> = []
  /// Every message that was delivered or lost, in order.
  var seen: [Envelope] = []
  /// Messages for which this is true are lost.
  var isLost: (Envelope) -> Bool = { _ in false }

  struct Observer {
    var node: ObserverNode
    var entries: [Entry] = []
    var reads: [ReadOutcome] = []
  }

  static let firstSecretary = 100
  static let firstObserver = 200

  init(voters: Int, learners: Int = 0, localities: [UInt16]? = nil, change: (inout Settings) -> Void = { _ in }) {
    group = TestGroup(voters: voters, learners: learners, change: change)
    let all = ContiguousArray<Locality?>((0..<(voters + learners)).map { Locality(localities?[$0] ?? 0) })
    for slot in group.members.indices { group.members[slot].node.setLocalities(all) }
  }

  var now: Instant { group.now }

  /// Begins a secretary that knows all members.
  @discardableResult
  mutating func hire(_ locality: UInt16 = 0, change: (inout SecretarySettings) -> Void = { _ in }) -> NodeID {
    var settings = SecretarySettings(locality: Locality(locality))
    change(&settings)
    let id = n(ElasticGroup.firstSecretary + secretaries.count)
    secretaries.append(
      SecretaryNode(
        id: id, incarnation: Incarnation(1), settings: settings, contacts: group.members.indices.map { n($0) },
        now: now))
    return id
  }

  /// Begins an observer that asks the given nodes, nearest first.
  @discardableResult
  mutating func observe(_ sources: [NodeID], change: (inout ObserverSettings) -> Void = { _ in }) -> NodeID {
    var settings = ObserverSettings()
    change(&settings)
    let id = n(ElasticGroup.firstObserver + observers.count)
    observers.append(
      Observer(
        node: ObserverNode(id: id, incarnation: Incarnation(1), settings: settings, sources: sources, now: now)))
    return id
  }

  // MARK: Moving things

  mutating func with<Result>(_ slot: Int, _ body: (inout RaftNode, Instant) throws -> Result) rethrows -> Result {
    try group.with(slot, body)
  }

  /// Delivers messages in order until none are left.
  mutating func deliverAll() {
    var budget = 100_000
    while !group.mailbox.isEmpty {
      budget -= 1
      precondition(budget > 0, "the group never falls silent")
      deliver(group.mailbox.removeFirst())
    }
  }

  private mutating func deliver(_ envelope: Envelope) {
    seen.append(envelope)
    if isLost(envelope) || silent.contains(envelope.receiver) || silent.contains(envelope.sender) { return }
    let slot = Int(envelope.receiver.rawValue)
    switch slot {
    case ElasticGroup.firstObserver...:
      observers[slot - ElasticGroup.firstObserver].node.receive(envelope, at: now)
      settleObserver(slot - ElasticGroup.firstObserver)
    case ElasticGroup.firstSecretary...:
      secretaries[slot - ElasticGroup.firstSecretary].receive(envelope, at: now)
      settleSecretary(slot - ElasticGroup.firstSecretary)
    default: group.deliver(envelope)
    }
  }

  mutating func settleSecretary(_ place: Int) {
    secretaries[place].endTurn(at: now)
    group.mailbox.append(contentsOf: secretaries[place].messages)
    secretaries[place].messages.removeAll()
  }

  mutating func settleObserver(_ place: Int) {
    while !observers[place].node.effects.isEmpty {
      var effects = ObserverEffects()
      swap(&effects, &observers[place].node.effects)
      group.mailbox.append(contentsOf: effects.messages)
      for run in effects.entries { observers[place].entries.append(contentsOf: run.entries) }
      observers[place].reads.append(contentsOf: effects.reads)
      for chunk in effects.snapshotChunks where chunk.isLast {
        observers[place].node.snapshotInstalled(chunk.snapshot.value, at: now)
      }
    }
  }

  /// Lets time pass: timers fire in order, and all messages arrive at once.
  mutating func run(for span: TimeSpan) {
    let end = now + span
    deliverAll()
    while let next = nextDeadline, next <= end {
      group.now = max(now, next)
      for slot in group.members.indices where group.members[slot].isUp && group[slot].nextDeadline <= now {
        group.members[slot].node.advance(to: now)
        group.settle(slot)
      }
      for place in secretaries.indices where !silent.contains(secretaries[place].id) {
        secretaries[place].advance(to: now)
        settleSecretary(place)
      }
      for place in observers.indices where !silent.contains(observers[place].node.id) {
        observers[place].node.advance(to: now)
        settleObserver(place)
      }
      deliverAll()
    }
    group.now = end
  }

  private var nextDeadline: Instant? {
    var deadlines = group.members.filter(\.isUp).map(\.node.nextDeadline)
    deadlines += secretaries.filter { !silent.contains($0.id) }.map(\.nextDeadline)
    deadlines += observers.filter { !silent.contains($0.node.id) }.map(\.node.nextDeadline)
    return deadlines.min()
  }

  /// Elects the first member and lets the fleet enlist.
  mutating func begin() {
    group.elect(0)
    run(for: .milliseconds(400))
    seen = []
  }

  @discardableResult
  mutating func propose(_ text: String) throws -> LogPosition { try group.propose(0, bytes(text)) }

  // MARK: Looking

  /// The appends with entries that were put on the wire since `seen` was emptied: by whom, and for whom.
  var appends: [(sender: NodeID, to: NodeID, message: AppendEntries)] {
    seen.compactMap { envelope in
      guard case .appendEntries(let message) = envelope.message, !message.entries.isEmpty else { return nil }
      return (envelope.sender, envelope.to, message)
    }
  }

  /// The batches with entries that the leader handed over since `seen` was emptied.
  var batches: [(to: NodeID, batch: RelayAppend)] {
    seen.compactMap { envelope in
      guard case .relayAppend(let batch) = envelope.message, !batch.append.entries.isEmpty else { return nil }
      return (envelope.to, batch)
    }
  }
}
