import Experiment
import KeyValue
import RESP
import Raft
import Server
import Testing

@testable import Runtime

/// Where answers go, and what was passed on.
struct ClientBookkeepingTests {
  private func end(_ number: SequenceNumber, _ node: NodeID, _ forwarding: inout Forwarding) -> ClientAddress? {
    forwarding.end(number, by: node)
  }

  @Test func anAnswerForAnEarlierLifeOrOfAnotherNodeFitsNothing() {
    var earlier = Forwarding(life: 1)
    let old = earlier.begin(for: ClientAddress(1), to: NodeID(1), at: .zero)
    var now = Forwarding(life: 2)
    let new = now.begin(for: ClientAddress(2), to: NodeID(1), at: .zero)
    #expect(old != new)
    #expect(end(old, NodeID(1), &now) == nil)
    #expect(end(new, NodeID(2), &now) == nil)
    #expect(end(new, NodeID(1), &now) == ClientAddress(2))
  }

  @Test func requestsThatWerePassedOnEndOnceAndInAnyOrder() {
    var forwarding = Forwarding(life: 5)
    let clients = (0..<3).map { ClientAddress(UInt64($0)) }
    let numbers = clients.map { forwarding.begin(for: $0, to: NodeID(1), at: .zero) }
    #expect(Set(numbers).count == 3)
    #expect(end(numbers[1], NodeID(1), &forwarding) == clients[1])
    #expect(end(numbers[1], NodeID(1), &forwarding) == nil)
    #expect(end(SequenceNumber(0), NodeID(1), &forwarding) == nil)
    #expect(end(SequenceNumber(numbers[2].rawValue + 1), NodeID(1), &forwarding) == nil)
    #expect(end(numbers[0], NodeID(1), &forwarding) == clients[0])
    #expect(end(numbers[2], NodeID(1), &forwarding) == clients[2])
    #expect(forwarding.waiting == 0)
  }

  @Test func requestsToANodeThatIsLostEndUnknownAndOthersGoOn() {
    var forwarding = Forwarding(life: 5)
    let lost = forwarding.begin(for: ClientAddress(1), to: NodeID(1), at: .zero)
    let kept = forwarding.begin(for: ClientAddress(2), to: NodeID(2), at: .zero)
    let toLost = forwarding.giveUp { node, _ in node == NodeID(1) }
    #expect(toLost == [ClientAddress(1)])
    #expect(end(lost, NodeID(1), &forwarding) == nil)
    let late = forwarding.giveUp { _, deadline in deadline <= .zero + Forwarding.patience }
    #expect(late == [ClientAddress(2)])
    #expect(end(kept, NodeID(2), &forwarding) == nil)
  }

  @Test func pausesGrowToACapAndEndWithASuccess() {
    var backoff = Backoff()
    var random = RandomSource(seed: 3)
    #expect(backoff.isOver(at: .zero))
    var now = Instant.zero
    var spans: [TimeSpan] = []
    for _ in 0..<12 {
      backoff.fail(at: now, &random)
      #expect(!backoff.isOver(at: now))
      spans.append(backoff.until - now)
      now = backoff.until
      #expect(backoff.isOver(at: now))
    }
    #expect(spans[0] <= Backoff.shortest)
    #expect(spans.allSatisfy { $0 <= Backoff.longest })
    #expect(spans[11] >= Backoff.longest / 2)
    backoff.succeed()
    #expect(backoff.isOver(at: .zero))
  }
}
