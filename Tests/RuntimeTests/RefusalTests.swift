import Experiment
import Raft
import Server
import Testing
import Wire

@testable import Runtime

/// Clients whose requests cannot be served now: they are answered, once and in order, and the node goes on.
@Suite(.serialized) struct RefusalTests {
  @Test func aFollowerThatHasLostItsLeaderAnswersEveryWriteOfAPipeline() async throws {
    // Long time-outs: the follower believes in its leader for as long as the test lasts.
    let group = try await TestGroup.voters(3) { $0.group.raft.electionTimeout = .seconds(3)...(.seconds(4)) }
    let leader = try await group.leader()
    let follower = NodeID(leader.rawValue % 3 + 1)
    let client = try RESPClient(group.clients(of: follower))
    try await eventually("the follower passes nothing on") { try client.ask("SET", "a", "1") == .status("OK") }
    for node in [1, 2, 3].map({ NodeID($0) }) where node != follower { await group.stopAtOnce(node) }
    try client.send((0..<50).map { ["INCR", "n\($0)"] } + [["PING"]])
    for _ in 0..<50 {
      let reply = try client.reply()
      // Not sent, or of unknown outcome when the connection broke meanwhile.
      #expect(reply.isError("TRYAGAIN") || reply.isError("CLUSTERDOWN") || reply.isError("UNKNOWN"), "\(reply)")
    }
    #expect(try client.reply() == .status("PONG"))
    await group.stopAll()
  }

  @Test func readsBehindAWriteOfOnePipelineAreAnsweredWhateverTheirConsistency() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    let client = try RESPClient(group.clients(of: NodeID(1)))
    for consistency in ["local", "bounded", "linearizable"] {
      #expect(try client.ask("CONSISTENCY", consistency) == .status("OK"))
      try client.send((0..<40).flatMap { [["SET", "a", "\($0)"], ["GET", "a"]] })
      for number in 0..<40 {
        #expect(try client.reply() == .status("OK"))
        #expect(try client.reply() == .bulk("\(number)"))
      }
    }
    await group.stopAll()
  }

  @Test func aNodeThatStopsWithClientsAtWorkAnswersThemAndEnds() async throws {
    let group = try await TestGroup.voters(3)
    let leader = try await group.leader()
    let address = group.clients(of: leader)
    let work = Task.detached {
      let client = try RESPClient(address)
      var answers = 0
      // Until the connection ends.
      while (try? client.ask("SET", "a", "\(answers)")) != nil { answers += 1 }
      return answers
    }
    try await Task.sleep(for: .milliseconds(300))
    await group.stop(leader)
    #expect(try await work.value > 0)
    #expect(try await group.leader() != leader)
    await group.stopAll()
  }

  @Test func aConnectionThatIsRefusedLeavesOthersAlone() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    try await group.start(NodeID(11), .observer)
    let first = try RESPClient(group.clients(of: NodeID(11)))
    try await eventually("the observer does not answer") { (try? first.ask("GET", "a")) == .bulk(nil) }
    #expect(try await group.ask(.retire, of: NodeID(11)) == .done)
    // The observer is to go and takes nobody new; who is there is told so, and stays connected.
    let second = try RESPClient(group.clients(of: NodeID(11)))
    #expect(second.isClosedByServer())
    #expect(try first.ask("PING") == .status("PONG"))
    await group.stopAll()
  }

  @Test func aMemberOnOtherStorageIsNotTakenForTheOneThatWasThere() async throws {
    let group = try await TestGroup.voters(3)
    let leader = try await group.leader()
    let wiped = NodeID(leader.rawValue % 3 + 1)
    // Nobody can tell other storage from the first that it ever hears of.
    try await eventually("the node does not follow") { try await group.status(of: wiped).lastIndex > .zero }
    await group.stop(wiped)
    try group.removeData(of: wiped)
    try await group.start(wiped, .voter, creates: true)
    // It hears from nobody, however long it tries.
    try await Task.sleep(for: .seconds(1))
    let status = try await group.status(of: wiped)
    #expect(status.lastIndex == .zero)
    #expect(status.leader == nil)
    await group.stopAll()
  }

  @Test func newcomersLearnOfEachOtherFromTheNodesThatKnowThem() async throws {
    let group = try await TestGroup.voters(3)
    _ = try await group.leader()
    for number in [4, 5] as [UInt32] {
      try await group.start(NodeID(number), .voter, creates: true)
      // Only one node is told.
      #expect(try await group.ask(.introduce([group.address(of: NodeID(number), .voter)]), of: NodeID(1)) == .done)
      try await eventually("the learner is not taken") {
        let change = ConfigurationChange([.addLearner(NodeID(number))])
        if case .proposed = try await group.ask(.change(change), of: group.leader()) { return true }
        return false
      }
      try await eventually("the voter is not taken") {
        let change = ConfigurationChange([.addVoter(NodeID(number))])
        if case .proposed = try await group.ask(.change(change), of: group.leader()) { return true }
        return false
      }
    }
    try await eventually("the newcomer does not lead") {
      let leader = try await group.leader()
      if leader == NodeID(4) { return true }
      _ = try await group.ask(.transferLeadership(to: NodeID(4)), of: leader)
      return false
    }
    let client = try RESPClient(group.clients(of: NodeID(4)))
    try await eventually("node 5 does not follow node 4") {
      _ = try client.ask("SET", "a", "1")
      let (four, five) = (try await group.status(of: NodeID(4)), try await group.status(of: NodeID(5)))
      return five.leader == NodeID(4) && five.appliedIndex == four.appliedIndex
    }
    await group.stopAll()
  }
}
