import Testing

@testable import Raft

/// A real leader and a real follower that begin with any two small logs that can exist at the same time, each
/// compacted anywhere, end with the same log.
@Suite struct ConvergenceTests {
  @Test func everyFollowerEndsWithTheLeadersLog() {
    var wrong: [String] = []
    var runs = 0
    var snapshots = 0
    for pair in LogPair.all(upTo: 4) {
      for leaderBase in 0...pair.leader.count {
        let leader = leading(pair.leader.state(base: leaderBase))
        for followerBase in 0...pair.common {
          var run = Convergence(leader: leader, follower: Solo(1, state: pair.follower.state(base: followerBase)))
          run.finish()
          runs += 1
          snapshots += run.snapshots
          if let flaw = run.flaw(of: pair, leaderBase: leaderBase) {
            wrong.append("\(pair) from \(leaderBase) and \(followerBase): \(flaw)")
          }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(3))")
    #expect(runs > 2_000 && snapshots > 300, "\(runs) runs, \(snapshots) snapshots")
  }

  /// A new leader, and what it sends first.
  private func leading(_ state: DurableState) -> (Solo, [Envelope]) {
    var leader = Solo(0, state: state)
    let sent = leader.lead()
    return (leader, sent)
  }
}

/// The messages between one leader and one follower, delivered in order.
private struct Convergence {
  private var leader: Solo
  private var follower: Solo
  private var toFollower: [Envelope]
  private var toLeader: [Envelope] = []
  private var rejections = 0
  private(set) var snapshots = 0

  init(leader: (Solo, [Envelope]), follower: Solo) {
    self.leader = leader.0
    self.follower = follower
    toFollower = leader.1.filter { $0.to == n(1) }
  }

  mutating func finish() {
    var budget = 60
    while budget > 0, !(toFollower.isEmpty && toLeader.isEmpty) {
      budget -= 1
      if !toFollower.isEmpty {
        let envelope = toFollower.removeFirst()
        toLeader += follower.turn { node, now in node.receive(envelope, at: now) }
      } else {
        let envelope = toLeader.removeFirst()
        rejections += [envelope].rejections.count
        send(leader.turn { node, now in node.receive(envelope, at: now) })
      }
      moveSnapshot()
    }
  }

  private mutating func send(_ sent: [Envelope]) { toFollower += sent.filter { $0.to == n(1) } }

  /// The two hosts' part: one chunk, made durable and restored as soon as it arrives.
  private mutating func moveSnapshot() {
    while let request = leader.chunkRequests.popLast() {
      send(leader.turn { node, now in node.supplySnapshotChunk(request, bytes: [1], isLast: true, at: now) })
    }
    while let chunk = follower.chunks.popLast() {
      let snapshot = chunk.snapshot.value
      snapshots += 1
      follower.disk.snapshot = snapshot
      follower.disk.entries = []
      toLeader += follower.turn { node, now in node.snapshotInstalled(snapshot, at: now) }
    }
  }

  func flaw(of pair: LogPair, leaderBase: Int) -> String? {
    let (one, other) = (leader.node, follower.node)
    if let fault = other.fault { return "stopped: \(fault)" }
    if one.lastPosition != other.lastPosition { return "ends at \(other.lastPosition), not \(one.lastPosition)" }
    var index = max(one.firstIndex, other.firstIndex)
    while index <= one.lastPosition.index {
      if one.entry(at: index) != other.entry(at: index) { return "another entry at \(index)" }
      index = index.next
    }
    if other.commitIndex != one.lastPosition.index { return "committed up to \(other.commitIndex)" }
    if follower.disk.entries.last?.term != one.lastPosition.term { return "another disk" }
    let needsSnapshot = leaderBase > pair.common
    if (snapshots > 0) != needsSnapshot { return "\(snapshots) snapshots" }
    // A leader that has to compact its way down asks once more, at its base.
    if rejections > pair.mostRejections + (needsSnapshot ? 1 : 0) { return "\(rejections) rejections" }
    return nil
  }
}
