import Testing

@testable import Raft

/// Random messages with extreme values: a node may drop them or stop with a fault, and never crashes.
@Suite struct HostileMessageTests {
  private static let extremes: [UInt64] = [
    0, 0, 1, 1, 2, 2, 3, 4, 5, 7, 100, UInt64(UInt32.max), UInt64(Int64.max) - 1, UInt64(Int64.max), .max - 1, .max,
  ]

  private struct Source {
    var random: RandomSource

    mutating func number() -> UInt64 {
      HostileMessageTests.extremes[Int(random.next(below: UInt64(HostileMessageTests.extremes.count)))]
    }
    mutating func isTrue() -> Bool { random.nextBool(probability: 0.5) }
    mutating func term(_ node: RaftNode) -> Term { isTrue() ? node.term : Term(number()) }
    mutating func index(_ node: RaftNode) -> LogIndex { isTrue() ? node.lastPosition.index : LogIndex(number()) }
    mutating func position(_ node: RaftNode) -> LogPosition {
      isTrue() ? node.lastPosition : LogPosition(index: index(node), term: term(node))
    }

    mutating func nodes() -> [NodeID] {
      (0..<random.next(below: 4)).map { _ in
        NodeID(UInt32(truncatingIfNeeded: isTrue() ? random.next(below: 5) : number()))
      }
    }

    mutating func configuration() -> Configuration {
      var result = Configuration(voters: [NodeID(0)])
      result.voters = isTrue() ? nodes().sorted() : nodes()
      result.outgoing = isTrue() ? [] : nodes()
      result.learners = nodes()
      return result
    }

    mutating func entries(_ node: RaftNode) -> [Entry] {
      (0..<random.next(below: 4)).map { _ in
        switch random.next(below: 3) {
        case 0: Entry(term: term(node), payload: .empty)
        case 1: Entry(term: term(node), payload: .command([1]))
        default:
          Entry(
            term: term(node),
            payload: .configuration(ConfigurationChange(isTrue() ? [] : nodes().map { .addVoter($0) })))
        }
      }
    }

    mutating func message(_ node: RaftNode) -> Message {
      let term = term(node)
      let round = Round(isTrue() ? 1 : number())
      switch random.next(below: 14) {
      case 0: return .preVoteRequest(PreVoteRequest(term: term, last: position(node)))
      case 1:
        return .preVoteResponse(
          PreVoteResponse(term: isTrue() ? node.term.next : term, isGranted: isTrue(), committed: .zero))
      case 2: return .voteRequest(VoteRequest(term: term, last: position(node), isTransfer: isTrue()))
      case 3: return .voteResponse(VoteResponse(term: term, isGranted: true))
      case 4, 5:
        return .appendEntries(
          AppendEntries(
            term: term, round: round, previous: position(node), commit: index(node), entries: entries(node)))
      case 6: return .appendAccepted(AppendAccepted(term: term, round: round, match: index(node)))
      case 7:
        return .appendRejected(AppendRejected(term: term, round: round, previous: index(node), hint: position(node)))
      case 8: return .heartbeat(Heartbeat(term: term, round: round, commit: isTrue() ? .zero : index(node)))
      case 9: return .heartbeatResponse(HeartbeatResponse(term: term, round: round))
      case 10:
        let offset = isTrue() ? 0 : Int(truncatingIfNeeded: number())
        return .installSnapshot(
          InstallSnapshot(
            term: term, round: round,
            snapshot: SnapshotDescription(last: position(node), configuration: configuration()), offset: offset,
            bytes: [1], isLast: isTrue()))
      case 11:
        return .snapshotReceived(
          SnapshotReceived(
            term: term, round: round, last: index(node),
            progress: isTrue() ? .installed : .wanted(offset: Int(truncatingIfNeeded: number()))))
      case 12: return .timeoutNow(TimeoutNow(term: term, last: position(node)))
      default:
        return isTrue()
          ? .readIndexRequest(ReadIndexRequest(term: term, id: ReadID(number())))
          : .readIndexResponse(ReadIndexResponse(term: term, id: ReadID(number()), index: isTrue() ? nil : index(node)))
      }
    }
  }

  @Test func extremeValuesNeverCrashANode() {
    var handled = 0
    var led = 0
    for seed in 0..<400 as Range<UInt64> {
      var source = Source(random: RandomSource(seed: seed))
      var solo = Solo(0, voters: 1 + Int(seed % 4), terms: [1, 1, 2], term: 2, commit: seed % 4)
      for _ in 0..<60 where solo.node.fault == nil {
        if source.random.nextBool(probability: 0.1) { solo.timeOut() }
        if source.random.nextBool(probability: 0.1), solo.node.role == .leader { led += 1 }
        _ = solo.turn { node, _ in _ = try? node.propose([1]) }
        let from = NodeID(source.isTrue() ? 1 : UInt32(truncatingIfNeeded: source.number()))
        let envelope = Envelope(from: from, to: solo.node.id, message: source.message(solo.node))
        _ = solo.turn { node, now in node.receive(envelope, at: now) }
        for chunk in solo.chunks where chunk.isLast {
          _ = solo.turn { node, now in node.snapshotInstalled(chunk.snapshot.value, at: now) }
        }
        solo.chunks = []
        handled += 1
      }
    }
    #expect(handled > 4_000)
    #expect(led > 50)
  }
}
