import Foundation
import Policies
import PolicyProcess
import Raft
import Testing

// The Swift example of experiments/policies/README.md, word for word.

struct OneObserverEverywhere: MembershipPolicy {
  mutating func decide(_ observation: Observation) -> [ProposedAction] {
    observation.sites.compactMap { site in
      guard !observation.nodes.contains(where: { $0.site == site.id && $0.role == .observer }),
        let offer = observation.cheapestOffer(at: site.id, in: .spot)
      else { return nil }
      return ProposedAction(
        .hire(.observer, group: observation.groups[0].id, at: offer.placement), because: "no observer here")
    }
  }
}

func registryWithMine() throws -> PolicyRegistry {
  var registry = PolicyRegistry()
  try registry.register(
    .init(name: "one-observer", summary: "an observer at every site") { OneObserverEverywhere() })
  return registry
}

@Suite(.serialized) struct ExamplePolicyTests {
  /// The only block of a language in the README.
  static func example(_ language: String) throws -> String {
    let text = try String(contentsOf: Support.policies.appendingPathComponent("README.md"), encoding: .utf8)
    let parts = text.components(separatedBy: "```\(language)\n")
    try #require(parts.count == 2)
    return try #require(parts[1].components(separatedBy: "```").first)
  }

  static let wished = [UInt16(0), 1].map {
    ProposedAction(.hire(.observer, group: GroupID(0), at: Support.spot(at: $0)), because: "no observer here")
  }

  @Test("The Swift example is this file's, has about 20 lines, and does what it says")
  func swiftExample() throws {
    let example = try Self.example("swift")
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    #expect(source.contains(example))
    #expect(example.split(separator: "\n").count <= 20)
    var policy = try registryWithMine().makePolicy(named: "one-observer")
    #expect(policy.decide(Support.observation()) == Self.wished)
  }

  @Test(
    "The Python example has at most 20 lines and does what it says",
    .enabled(if: Support.hasPython, "python3 is not there"))
  func pythonExample() throws {
    let example = try Self.example("python")
    #expect(example.split(separator: "\n").count <= 20)
    let policy = ExternalPolicy(.init(command: ["python3", "-c", example], timeout: .seconds(30)))
    #expect(policy.decide(Support.observation()) == Self.wished)
    #expect(policy.takeFaults().isEmpty)
  }

  @Test(
    "The reactive example hires for a busy leader and busy readers and dismisses after three idle epochs",
    .enabled(if: Support.hasPython, "python3 is not there"))
  func reactiveExample() throws {
    let script = Support.policies.appendingPathComponent("reactive.py").path
    let policy = ExternalPolicy(.init(command: ["python3", script], timeout: .seconds(30)))
    let busyLeader = policy.decide(Support.observation(leaderBusy: 0.9))
    #expect(busyLeader.map(\.action) == [.hire(.secretary, group: GroupID(0), at: Support.spot(at: 1))])
    let busyReads = policy.decide(Support.observation(leaderBusy: 0.5, readsBusy: 0.95))
    #expect(
      busyReads.map(\.action) == [0, 1].map { .hire(.observer, group: GroupID(0), at: Support.spot(at: $0)) })
    var idle = Support.observation(leaderBusy: 0.1, readsBusy: 0.4)
    idle.nodes.append(
      NodeObservation(
        id: NodeID(9), group: GroupID(0), role: .secretary, state: .running, placement: Support.spot(at: 1),
        price: HourlyPrice(microUSDPerHour: 1)))
    #expect((0..<3).map { _ in policy.decide(idle).map(\.action) } == [[], [], [.dismiss(NodeID(9))]])
    // What is only starting is not sent away: it has not shown yet what it is good for.
    idle.nodes.append(
      NodeObservation(
        id: NodeID(65_536), group: GroupID(0), role: .secretary, state: .starting, placement: Support.spot(at: 1),
        price: HourlyPrice(microUSDPerHour: 1)))
    #expect((0..<3).map { _ in policy.decide(idle).map(\.action) } == [[], [], [.dismiss(NodeID(9))]])
    #expect(policy.takeFaults().isEmpty)
  }
}
