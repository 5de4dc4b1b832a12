import Testing

@testable import Raft

/// Quorums against the definition, for every configuration of up to five voters in either half.
@Suite struct QuorumTests {
  private static let size = 5
  private static let sets = NodeSet.all(of: size)
  /// 3 to the power of the slot: a code below 243 gives each of five nodes one of three values.
  private static let powers = [1, 3, 9, 27, 81]

  private static let configurations: [Configuration] = sets.dropFirst().flatMap { incoming in
    sets.map { outgoing in joint(incoming.slots, from: outgoing.slots) }
  }

  /// Which sets are quorums, by the bits of the set.
  private static func quorums(of configuration: Configuration) -> [Bool] { sets.map { $0.isQuorum(of: configuration) } }

  /// The nodes whose value in the code is at least, or exactly, what is asked for.
  private static func nodes(in code: Int, where matches: (Int) -> Bool) -> Int {
    var bits = 0
    for slot in 0..<size where matches(code / powers[slot] % 3) { bits |= 1 << slot }
    return bits
  }

  @Test func theReachedValueIsTheLargestThatAQuorumHas() {
    let reachers = (0..<243).map { code in (0...2).map { value in QuorumTests.nodes(in: code) { $0 >= value } } }
    var wrong = 0
    var checked = 0
    for configuration in QuorumTests.configurations {
      let isQuorum = QuorumTests.quorums(of: configuration)
      var quorum = Quorum(configuration)
      for code in 0..<243 {
        let expected = isQuorum[reachers[code][2]] ? 2 : isQuorum[reachers[code][1]] ? 1 : 0
        let reached = quorum.reached { UInt64(code / QuorumTests.powers[$0] % 3) }
        if reached != UInt64(expected) { wrong += 1 }
        checked += 1
      }
    }
    #expect(wrong == 0)
    #expect(checked == 31 * 32 * 243)
  }

  /// A vote is won if it is won however the missing ballots turn out, and lost if it is lost however they do.
  @Test func aVoteIsWonLostOrPendingAsItsCompletionsSay() {
    let votes = (0..<243).map { code in
      (granted: QuorumTests.nodes(in: code) { $0 == 1 }, missing: QuorumTests.nodes(in: code) { $0 == 0 })
    }
    var wrong = 0
    var seen = [0, 0, 0]
    for configuration in QuorumTests.configurations {
      let isQuorum = QuorumTests.quorums(of: configuration)
      let quorum = Quorum(configuration)
      for code in 0..<243 {
        let (granted, missing) = votes[code]
        var canWin = false
        var canLose = false
        // All subsets of the missing ballots, downwards.
        var more = missing
        while true {
          if isQuorum[granted | more] { canWin = true } else { canLose = true }
          if more == 0 { break }
          more = (more - 1) & missing
        }
        let expected: Quorum.Outcome = !canLose ? .won : !canWin ? .lost : .pending
        seen[!canLose ? 0 : !canWin ? 1 : 2] += 1
        let outcome = quorum.outcome { slot in
          switch code / QuorumTests.powers[slot] % 3 {
          case 0: .missing
          case 1: .granted
          default: .refused
          }
        }
        if outcome != expected { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    #expect(seen.reduce(0, +) == 31 * 32 * 243 && seen.allSatisfy { $0 > 10_000 }, "won, lost, pending: \(seen)")
  }

  @Test func anyTwoQuorumsOfAConfigurationMeet() {
    var apart: [Configuration] = []
    for configuration in QuorumTests.configurations {
      if !QuorumPair(configuration, configuration).alwaysMeet { apart.append(configuration) }
    }
    #expect(apart.isEmpty, "\(apart.prefix(3))")
  }

  /// Every way from voters to voters that the algebra offers: directly, or into a joint configuration and out of it.
  @Test func quorumsBeforeAndAfterAChangeMeetOnEveryPath() throws {
    var apart: [String] = []
    var direct = 0
    var jointly = 0
    for before in QuorumTests.sets.dropFirst() {
      for after in QuorumTests.sets.dropFirst() where after != before {
        let steps =
          after.subtracting(before).nodes.map { ConfigurationChange.Step.addVoter($0) }
          + before.subtracting(after).nodes.map { .remove($0) }
        let first = Configuration(voters: before.nodes)
        for transition in [ConfigurationChange.Transition.automatic, .jointThenLeave] {
          let next = try first.applying(ConfigurationChange(steps, transition: transition))
          let last = next.isJoint ? try next.applying(.leaveJoint) : next
          if next.isJoint { jointly += 1 } else { direct += 1 }
          if last.voters != after.nodes { apart.append("\(before.slots) does not become \(after.slots)") }
          if !QuorumPair(first, next).alwaysMeet || !QuorumPair(next, last).alwaysMeet {
            apart.append("\(before.slots) to \(after.slots) by \(transition)")
          }
        }
      }
    }
    #expect(apart.isEmpty, "\(apart.prefix(3))")
    // One voter added or removed goes directly: 5 * 16 pairs, less the empty set's, in either direction.
    #expect(direct == 150 && jointly == 2 * 31 * 30 - 150)
  }

  /// Why two voters at once need a joint configuration: without it, some quorums would not meet.
  @Test func twoVotersAtOnceWouldSplitTheGroup() {
    var apart = 0
    for before in QuorumTests.sets.dropFirst() {
      for after in QuorumTests.sets.dropFirst() where before.symmetricDifference(after).count == 2 {
        let pair = QuorumPair(Configuration(voters: before.nodes), Configuration(voters: after.nodes))
        if !pair.alwaysMeet { apart += 1 }
      }
    }
    #expect(apart > 0)
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

/// The quorums of two configurations of up to five voters.
private struct QuorumPair {
  private let left: [UInt8]
  private let right: [UInt8]

  init(_ left: Configuration, _ right: Configuration) {
    self.left = QuorumPair.smallest(left)
    self.right = QuorumPair.smallest(right)
  }

  /// Whether every quorum of the one has a node in common with every quorum of the other.
  var alwaysMeet: Bool {
    for one in left {
      for other in right where one & other == 0 { return false }
    }
    return true
  }

  /// The quorums that hold no smaller one, as bits: larger ones meet whatever these meet.
  private static func smallest(_ configuration: Configuration) -> [UInt8] {
    let quorums = NodeSet.all(of: 5).filter { $0.isQuorum(of: configuration) }.map(\.bits)
    return quorums.filter { quorum in !quorums.contains { $0 != quorum && $0 & quorum == $0 } }
  }
}
