/// A read that asks voters instead of the leader (elastic protocol, 5.6).
struct QuorumRead: Sendable {
  var id: ReadID
  var asked: [NodeID]
  var since: Instant
  var replies: [(from: NodeID, said: QuorumReadResponse)] = []
  /// What a quorum said, once there is one.
  var bound: Bound?

  /// Up to where the state must reach before the read is served.
  struct Bound: Sendable {
    var index: LogIndex
    var term: Term
  }
}

/// Quorum reads: an index from the nearest majority.
///
/// A write that ended before the read began is in the log of a majority, so that one of the voters that answer has it.
/// Then the end of that voter's log is no lower, and its term neither. What lies behind may never be committed, but an
/// entry of a higher term can only come after whatever was committed until then.
///
/// A majority of what? Voters that were removed would vouch for each other for ever. An answer counts only together with
/// others that name the same configuration, and a voter names none as soon as its log holds a change of it. The next
/// configuration is committed by a majority of this one, of which one is among those that answer. And under the
/// configuration before it nothing is committed without one of them, since two that follow on each other overlap. So
/// the observer need not know by itself who votes.
extension ObserverNode {
  mutating func askQuorum(_ id: ReadID) {
    let asked = knownVoters.isEmpty ? sources.map(\.node) : knownVoters
    guard !asked.isEmpty else { return askLeader(id) }
    quorumRead = QuorumRead(id: id, asked: asked, since: now)
    for node in asked { send(.quorumReadRequest(QuorumReadRequest(id: id)), to: node) }
  }

  mutating func take(_ message: QuorumReadResponse, from: NodeID) {
    guard var read = quorumRead, read.id == message.id, case .none = read.bound, read.asked.contains(from),
      !read.replies.contains(where: { $0.from == from })
    else { return }
    read.replies.append((from, message))
    quorumRead = read
    if let configuration = message.configuration {
      let agreeing = read.replies.filter { $0.said.configuration == configuration && configuration.isVoter($0.from) }
      if agreeing.count > configuration.voters.count / 2 {
        knownVoters = configuration.voters
        return settle(agreeing.map(\.said))
      }
    }
    #if Mutants
      if trustsAnyVoter, !knownVoters.isEmpty, read.replies.count > read.asked.count / 2 {
        return settle(read.replies.map(\.said))
      }
    #endif
    if read.replies.count == read.asked.count { askLeaderAfterAll() }
  }

  private mutating func settle(_ said: [QuorumReadResponse]) {
    var bound = QuorumRead.Bound(index: .zero, term: .zero)
    for response in said {
      bound.index = max(bound.index, response.last)
      bound.term = max(bound.term, response.term)
    }
    quorumRead?.bound = bound
    resolveQuorumRead()
  }

  /// Gives the read its index once the state reflects everything that the quorum may have acknowledged.
  mutating func resolveQuorumRead() {
    guard let read = quorumRead, let bound = read.bound, last.index >= bound.index || last.term > bound.term else {
      return
    }
    quorumRead = nil
    effects.reads.append(ReadOutcome(id: read.id, index: last.index))
  }

  /// Goes to the leader when a quorum does not come about, be it that voters are silent or that they change.
  mutating func giveUpQuorum() {
    guard let read = quorumRead, now >= read.since + settings.sourceTimeout else { return }
    askLeaderAfterAll()
  }

  private mutating func askLeaderAfterAll() {
    guard let read = quorumRead else { return }
    quorumRead = nil
    knownVoters = []
    askLeader(read.id)
  }
}
