import Emulation
import Raft
import Testing

@testable import Simulation

@Suite("Leadership: how a group lost the leader that worked") struct LeadershipTests {
  @Test("A leader that hands over is lost to the transfer, once, and its successor is elected")
  func transfer() throws {
    var simulation = try makeGroup()
    let elected = simulation.electLeader()
    let old = try #require(elected)
    let new = NodeID((old.rawValue + 1) % 3)
    simulation.observations.removeAll()
    try simulation.transferLeadership(from: old, to: new)
    simulation.run(until: simulation.now + .milliseconds(500))
    let changes = simulation.observations.leadership
    try #require(changes.count == 2, "\(changes)")
    guard case .lost(old, cause: .transfer, _) = changes[0], case .elected(new, _, _) = changes[1] else {
      Issue.record("\(changes)")
      return
    }
  }

  @Test("One that steps down in another term than that of the transfer has not handed over")
  func otherTerm() {
    for (term, cause) in [(Term(2), LeaderLoss.transfer), (Term(3), .stepDown)] {
      var tracker = LeadershipTracker()
      #expect(tracker.elected(NodeID(0), Term(1), at: .zero) == [.elected(NodeID(0), term: Term(1), at: .zero)])
      tracker.campaignsAsTold(in: Term(2))
      #expect(tracker.causeOfStepDown(in: term) == cause)
      #expect(
        tracker.elected(NodeID(1), term, at: .zero) == [
          .lost(NodeID(0), cause: cause, at: .zero), .elected(NodeID(1), term: term, at: .zero),
        ])
    }
  }
}
