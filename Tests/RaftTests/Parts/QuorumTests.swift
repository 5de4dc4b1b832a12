import Testing

@testable import Raft

/// Quorums against the definition, for every small configuration.
@Suite struct QuorumTests {
  /// All subsets of `0..<count`.
  private static func subsets(of count: Int) -> [[Int]] {
    (0..<(1 << count)).map { bits in (0..<count).filter { bits >> $0 & 1 == 1 } }
  }

  private static var configurations: [Configuration] {
    let halves = subsets(of: 4)
    return halves.dropFirst().flatMap { voters in halves.map { joint(voters, from: $0) } }
  }

  /// A majority of every half that exists.
  private func isQuorum(_ members: Set<NodeID>, of configuration: Configuration) -> Bool {
    [configuration.voters, configuration.outgoing].allSatisfy { half in
      half.isEmpty || half.filter(members.contains).count * 2 > half.count
    }
  }

  @Test func theReachedValueIsTheLargestThatAQuorumHas() {
    var wrong = 0
    for configuration in QuorumTests.configurations {
      var quorum = Quorum(configuration)
      for code in 0..<256 {
        let values = (0..<4).map { UInt64(code >> (2 * $0) & 3) }
        let expected = (0...3).last { value in
          isQuorum(Set((0..<4).filter { values[$0] >= UInt64(value) }.map(n)), of: configuration)
        }
        if quorum.reached({ values[$0] }) != UInt64(expected!) { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func aVoteIsWonLostOrPendingAsTheMissingBallotsAllow() {
    var wrong = 0
    for configuration in QuorumTests.configurations {
      let quorum = Quorum(configuration)
      for code in 0..<81 {
        let ballots = (0..<4).map { slot in
          [Ballot.missing, .granted, .refused][code / [1, 3, 9, 27][slot] % 3]
        }
        let granted = Set((0..<4).filter { ballots[$0] == .granted }.map(n))
        let possible = Set((0..<4).filter { ballots[$0] != .refused }.map(n))
        let expected: Quorum.Outcome =
          isQuorum(granted, of: configuration) ? .won : isQuorum(possible, of: configuration) ? .pending : .lost
        if quorum.outcome({ ballots[$0] }) != expected { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  /// Large groups take another way through the selection.
  @Test func largeGroupsReachTheMedian() {
    var random = RandomSource(seed: 5)
    for size in [17, 18, 31, 64, 101, 301] {
      var quorum = Quorum(Configuration(voters: (0..<size).map(n)))
      for spread in [1, 2, 10, 1_000_000] as [UInt64] {
        let values = (0..<size).map { _ in random.next(below: spread) }
        #expect(quorum.reached { values[$0] } == values.sorted()[(size - 1) / 2])
      }
    }
  }
}
