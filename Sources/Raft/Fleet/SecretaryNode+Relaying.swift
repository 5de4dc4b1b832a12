/// Passing batches on, and carrying what followers answer (rules R1 to R6).
extension SecretaryNode {
  mutating func take(_ batch: RelayAppend, from: NodeID) {
    counters.batches += 1
    let append = batch.append
    #if Mutants
      if mutant != nil { remember(batch, from: from) }
      if passesOnOldTerms, append.term < seenTerm { return enqueue(batch, from: from) }
    #endif
    guard batch.incarnation == incarnation, append.term >= seenTerm else { return drop() }
    note(append.term, leader: from)
    // Signs of the leader spare a question.
    awaitsAnswer = false
    guard batch.assignment >= seenAssignment else { return drop() }
    seenAssignment = batch.assignment
    tail.take(append)
    if !batch.targets.isEmpty { enqueue(batch, from: from) }
  }

  private mutating func enqueue(_ batch: RelayAppend, from leader: NodeID) {
    var bytes = 0
    for entry in batch.append.entries { bytes += entry.cost }
    queue.append(Waiting(batch: batch, leader: leader, arrived: now, bytes: bytes))
    queuedBytes += bytes
    var isOverloaded = false
    while queuedBytes > settings.maximumQueuedBytes, queue.count > 1 {
      queuedBytes -= queue.removeFirst().bytes
      isOverloaded = true
      drop()
    }
    if isOverloaded { notify(.overloaded, of: batch.append.term, to: leader) }
  }

  private mutating func drop() { counters.dropped += 1 }

  mutating func dropQueue() {
    counters.dropped += queue.count
    queue.removeAll()
    queuedBytes = 0
  }

  private mutating func notify(_ reason: RelayNotice.Reason, of term: Term, to target: NodeID) {
    send(.relayNotice(RelayNotice(term: term, incarnation: incarnation, reason: reason)), to: target)
  }

  /// Cuts every batch that waits into one append for each of its targets.
  mutating func passOn() {
    while !queue.isEmpty {
      let waiting = queue.removeFirst()
      queuedBytes -= waiting.bytes
      guard waiting.arrived + settings.longestHold > now else {
        drop()
        continue
      }
      for target in waiting.batch.targets { cut(waiting.batch.append, for: target, of: waiting.leader) }
    }
  }

  /// One target's part of a batch: the leader's own term, round and commit index, and a run of its entries (rule R1).
  private mutating func cut(_ batch: AppendEntries, for target: RelayTarget, of leader: NodeID) {
    guard target.next > batch.previous.index, target.next <= batch.lastIndex.next else {
      counters.gaps += 1
      return notify(.gap(target.node), of: batch.term, to: leader)
    }
    counters.cuts += 1
    var append = batch
    let skipped = target.next - batch.previous.index - 1
    if skipped > 0 {
      append.previous = LogPosition(index: target.next.previous, term: batch.entries[skipped - 1].term)
      append.entries = Array(batch.entries[skipped...])
    }
    #if Mutants
      if mutant != nil { misbehave(with: &append, for: target.node, of: leader) }
    #endif
    messages.append(Envelope(from: leader, to: target.node, message: .appendEntries(append), via: id))
  }

  /// Keeps a response for the leader it is addressed to, as it is (rule R4).
  mutating func carry(_ envelope: Envelope, term: Term) {
    counters.carried += 1
    carried.append(envelope)
    if term > seenTerm { note(term, leader: nil) }
  }

  /// Sends what was carried in one message for each leader.
  mutating func deliverCarried() {
    #if Mutants
      if mutant != nil { mishandleCarried() }
    #endif
    while let first = carried.first {
      let target = first.to
      send(.carriedResponses(CarriedResponses(envelopes: carried.filter { $0.to == target })), to: target)
      carried.removeAll { $0.to == target }
    }
  }
}
