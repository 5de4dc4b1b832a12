import Raft
import Testing

@testable import Workload

/// Whom the clients of a site ask, given who kept silent.
@Suite("Clients: which servers are avoided, and for how long") struct ServerTableTests {
  static let avoidance = TimeSpan.milliseconds(10)

  /// Two servers, the nearer of which was silent so many times in a row, last at `now`.
  static func table(silences: Int, at now: Instant) -> ServerTable {
    var table = ServerTable([NodeID(0), NodeID(1)])
    for _ in 0..<silences { table.noteSilence(of: NodeID(0), at: now, avoidance: avoidance) }
    return table
  }

  @Test(
    "Each silence in a row doubles how long a server is avoided, up to 64 times",
    arguments: [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 64), (62, 64), (63, 64), (100, 64)])
  func avoidance(silences: Int, factor: Int64) {
    let now = milliseconds(1_000)
    let table = Self.table(silences: silences, at: now)
    let end = now + Self.avoidance * factor
    #expect(table.pick(skipping: 0, at: end - .nanoseconds(1)) == NodeID(1))
    #expect(table.pick(skipping: 0, at: end) == NodeID(0))
  }

  @Test("One that somebody points to is avoided only as long as at first", arguments: [1, 2, 7, 100])
  func distrust(silences: Int) {
    let now = milliseconds(1_000)
    let table = Self.table(silences: silences, at: now)
    let end = now + Self.avoidance
    #expect(!table.isUsable(NodeID(0), at: end - .nanoseconds(1)))
    #expect(table.isUsable(NodeID(0), at: end))
    #expect(table.isUsable(NodeID(1), at: now) && table.isUsable(NodeID(7), at: now))
  }

  @Test("An answer in time ends it, and the next silence counts as the first")
  func answer() {
    let now = milliseconds(1_000)
    var table = Self.table(silences: 5, at: now)
    table.noteAnswer(of: NodeID(1))
    #expect(table.pick(skipping: 0, at: now) == NodeID(1))
    table.noteAnswer(of: NodeID(0))
    #expect(table.pick(skipping: 0, at: now) == NodeID(0) && table.isUsable(NodeID(0), at: now))
    table.noteSilence(of: NodeID(0), at: now, avoidance: Self.avoidance)
    #expect(table.pick(skipping: 0, at: now) == NodeID(1) && !table.isUsable(NodeID(0), at: now))
    #expect(table.pick(skipping: 0, at: now + Self.avoidance) == NodeID(0))
  }

  @Test("A new list keeps what is known of the servers that stay, and their answers still count")
  func replacing() {
    let now = milliseconds(1_000)
    var table = Self.table(silences: 3, at: now)
    table.leader = NodeID(1)
    table.replace(with: [NodeID(0), NodeID(2)])
    #expect(table.leader == nil)
    #expect(table.pick(skipping: 0, at: now + Self.avoidance * 4 - .nanoseconds(1)) == NodeID(2))
    table.noteAnswer(of: NodeID(0))
    #expect(table.pick(skipping: 0, at: now) == NodeID(0))
  }

  @Test("When all are to be avoided, the nearest are asked nevertheless, in turns")
  func allSilent() {
    let now = milliseconds(1_000)
    var table = Self.table(silences: 1, at: now)
    table.noteSilence(of: NodeID(1), at: now, avoidance: Self.avoidance)
    #expect((0..<3).map { table.pick(skipping: $0, at: now) } == [NodeID(0), NodeID(1), NodeID(0)])
  }

  @Test("A leader that is silent is believed to lead no longer")
  func silentLeader() {
    var table = ServerTable([NodeID(0), NodeID(1)])
    table.leader = NodeID(1)
    table.noteSilence(of: NodeID(0), at: .zero, avoidance: Self.avoidance)
    #expect(table.leader == NodeID(1))
    table.noteSilence(of: NodeID(1), at: .zero, avoidance: Self.avoidance)
    #expect(table.leader == nil)
  }

  @Test("Those that share the load are asked in turns; one that was silent is tried by one client at a time")
  func trial() {
    let start = milliseconds(1_000)
    let trial = TimeSpan.milliseconds(100)
    var table = ServerTable([NodeID(0), NodeID(1)])
    #expect((0..<4).map { table.share(at: start, spread: $0, trial: trial) } == [0, 1, 0, 1].map { NodeID($0) })
    table.noteSilence(of: NodeID(0), asked: start, at: start, avoidance: Self.avoidance)
    #expect((0..<4).allSatisfy { table.share(at: start, spread: $0, trial: trial) == NodeID(1) })
    let end = start + Self.avoidance
    #expect(table.share(at: end, spread: 0, trial: trial) == NodeID(0))
    #expect((0..<4).allSatisfy { table.share(at: end, spread: $0, trial: trial) == NodeID(1) })
    // It answers, and shares the load again.
    table.noteAnswer(of: NodeID(0))
    #expect((0..<4).map { table.share(at: end, spread: $0, trial: trial) } == [0, 1, 0, 1].map { NodeID($0) })
  }

  @Test("Many that wait for one silent server count as one silence")
  func oneSilence() {
    let start = milliseconds(1_000)
    var table = ServerTable([NodeID(0)])
    for late in 0..<100 as Range<Int64> {
      table.noteSilence(
        of: NodeID(0), asked: start - .milliseconds(100 - late), at: start + .milliseconds(late), avoidance: .seconds(2)
      )
    }
    #expect(table.share(at: start + .milliseconds(1_999), spread: 0, trial: .zero) == nil)
    #expect(table.share(at: start + .seconds(2), spread: 0, trial: .zero) == NodeID(0))
  }
}
