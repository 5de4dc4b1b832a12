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
    case .relayAppend(let message):
      message.append.isPlausible && message.targets.allSatisfy { Message.isPlausible(.zero, $0.next) }
    case .relayNotice(let message): Message.isPlausible(message.term)
    case .carriedResponses(let message): message.isPlausible
    case .enlistment, .feedRefusal, .quorumReadRequest: true
    case .quorumReadResponse(let message):
      Message.isPlausible(message.term, message.last) && message.configuration?.isPlausible ?? true
    case .enlistmentAnswer(let message): Message.isPlausible(message.term)
    case .feedRequest(let message): message.want.isPlausible
    case .feedEntries(let message): message.isPlausible
    case .feedSnapshot(let message): message.snapshot.value.isPlausible && message.offset >= 0
    }
  }

  fileprivate static func isPlausible(_ term: Term, _ index: LogIndex = .zero) -> Bool {
    term.rawValue < largestNumber && index.rawValue < largestNumber
  }
}

extension AppendEntries {
  /// Whether the numbers are small enough and the terms never decrease nor exceed the message's.
  fileprivate var isPlausible: Bool {
    Message.isPlausible(term, previous.index) && entries.haveOrderedTerms(from: previous.term, to: term)
  }
}

extension [Entry] {
  /// Whether the entries' terms never decrease, begin at `lowest` or above and end at `highest` or below.
  fileprivate func haveOrderedTerms(from lowest: Term, to highest: Term) -> Bool {
    // By pointer, since an entry that is read from an array is retained.
    withUnsafeBufferPointer { entries in
      var earlier = lowest
      for place in entries.indices {
        guard entries[place].term >= earlier else { return false }
        earlier = entries[place].term
      }
      return earlier <= highest
    }
  }
}

extension CarriedResponses {
  /// Only what followers say to a leader about entries is carried.
  fileprivate var isPlausible: Bool {
    envelopes.allSatisfy { envelope in
      switch envelope.message {
      case .appendAccepted, .appendRejected: envelope.message.isPlausible
      default: false
      }
    }
  }
}

extension FeedRequest.Want {
  fileprivate var isPlausible: Bool {
    switch self {
    case .entries(let position, _): Message.isPlausible(position.term, position.index)
    case .snapshot(let last, let offset): Message.isPlausible(.zero, last) && offset >= 0
    }
  }
}

extension FeedEntries {
  fileprivate var isPlausible: Bool {
    Message.isPlausible(term, previous.index) && entries.haveOrderedTerms(from: previous.term, to: term)
  }
}

extension InstallSnapshot {
  fileprivate var isPlausible: Bool {
    snapshot.value.last.term <= term && Message.isPlausible(term) && offset >= 0 && snapshot.value.isPlausible
  }
}

extension SnapshotDescription {
  fileprivate var isPlausible: Bool {
    Message.isPlausible(last.term, last.index) && configuration.isPlausible
  }
}

extension Configuration {
  fileprivate var isPlausible: Bool {
    // The lists are sorted, so that the last member is the largest.
    !voters.isEmpty
      && [voters, outgoing, learners, learnersNext].allSatisfy { list in
        (list.last ?? NodeID(0)) <= NodeID.largest && zip(list, list.dropFirst()).allSatisfy(<)
      }
  }
}

extension SnapshotReceived {
  fileprivate var isPlausible: Bool {
    if case .wanted(let offset) = progress { offset >= 0 } else { true }
  }
}
