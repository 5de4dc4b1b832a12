/// Numbers that no correct member ever says: a message with one of them is dropped before it is understood.
///
/// This is no defence against a member that lies; it keeps arithmetic from overflowing and logs from losing their
/// order when a frame was damaged or comes from another program.
extension Message {
  /// Terms, rounds and indices beyond this are absurd: one more than them must still be a number.
  private static var largestNumber: UInt64 { .max >> 1 }

  /// Whether the numbers in the message can be those of a member.
  @inline(__always)
  var isPlausible: Bool {
    switch self {
    case .heartbeat(let message): Message.isPlausible(message.term, message.commit)
    case .heartbeatResponse(let message): Message.isPlausible(message.term)
    case .appendEntries(let message): message.isPlausible
    case .appendAccepted(let message): Message.isPlausible(message.term, message.match)
    case .appendRejected(let message):
      Message.isPlausible(message.term, message.previous) && Message.isPlausible(message.hint.term, message.hint.index)
    case .preVoteRequest(let message): Message.isPlausible(message.term)
    case .preVoteResponse(let message): Message.isPlausible(message.term, message.committed.index)
    case .voteRequest(let message): Message.isPlausible(message.term)
    case .voteResponse(let message): Message.isPlausible(message.term, message.committed.index)
    case .installSnapshot(let message): message.isPlausible
    case .snapshotReceived(let message): Message.isPlausible(message.term, message.last) && message.isPlausible
    case .timeoutNow(let message): Message.isPlausible(message.term)
    case .readIndexRequest(let message): Message.isPlausible(message.term)
    case .readIndexResponse(let message): Message.isPlausible(message.term, message.index ?? .zero)
    }
  }

  fileprivate static func isPlausible(_ term: Term, _ index: LogIndex = .zero) -> Bool {
    term.rawValue < largestNumber && index.rawValue < largestNumber
  }
}

extension AppendEntries {
  /// Whether the numbers are small enough and the terms never decrease nor exceed the message's.
  fileprivate var isPlausible: Bool {
    guard Message.isPlausible(term, previous.index) else { return false }
    // By pointer, since an entry that is read from an array is retained.
    return entries.withUnsafeBufferPointer { entries in
      var earlier = previous.term
      for place in entries.indices {
        guard entries[place].term >= earlier else { return false }
        earlier = entries[place].term
      }
      return earlier <= term
    }
  }
}

extension InstallSnapshot {
  fileprivate var isPlausible: Bool {
    let description = snapshot.value
    guard Message.isPlausible(term, description.last.index), description.last.term <= term else { return false }
    let configuration = description.configuration
    let lists = [configuration.voters, configuration.outgoing, configuration.learners, configuration.learnersNext]
    // The lists are sorted, so that the last member is the largest.
    return offset >= 0 && !configuration.voters.isEmpty
      && lists.allSatisfy { list in
        (list.last ?? NodeID(0)) <= NodeID.largest && zip(list, list.dropFirst()).allSatisfy(<)
      }
  }
}

extension SnapshotReceived {
  fileprivate var isPlausible: Bool {
    if case .wanted(let offset) = progress { offset >= 0 } else { true }
  }
}
