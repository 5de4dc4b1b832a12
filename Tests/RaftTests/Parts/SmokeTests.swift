import Testing

@testable import Raft

@Suite struct ReplicationTests {
  @Test(arguments: [1, 2, 3, 5, 7]) func commandsReachEveryMember(voters: Int) throws {
    var group = TestGroup(voters: voters)
    group.elect(0)
    for number in 0..<20 { _ = try group.propose(0, [UInt8(number)]) }
    group.deliverAll()
    for slot in 0..<voters { #expect(group.commands(slot) == (0..<20).map { [UInt8($0)] }) }
    #expect(group.violations.isEmpty)
  }

  @Test func aNewLeaderIsElectedAndKeepsWhatWasCommitted() throws {
    var group = TestGroup(voters: 5)
    group.run(for: .seconds(5))
    let first = try #require(group.leaders.first)
    _ = try group.propose(first, bytes("a"))
    group.deliverAll()
    group.crash(first)
    group.run(for: .seconds(10))
    let second = try #require(group.leaders.first)
    #expect(second != first)
    _ = try group.propose(second, bytes("b"))
    group.deliverAll()
    group.restart(first)
    group.run(for: .seconds(5))
    for slot in 0..<5 where slot != first { #expect(group.commands(slot) == [bytes("a"), bytes("b")]) }
    #expect(group.commands(first) == [bytes("a"), bytes("b")])
    #expect(group.violations.isEmpty)
  }

  @Test func proposalsOfOneTurnTravelTogether() throws {
    var group = TestGroup(voters: 3)
    group.elect(0)
    for number in 0..<8 { _ = try group[0].propose([UInt8(number)]) }
    group.settle(0)
    let appends = group.mailbox.compactMap { if case .appendEntries(let message) = $0.message { message } else { nil } }
    #expect(appends.map(\.entries.count) == [8, 8])
  }

  @Test func aLaggingFollowerIsBroughtUpInBoundedMessages() throws {
    var group = TestGroup(voters: 3) { $0.maximumEntriesPerMessage = 10 }
    group.elect(0)
    group.isLost = { $0.to == n(2) }
    for number in 0..<200 {
      _ = try group.propose(0, [UInt8(number)])
      group.deliverAll()
    }
    group.isLost = { _ in false }
    group.run(for: .seconds(2))
    #expect(group.commands(2).count == 200)
    #expect(group.violations.isEmpty)
  }
}
