import Emulation
import Raft
import Testing

@testable import Experiment

@Suite("A spec written back")
struct RoundTripTests {
  /// A spec that gives every kind of value at least once.
  static let everything = """
    name: everything
    seed: 18446744073709551615
    duration: 90.5s
    warmup: 1ms
    sites: [a, b, c]
    links:
      matrix: {a: {b: 10ms, c: 33.333333ms}, b: {c: 1us, a: 12ms}, c: {c: 1ms}}
      jitter: {model: pareto, shape: 2.5, scale: 3us}
      bandwidth: 10Mbps
      loss: 0.1%
      duplication: 0.00001
      ordering: unordered
      queue_limit: 1000B
      routes:
        - {factor: 1.1, extra: 1ms, jitter: {model: normal, deviation: 1ms}, hold: 10s, weight: 3}
        - {jitter: none}
      overrides:
        - {from: a, to: [b, c], delay: 7ms, jitter: none, bandwidth: unlimited, ordering: ordered}
        - {to: c, both_ways: true, delay_factor: 1.5, loss: 0.5, duplication: 0, bandwidth: 1kbps, queue_limit: 1KiB}
    group:
      voters: {b: 1, a: 2}
      learners: {c: 1}
      election_timeout: [1s, 1s]
      read_confirmation: {lease: 200ppm}
      snapshot_every: never
    resources: {preset: c5.large, cpu_per_message: 3us, egress: unlimited}
    workload:
      - {mix: {read: 1, cas: 0}, rate: 100/s}
      - {from: 10s, sites: [c], rate: 1/min, arrival: constant, keys: {distribution: uniform}}
      - {from: 20s, trace: [[0s, 10/s], [5s, 0/s], [6s, 0.125/s]], value: [1B, 2KiB], read: local}
      - {from: 30s, clients: 3, think: 5ms, keys: {distribution: latest, theta: 0.5}}
    clients: {timeout: 3s, read_from: nearest, sessions: 10}
    faults:
      - {at: 1s, crash: leader}
      - {every: 20s, from: 2s, until: 50s, crash: follower@a, restart_after: 3s}
      - {at: 3s, restart: any}
      - {at: 4s, pause: any@b, for: 1s}
      - {at: 5s, partition: [[a, b.0], [c], [leader]]}
      - {at: 6s, partition: {from: [a], to: [b, c]}, for: 1s}
      - {at: 7s, heal: all}
      - {at: 8s, link: {delay: 1s, jitter: {model: lognormal, median: 1ms, sigma: 2}}, for: 1s}
      - {at: 9s, transfer: follower}
      - {at: 10s, add: a}
      - {at: 11s, add: b, as: learner}
      - {at: 12s, remove: a.0}
      - {at: 13s, promote: learner@c}
      - {at: 14s, clock: leader, error: -500ppm, for: 9s}
      - {at: 15s, disk: b.1, problem: slow, slower_by: 10ms, for: 9s}
      - {at: 16s, disk: any, problem: torn-tail}
    slo: {write: 1s}
    record: {latency: 12.5%, history: false, windows: 100ms, checks: every-step}
    """.replacing("cas: 0", with: "compare-and-swap: 0.25")

  private static let elastic = """
    name: elastic
    duration: 20h
    system: bw-raft
    sites: [us-east-1, us-west-2]
    group:
      voters: {us-east-1: 2, us-west-2: 1}
      heartbeat: 100ms
      election_timeout: [900ms, 1200ms]
      relay: {reach: group, timeout: 300ms, acknowledgements: carried}
      bounded_age: 2s
    fleet: {secretaries: {us-west-2: 1}, observers: {us-east-1: 2}, instance: m5.large, market: on-demand, capacity: 5, feed: leader}
    spot:
      price: {model: generated, usd_per_hour: 0.05, deviation: 0.2, reversion: 3h}
      revocation: {model: bathtub, early_share: 0.4, early: 1h, late: 1h, bound: 24h}
      shocks: {region: {interval: 100h, share: 0.5, drought: 1h}, pool: {interval: 10h}, instance: 50h}
      notice: none
      notice_lost: 0.1
      rebalance: 5min
      start_up: 1s
      boot: 2s
    policy: {name: peek, epoch: 1h, instances_per_site: 5, instances: 9, target: 0.6, reads_per_server: 100/s, horizon: all, patience: 2}
    budget: {per_epoch: 1.25, total: 20}
    costs: {billing: per-hour, on_demand: 0.1, transfer: false}
    sampling: {epoch: 1h, window: 5s}
    workload: [{mix: ycsb-b, rate: 10/s, read: bounded}]
    faults: [{at: 2h, revoke: secretary@us-west-2, notice: 30s}, {at: 3h, revoke: observer}]
    """

  @Test("every policy and every revocation model is read back as an equal spec")
  func choices() throws {
    let policies = [
      "{name: none}", "{name: static}",
      "{name: reactive, high: 0.8, low: 0.1, patience: 4, followers_per_secretary: 3}",
      "{name: budget, target: 0.5}", "{name: peek, horizon: 7}", "{name: predictive, season: 12}",
      "{name: spot-diversified, patience: 9}", "{name: follow-load, margin: 2.5}",
      "{name: external, command: [python3, p.py], timeout: 2s, horizon: 3}",
    ]
    let models = [
      "{model: none}", "{model: preset, name: weibull-aws-r5-2023}", "{model: exponential, mean: 1h}",
      "{model: weibull, shape: 0.5, scale: 2h}", "{model: lognormal, median: 1h, sigma: 1.5}",
      "{model: price-crossing, bid: 0.1}", "{model: advisor, band: 5-10%}",
    ]
    for policy in policies {
      for model in models {
        let options = ["policy=\(policy)", "spot.revocation=\(model)"]
        let spec = try SpecLoader.parse(Self.elastic, overrides: options).spec
        #expect(try SpecLoader.parse(spec.canonicalYAML).spec == spec, "\(policy) \(model)")
      }
    }
  }

  @Test("is read back as an equal spec", arguments: Samples.examples + ["everything", "elastic", "minimal"])
  func roundTrip(name: String) throws {
    let text =
      switch name {
      case "everything": Self.everything
      case "elastic": Self.elastic
      case "minimal": Samples.minimal
      default: try Samples.example(name)
      }
    let spec = try SpecLoader.parse(text, source: name).spec
    let written = spec.canonicalYAML
    let again = try SpecLoader.parse(written, source: "canonical").spec
    #expect(again == spec, "\(written)")
    #expect(again.canonicalYAML == written)
  }

  @Test("patches change the links that they name, in the direction that they name")
  func links() throws {
    let spec = try SpecLoader.parse(Self.everything).spec
    let table = try spec.links.table(sites: spec.sites)
    let (a, b, c) = (SiteID(0), SiteID(1), SiteID(2))
    #expect(table[a, b].delay == .milliseconds(7))
    #expect(table[b, a].delay == .milliseconds(6))
    // Both patches concern a to c: 7 ms, then half as much again.
    #expect(table[a, c].delay == .microseconds(10_500))
    #expect(table[c, b].delay == .nanoseconds(750))
    #expect(table[c, c].delay == .microseconds(500))
    #expect(table[a, a].delay == LatencyTable.defaultWithinSite / 2)
    #expect(table[a, a].jitter == .none)
    #expect(table[b, a].jitter == .pareto(shape: 2.5, scale: .microseconds(3)))
    #expect(table[a, c].bandwidth == Bandwidth(bitsPerSecond: 1_000))
    let patch = spec.links.overrides[1]
    #expect(patch.selections(sites: spec.sites) == [.from([a], to: [c]), .from([b], to: [c]), .from([c], to: [a, b])])
  }

  @Test("repeated faults strike at their times")
  func times() throws {
    let spec = try SpecLoader.parse(Self.everything).spec
    #expect(spec.faults[1].times(within: spec.duration) == [.seconds(2), .seconds(22), .seconds(42)])
    #expect(spec.faults[0].times(within: spec.duration) == [.seconds(1)])
  }
}
