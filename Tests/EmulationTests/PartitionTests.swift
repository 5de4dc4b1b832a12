import Raft
import Testing

@testable import Emulation

struct PartitionTests {
  /// Every ordered pair with one end in each of two sets, both ways.
  private func between(_ left: Set<UInt32>, _ right: Set<UInt32>) -> Set<[UInt32]> {
    var pairs: Set<[UInt32]> = []
    for from in left { for to in right { pairs.formUnion([[from, to], [to, from]]) } }
    return pairs
  }

  @Test func groupsOfSitesAreCutBothWays() throws {
    let network = try Network.triangle()
    let cut = try network.begin(.groups([[.site(a)], [.site(b), .site(c)]]))
    #expect(network.blocked() == between([0, 3], [1, 2, 4, 5]))
    #expect(network.transmit(from: 0, to: 1, bytes: 1, at: .zero) == .blocked)
    #expect(network.arrival(1, 2, at: .zero) == .milliseconds(20))
    #expect(network.arrival(0, 3, at: .zero) == .microseconds(100))
    #expect(network.counters(from: a, to: b).blocked == 1)
    #expect(network.heal(cut))
    #expect(!network.heal(cut))
    #expect(network.blocked().isEmpty)
    #expect(network.arrival(0, 1, at: .zero) == .milliseconds(20))
  }

  @Test func threeGroupsAndOneThatIsNotNamed() throws {
    let network = try Network.triangle()
    _ = try network.begin(.groups([[.endpoint(0)], [.endpoint(1), .endpoint(3)], [.site(c)]]))
    #expect(network.blocked() == between([0], [1, 3]).union(between([0, 1, 3], [2, 5])))
  }

  @Test func anEndpointNamedItselfLeavesItsSite() throws {
    let network = try Network.triangle()
    _ = try network.begin(.groups([[.site(a)], [.site(b), .endpoint(3)]]))
    #expect(network.blocked() == between([0], [1, 4, 3]))
  }

  @Test func oneWayCutsLeaveTheWayBack() throws {
    let network = try Network.triangle()
    _ = try network.begin(.oneWay(from: [.site(a)], to: [.site(b), .site(c)]))
    #expect(network.blocked() == [[0, 1], [0, 2], [0, 4], [0, 5], [3, 1], [3, 2], [3, 4], [3, 5]])
    // From everyone to one of them: it does not cut the endpoint off from itself.
    network.healAll()
    _ = try network.begin(.oneWay(from: [.site(a), .site(b), .site(c)], to: [.endpoint(2)]))
    #expect(network.blocked() == [[0, 2], [1, 2], [3, 2], [4, 2], [5, 2]])
  }

  @Test func isolationCutsOneEndpoint() throws {
    let network = try Network.triangle()
    let first = try network.begin(.isolated(4))
    _ = try network.begin(.isolated(0))
    #expect(network.blocked() == between([4], [0, 1, 2, 3, 5]).union(between([0], [1, 2, 3, 5])))
    network.heal(first)
    #expect(network.blocked() == between([0], [1, 2, 3, 4, 5]))
  }

  @Test func partitionsOverlapAndHealOnTheirOwn() throws {
    let network = try Network.triangle()
    let wide = try network.begin(.groups([[.site(a)], [.site(b), .site(c)]]))
    let narrow = try network.begin(.groups([[.endpoint(0)], [.endpoint(1)]]))
    let oneWay = try network.begin(.oneWay(from: [.site(b)], to: [.site(c)]))
    #expect(network.partitionsInForce == [wide, narrow, oneWay])
    network.heal(wide)
    #expect(network.blocked() == [[0, 1], [1, 0], [1, 2], [1, 5], [4, 2], [4, 5]])
    network.heal(oneWay)
    #expect(network.blocked() == [[0, 1], [1, 0]])
    network.healAll()
    #expect(network.blocked().isEmpty && network.partitionsInForce.isEmpty)
  }

  @Test func aNewcomerIsCutLikeItsSite() throws {
    let network = try Network.triangle()
    _ = try network.begin(.groups([[.site(a)], [.site(b)]]))
    let newcomer = try network.addEndpoint(at: b)
    #expect(network.isBlocked(from: newcomer, to: 0) && network.isBlocked(from: 0, to: newcomer))
    #expect(!network.isBlocked(from: newcomer, to: 1))
    try network.replaceEndpoint(newcomer, at: c)
    #expect(!network.isBlocked(from: newcomer, to: 0))
  }

  @Test func impossiblePartitionsAreRefused() throws {
    let network = try Network.triangle()
    func refusal(_ partition: Partition) -> NetworkError? {
      do {
        _ = try network.begin(partition)
        return nil
      } catch { return error }
    }
    #expect(refusal(.groups([[.site(a)]])) == .tooFewGroups)
    #expect(refusal(.groups([[.site(a)], []])) == .tooFewGroups)
    #expect(refusal(.oneWay(from: [], to: [.site(a)])) == .tooFewGroups)
    #expect(refusal(.groups([[.site(a)], [.site(b), .site(a)]])) == .inTwoGroups(.site(a)))
    #expect(refusal(.groups([[.site(a)], [.site(SiteID(9))]])) == .unknownSite(SiteID(9)))
    #expect(refusal(.isolated(6)) == .unknownEndpoint(6))
    #expect(network.partitionsInForce.isEmpty)
    for _ in 0..<Network.mostBarriers { #expect(refusal(.oneWay(from: [.site(a)], to: [.site(b)])) == nil) }
    #expect(refusal(.oneWay(from: [.site(a)], to: [.site(b)])) == .tooManyPartitions)
    #expect(refusal(.isolated(2)) == nil)
    #expect(network.isBlocked(from: 0, to: 1) && !network.isBlocked(from: 1, to: 0))
  }

  /// What was in flight is the host's to drop: the question has its answer at the time of arrival.
  @Test func whatIsInFlightMeetsThePartitionWhenItArrives() throws {
    let network = try Network.triangle()
    #expect(network.arrival(0, 1, at: .zero) == .milliseconds(20))
    let cut = try network.begin(.groups([[.site(a)], [.site(b)]]))
    #expect(network.isBlocked(from: 0, to: 1))
    network.heal(cut)
    #expect(!network.isBlocked(from: 0, to: 1))
  }
}
