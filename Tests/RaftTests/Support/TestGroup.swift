@testable import Raft

/// A group of nodes on a table: every message, write and timer is moved by the test.
struct TestGroup {
  /// A member and what its disk holds.
  struct Member {
    var node: RaftNode
    var disk: DurableState
    var writes: [Write] = []
    var applied: [Entry] = []
    var events: [Event] = []
    var reads: [ReadOutcome] = []
    var chunkRequests: [SnapshotChunkRequest] = []
    var chunks: [InstallSnapshot] = []
    var snapshotBytes: [LogIndex: [UInt8]] = [:]
    var isUp = true
    var autoPersist = true
    var autoApply = true
    var checker = Invariants()
  }

  var now = Instant.zero
  var members: [Member] = []
  var mailbox: [Envelope] = []
  /// Messages for which this is true are lost when they are delivered.
  var isLost: (Envelope) -> Bool = { _ in false }
  var delivered = 0
  /// Violations of a node's own invariants seen so far.
  var violations: [String] = []
  let settings: Settings
  let configuration: Configuration

  init(voters: Int, learners: Int = 0, spare: Int = 0, seed: UInt64 = 1, change: (inout Settings) -> Void = { _ in }) {
    var settings = Settings()
    settings.readBatchInterval = .zero
    change(&settings)
    self.settings = settings
    configuration = Configuration(
      voters: (0..<voters).map { NodeID(UInt32($0)) },
      learners: (voters..<(voters + learners)).map { NodeID(UInt32($0)) })
    for slot in 0..<(voters + learners + spare) {
      let known = slot < voters + learners ? configuration : Configuration(voters: [])
      let disk = DurableState(bootstrap: known)
      let node = try! RaftNode(
        id: NodeID(UInt32(slot)), state: disk, settings: settings,
        random: RandomSource(seed: seed, stream: UInt64(slot)), now: .zero)
      members.append(Member(node: node, disk: disk))
    }
  }

  subscript(slot: Int) -> RaftNode {
    get { members[slot].node }
    set { members[slot].node = newValue }
  }

  // MARK: Moving things

  /// Ends a member's turn and takes its effects: persists and applies unless told otherwise.
  mutating func settle(_ slot: Int) {
    guard members[slot].isUp else { return }
    members[slot].node.endTurn(at: now)
    while true {
      var effects = Effects()
      swap(&effects, &members[slot].node.effects)
      mailbox.append(contentsOf: effects.messages)
      members[slot].writes.append(contentsOf: effects.writes)
      members[slot].events.append(contentsOf: effects.events)
      members[slot].reads.append(contentsOf: effects.reads)
      members[slot].chunkRequests.append(contentsOf: effects.snapshotChunkRequests)
      members[slot].chunks.append(contentsOf: effects.snapshotChunks)
      if members[slot].autoPersist { persist(slot) }
      if members[slot].autoApply { apply(slot) }
      serveSnapshots(slot)
      members[slot].node.endTurn(at: now)
      if let found = members[slot].checker.check(members[slot].node) { violations.append("\(slot): \(found)") }
      if members[slot].node.effects.isEmpty { return }
    }
  }

  /// Makes the first `count` waiting writes durable.
  mutating func persist(_ slot: Int, count: Int = .max) {
    while let write = members[slot].writes.first, count > 0 {
      members[slot].writes.removeFirst()
      members[slot].disk.store(write)
      members[slot].node.writesCompleted(through: write.sequence, at: now)
      if count != .max { return }
    }
  }

  mutating func apply(_ slot: Int) {
    let node = members[slot].node
    var index = node.appliedIndex.next
    while index <= members[slot].node.applicableIndex {
      members[slot].applied.append(node.entry(at: index))
      members[slot].node.applied(through: index, at: now)
      index = index.next
    }
  }

  private mutating func serveSnapshots(_ slot: Int) {
    for request in members[slot].chunkRequests {
      let bytes = members[slot].snapshotBytes[request.last] ?? []
      let end = min(bytes.count, request.offset + request.limit)
      members[slot].node.supplySnapshotChunk(
        request, bytes: Array(bytes[min(request.offset, end)..<end]), isLast: end == bytes.count, at: now)
    }
    members[slot].chunkRequests = []
    for chunk in members[slot].chunks where chunk.isLast {
      let description = chunk.snapshot.value
      members[slot].disk.snapshot = description
      members[slot].disk.entries = []
      members[slot].node.snapshotInstalled(description, at: now)
    }
    members[slot].chunks = []
  }

  /// Calls a member and takes what follows from it.
  mutating func with<Result>(_ slot: Int, _ body: (inout RaftNode, Instant) throws -> Result) rethrows -> Result {
    let result = try body(&members[slot].node, now)
    settle(slot)
    return result
  }

  /// Delivers one message.
  mutating func deliver(_ envelope: Envelope) {
    guard envelope.to.slot < members.count, members[envelope.to.slot].isUp, !isLost(envelope) else { return }
    delivered += 1
    members[envelope.to.slot].node.receive(envelope, at: now)
    settle(envelope.to.slot)
  }

  /// Delivers messages in order until none are left.
  mutating func deliverAll(limit: Int = 100_000) {
    var budget = limit
    while !mailbox.isEmpty, budget > 0 {
      budget -= 1
      deliver(mailbox.removeFirst())
    }
    precondition(budget > 0, "the group never falls silent")
  }

  /// Takes out the messages that match, without delivering them.
  mutating func intercept(_ matches: (Envelope) -> Bool) -> [Envelope] {
    let taken = mailbox.filter(matches)
    mailbox.removeAll(where: matches)
    return taken
  }

  /// Lets time pass: timers fire in order, and all messages arrive at once.
  mutating func run(for span: TimeSpan) {
    let end = now + span
    deliverAll()
    while true {
      var next = Instant.distantFuture
      for member in members where member.isUp { next = min(next, member.node.nextDeadline) }
      guard next <= end else { break }
      now = max(now, next)
      for slot in members.indices where members[slot].isUp && members[slot].node.nextDeadline <= now {
        members[slot].node.advance(to: now)
        settle(slot)
      }
      deliverAll()
    }
    now = end
  }

  /// Makes time pass for one member alone, up to its next deadline, and fires it.
  mutating func timeOut(_ slot: Int) {
    now = max(now, members[slot].node.nextDeadline)
    members[slot].node.advance(to: now)
    settle(slot)
  }

  /// Elects the member: every other timer is assumed to be slower.
  mutating func elect(_ slot: Int) {
    for other in members.indices where other != slot && members[other].node.role == .leader {
      _ = intercept { $0.from == NodeID(UInt32(other)) }
    }
    now = now + settings.electionTimeout.upperBound
    members[slot].node.advance(to: now)
    settle(slot)
    deliverAll()
    precondition(members[slot].node.role == .leader, "\(slot) was not elected")
  }

  mutating func propose(_ slot: Int, _ bytes: [UInt8]) throws -> LogPosition {
    try with(slot) { node, _ in try node.propose(bytes) }
  }

  /// Stops a member; what was not written is lost.
  mutating func crash(_ slot: Int) {
    members[slot].isUp = false
    members[slot].writes = []
  }

  /// Starts a member again from its disk.
  mutating func restart(_ slot: Int, seed: UInt64 = 99) {
    let disk = members[slot].disk
    var fresh = Member(
      node: try! RaftNode(
        id: NodeID(UInt32(slot)), state: disk, settings: settings,
        random: RandomSource(seed: seed, stream: UInt64(slot)), now: now),
      disk: disk)
    fresh.snapshotBytes = members[slot].snapshotBytes
    members[slot] = fresh
    settle(slot)
  }

  /// Takes a snapshot of a member at its applied index and drops the log before `first`.
  mutating func snapshot(_ slot: Int, keepingFrom first: LogIndex? = nil, bytes: [UInt8] = [1, 2, 3]) {
    let index = members[slot].node.appliedIndex
    members[slot].snapshotBytes[index] = bytes
    members[slot].node.compact(snapshotAt: index, keepingFrom: first ?? index.next)
    members[slot].disk.compact(to: members[slot].node.snapshot, first: members[slot].node.firstIndex)
  }

  var leaders: [Int] { members.indices.filter { members[$0].isUp && members[$0].node.role == .leader } }

  func commands(_ slot: Int) -> [[UInt8]] {
    members[slot].applied.compactMap { if case .command(let bytes) = $0.payload { bytes } else { nil } }
  }
}

extension DurableState {
  /// The disk after a write: the log is cut before the first entry and continued.
  mutating func store(_ write: Write) {
    if let state = write.hardState { hardState = state }
    // A write that a snapshot has overtaken: what the snapshot covers is not stored again.
    let covered = min(write.entries.count, snapshot.last.index.next - write.firstIndex)
    let keep = write.firstIndex.previous - snapshot.last.index
    if keep < entries.count { entries.removeSubrange(keep...) }
    entries.append(contentsOf: write.entries.dropFirst(covered))
  }

  /// The disk after compaction; the tests keep what the snapshot covers out of the entries.
  mutating func compact(to newer: SnapshotDescription, first: LogIndex) {
    entries.removeFirst(min(entries.count, newer.last.index - snapshot.last.index))
    snapshot = newer
  }
}

/// A command that reads well in failures.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func n(_ slot: Int) -> NodeID { NodeID(UInt32(slot)) }
