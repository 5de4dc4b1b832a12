import Emulation
import Experiment
import NIOCore
import Raft
import Server

/// How a node begins and ends its work.
extension NodeHost {
  /// Lays the lines of a testbed's links.
  ///
  /// Throws ``NodeRefusal`` when the links do not fit the sites.
  func layLines() throws(NodeRefusal) {
    guard let plan = configuration.links else { return }
    do throws(LatencyError) {
      linkTable = try plan.table(sites: configuration.sites)
    } catch {
      throw .configuration("links: \(error)")
    }
    shaper = LinkShaper(seed: random.next())
  }

  /// Ends the work in good order: no new clients, leadership handed over, a secretary's work handed back.
  ///
  /// - Returns: Done once another node leads, or after the longest election timeout.
  func windDown() -> EventLoopFuture<Void> {
    isStopping = true
    let now = MonotonicClock.now
    if case .secretary(let server) = process { server.pointee.retire(at: now) }
    handLeadershipOver(at: now)
    scheduleTurn()
    let done = loop.makePromise(of: Void.self)
    waitForSuccessor(until: now + configuration.group.raft.electionTimeout.upperBound, done)
    return done.futureResult
  }

  private func waitForSuccessor(until limit: Instant, _ done: EventLoopPromise<Void>) {
    guard isLeading, hasOtherVoters, MonotonicClock.now < limit else {
      // What is to be said in this turn is said.
      loop.scheduleTask(in: .milliseconds(20)) { done.succeed() }
      return
    }
    loop.scheduleTask(in: .milliseconds(5)) { self.waitForSuccessor(until: limit, done) }
  }

  private var isLeading: Bool {
    guard case .member(let server) = process else { return false }
    return server.pointee.node.role == .leader
  }

  private var hasOtherVoters: Bool {
    guard case .member(let server) = process else { return false }
    return server.pointee.node.configuration.voters.contains { peers[$0]?.isUp == true }
  }

  /// Closes all connections; nothing of the server is carried out any more.
  func closeEverything() {
    hasEnded = true
    for connection in openConnections { connection.close() }
    for endpoint in addresses.endpoints {
      if case .resp(let client) = endpoint { client.close() }
    }
  }
}
