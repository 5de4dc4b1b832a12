import Emulation
import Experiment
import NIOCore
import Raft
import Testing
import Wire

@testable import Runtime

/// How exactly a node keeps the delay of an emulated link; the figures are printed, and stand in the documentation.
@Suite struct LinkAccuracyTests {
  /// The delays of the links from the first node to the others.
  static let delays: [Int64] = [1, 10, 50, 110]
  static let rounds = 40

  @Test func nothingArrivesBeforeItsTimeAndTheErrorIsTold() async throws {
    let group = try await TestGroup.voters(5) { configuration in
      configuration.links = Self.noDelays
      configuration.group.raft.electionTimeout = .seconds(2)...(.seconds(3))
    }
    _ = try await group.leader()
    let host = group.nodes[NodeID(1)]!.host
    for (place, delay) in Self.delays.enumerated() {
      let update = LinkUpdate(peer: NodeID(UInt32(place + 2)), delay: .milliseconds(delay))
      #expect(try await group.ask(.setLink(update), of: NodeID(1)) == .done)
    }
    var errors = Self.delays.map { _ in [TimeSpan]() }
    for _ in 0..<Self.rounds {
      // Answers are not delayed: what a round trip takes beyond the delay is the link's error and the way back.
      try await host.loop.submit { Self.askAll(host) }.get()
      try await eventually("a ping is not answered") {
        try await host.loop.submit { Self.hasAllAnswers(host) }.get()
      }
      for (place, found) in try await host.loop.submit({ Self.roundTrips(host) }).get().enumerated() {
        errors[place].append(found - .milliseconds(Self.delays[place]))
      }
    }
    for (place, delay) in Self.delays.enumerated() {
      let sorted = errors[place].sorted()
      #expect(sorted.count == Self.rounds)
      #expect(sorted[0] >= .zero)
      print("link of \(delay) ms: late by p50 \(sorted[sorted.count / 2]), p99 \(sorted[sorted.count * 99 / 100])")
    }
    await group.stopAll()
  }

  /// Links that delay nothing, until they are told to.
  private static let noDelays = try! SpecLoader.parse(
    """
    name: links
    sites: [local]
    links: {matrix: {local: {local: 0s}}}
    group: {voters: {local: 1}}
    workload: [{mix: ycsb-a, rate: 1/s}]
    """
  ).spec.links

  private static var peers: [NodeID] { delays.indices.map { NodeID(UInt32($0 + 2)) } }

  private static func askAll(_ host: NodeHost) {
    for peer in peers {
      guard let link = host.peers[peer] else { continue }
      link.counters.roundTrip = nil
      host.writeDirectly(to: link) { $0.writeFrame(.ping(Ping(sentAt: MonotonicClock.now))) }
    }
  }

  private static func hasAllAnswers(_ host: NodeHost) -> Bool {
    peers.allSatisfy { host.peers[$0]?.counters.roundTrip != nil }
  }

  private static func roundTrips(_ host: NodeHost) -> [TimeSpan] {
    peers.map { host.peers[$0]!.counters.roundTrip! }
  }
}
