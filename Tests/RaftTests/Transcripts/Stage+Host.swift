@testable import Raft

/// What the host of a node does: it drains the effects, writes, applies, and moves snapshots.
extension Stage {
  /// Ends the node's turn and prints what it wants, until it wants nothing any more.
  mutating func settle(_ slot: Int) {
    repeat {
      self[slot].node.endTurn(at: now)
      drain(slot)
      if self[slot].persistsAlone { persistAlone(slot) }
      printCommit(slot)
      if self[slot].appliesAlone { applyAlone(slot) }
      self[slot].node.endTurn(at: now)
    } while !self[slot].node.effects.isEmpty
    printCommit(slot)
  }

  private mutating func drain(_ slot: Int) {
    let effects = self[slot].node.effects
    self[slot].node.effects.removeAll()
    for event in effects.events { note(event.words) }
    printCommit(slot)
    for write in effects.writes {
      note("write \(write.words)")
      self[slot].waiting.append(.write(write))
    }
    for chunk in effects.snapshotChunks { stage(chunk, at: slot) }
    for envelope in effects.messages {
      note("send \(envelope.words)")
      mailbox.append(envelope)
    }
    for read in effects.reads { note(read.words) }
    for request in effects.snapshotChunkRequests { supply(request, at: slot) }
  }

  private mutating func printCommit(_ slot: Int) {
    let commit = self[slot].node.commitIndex
    if commit != self[slot].shownCommit { note("commit \(commit)") }
    self[slot].shownCommit = commit
  }

  private mutating func note(_ text: String) { lines.append("  " + text) }

  // MARK: The disk

  /// Does to the disk what an item says.
  mutating func store(_ item: DiskItem, at slot: Int) {
    switch item {
    case .write(let write): self[slot].disk.store(write)
    case .install(let description):
      self[slot].disk.snapshot = description
      self[slot].disk.entries = []
      self[slot].snapshotBytes = self[slot].staged
      self[slot].state = Stage.restore(self[slot].staged, at: description.last.index)
    }
  }

  private mutating func persistAlone(_ slot: Int) {
    let items = self[slot].waiting
    self[slot].waiting = []
    for item in items {
      store(item, at: slot)
      switch item {
      case .write(let write): self[slot].node.writesCompleted(through: write.sequence, at: now)
      case .install(let description): self[slot].node.snapshotInstalled(description, at: now)
      }
    }
  }

  // MARK: The state machine

  /// The next index that the node may apply; none while its state machine is about to be replaced.
  func nextToApply(_ slot: Int) -> LogIndex? {
    let isReplacing = self[slot].waiting.contains { if case .install = $0 { true } else { false } }
    let node = self[slot].node
    return !isReplacing && node.fault == nil && node.appliedIndex < node.applicableIndex ? node.appliedIndex.next : nil
  }

  mutating func run(_ entry: Entry, _ index: LogIndex, at slot: Int) {
    guard case .command(let bytes) = entry.payload else { return }
    self[slot].state.append((index, String(decoding: bytes, as: UTF8.self)))
  }

  private mutating func applyAlone(_ slot: Int) {
    while let index = nextToApply(slot) {
      let entry = self[slot].node.entry(at: index)
      note("apply \(index)@\(entry.term) \(entry.words)")
      run(entry, index, at: slot)
      self[slot].node.applied(through: index, at: now)
    }
  }

  // MARK: Snapshots

  /// The state machine at an index, as the bytes of a snapshot.
  func image(of slot: Int, at index: LogIndex) -> [UInt8] {
    bytes(self[slot].state.filter { $0.index <= index }.map(\.text).joined(separator: ","))
  }

  static func restore(_ bytes: [UInt8], at index: LogIndex) -> [(index: LogIndex, text: String)] {
    String(decoding: bytes, as: UTF8.self).split(separator: ",").map { (index, String($0)) }
  }

  private mutating func stage(_ chunk: InstallSnapshot, at slot: Int) {
    if chunk.offset == 0 { self[slot].staged = [] }
    note("stage offset=\(chunk.offset) bytes=\(quoted(chunk.bytes))")
    self[slot].staged += chunk.bytes
    if chunk.isLast { self[slot].waiting.append(.install(chunk.snapshot.value)) }
  }

  /// Reads a chunk of the stored snapshot; a request for one that is gone stays without an answer.
  private mutating func supply(_ request: SnapshotChunkRequest, at slot: Int) {
    guard request.last == self[slot].disk.snapshot.last.index else { return }
    let bytes = self[slot].snapshotBytes
    let start = min(request.offset, bytes.count)
    let end = min(bytes.count, start + request.limit)
    self[slot].node.supplySnapshotChunk(
      request, bytes: Array(bytes[start..<end]), isLast: end == bytes.count, at: now)
  }
}
