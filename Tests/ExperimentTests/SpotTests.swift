import Cloud
import Foundation
import Raft
import Testing

@testable import Experiment

@Suite("Spot markets in specs")
struct SpotTests {
  /// A spec of two sites with a fleet, and its `spot` block.
  private static func spec(_ spot: String) -> String {
    """
    name: spot
    system: geo-raft
    sites: [us-east-1, us-west-2]
    group: {voters: {us-east-1: 2, us-west-2: 1}}
    workload: [{rate: 100/s}]
    spot:
    \(spot.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    """
  }

  private static let history = """
    {"SpotPriceHistory": [
      {"Timestamp": "2016-04-25T02:00:00.000Z", "ProductDescription": "Linux/UNIX", "InstanceType": "m3.medium",
       "SpotPrice": "0.0120", "AvailabilityZone": "us-east-1b"},
      {"Timestamp": "2016-04-25T01:00:00.000Z", "ProductDescription": "Linux/UNIX", "InstanceType": "m3.medium",
       "SpotPrice": "0.0300", "AvailabilityZone": "us-west-2a"},
      {"Timestamp": "2016-04-25T00:30:00.000Z", "ProductDescription": "Linux/UNIX", "InstanceType": "m3.medium",
       "SpotPrice": "0.0090", "AvailabilityZone": "us-east-1c"},
      {"Timestamp": "2016-04-25T00:00:00.000Z", "ProductDescription": "Linux/UNIX", "InstanceType": "m3.medium",
       "SpotPrice": "0.0100", "AvailabilityZone": "us-east-1b"}
    ]}
    """

  private static let files = [
    "history.json": history,
    "east.csv": "at_s,usd_per_hour\n0,0.01\n60.5,0.02\n", "west.csv": "at_s,usd_per_hour\n0,0.03\n",
    "counts.csv": "0,8\n600,5\n1200,9\n", "zone.json": #"{"metadata": {"gap_seconds": 600}, "data": [1, 1, 0, 1]}"#,
  ]

  private func load(_ spot: String) throws(SpecRefusal) -> ExperimentSpec {
    try SpecLoader.parse(
      Array(Self.spec(spot).utf8), source: "spec.yaml", overrides: [], seed: nil,
      readFile: { name in
        Self.files[name].map { .success(Array($0.utf8)) } ?? .failure(CompanionFileError(reason: "no such file"))
      }
    ).spec
  }

  private func problems(_ spot: String) -> [String] {
    do throws(SpecRefusal) {
      _ = try load(spot)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  /// The spec, which is read back as it is without the files.
  private func loadAgain(_ spot: String) throws -> ExperimentSpec {
    let spec = try load(spot)
    let again = try SpecLoader.parse(spec.canonicalYAML).spec
    #expect(again == spec, "\(spec.canonicalYAML)")
    return again
  }

  private func prices(_ spec: ExperimentSpec, _ site: String) throws -> [String] {
    guard case .recorded(let series) = spec.spot.price else { return [] }
    return try #require(series[site]).steps.map { "\($0.at.seconds) \($0.value.nanoUSDPerHour)" }
  }

  @Test("prices are read from CSV files, for all sites or for each")
  func csvPrices() throws {
    let same = try loadAgain("price: {model: recorded, file: east.csv}")
    #expect(try prices(same, "us-west-2") == ["0.0 10000000", "60.5 20000000"])
    let each = try loadAgain("price: {model: recorded, file: {us-west-2: west.csv, us-east-1: east.csv}}")
    #expect(try prices(each, "us-east-1") == ["0.0 10000000", "60.5 20000000"])
    #expect(try prices(each, "us-west-2") == ["0.0 30000000"])
  }

  @Test("prices are read from what aws ec2 describe-spot-price-history prints, by zone, on one clock")
  func historyPrices() throws {
    let spec = try loadAgain(
      "price: {model: recorded, file: history.json, zones: {us-east-1: us-east-1b, us-west-2: us-west-2a}}")
    #expect(try prices(spec, "us-east-1") == ["0.0 10000000", "7200.0 12000000"])
    #expect(try prices(spec, "us-west-2") == ["0.0 30000000"])
    let later = try loadAgain(
      "price: {model: recorded, file: history.json, from: \"2016-04-25T01:30:00Z\", zones: us-east-1b}")
    #expect(try prices(later, "us-west-2") == ["0.0 10000000", "1800.0 12000000"])
  }

  @Test("traces of counts and of availability are read from files, and from steps")
  func traces() throws {
    let counts = try loadAgain("revocation: {model: trace, replays: share, file: counts.csv, unit: milliseconds}")
    let expected = StepSeries([
      .init(at: .zero, value: 8), .init(at: .milliseconds(600), value: 5), .init(at: .milliseconds(1_200), value: 9),
    ])
    #expect(counts.spot.revocation.model(at: "us-west-2").base == .trace(.counts(try #require(expected), .share)))
    let zone = try loadAgain(
      "revocation: {model: trace, replays: availability, file: {us-east-1: zone.json, us-west-2: zone.json}, repeats: true}"
    )
    let available = StepSeries(
      [
        .init(at: .zero, value: true), .init(at: .seconds(1_200), value: false),
        .init(at: .seconds(1_800), value: true),
      ],
      period: .seconds(2_400))
    #expect(zone.spot.revocation.model(at: "us-east-1").base == .trace(.availability(try #require(available))))
    let given = try loadAgain("revocation: {model: trace, replays: capacity, steps: [[0s, 2], [10min, 0]], period: 1h}")
    let capacity = StepSeries(
      [.init(at: .zero, value: 2), .init(at: .seconds(600), value: 0)], period: .seconds(3_600))
    #expect(given.spot.revocation.model(at: "us-east-1").base == .trace(.counts(try #require(capacity), .capacity)))
  }

  @Test("shocks wrap any model, under either name")
  func correlated() throws {
    let shocks = "{region: {interval: 100h, share: 0.5}, instance: 50h}"
    for model in [
      "{model: exponential, mean: 1h}", "{model: none}", "{model: trace, replays: share, file: counts.csv}",
      "{model: price-crossing, bid: 0.1}", "{model: preset, name: advisor-5}",
    ] {
      let wrapped = try loadAgain("revocation: {model: correlated, base: \(model), shocks: \(shocks)}")
      #expect(wrapped == (try load("revocation: \(model)\nshocks: \(shocks)")))
      #expect(wrapped.spot.revocation.model(at: "us-east-1").shocks?.region?.severity == .share(0.5))
    }
  }

  @Test("every revocation model that is listed is a model of specs")
  func listed() throws {
    let examples: [RevocationKind: String] = [
      .none: "", .exponential: "mean: 1h", .weibull: "shape: 0.6, scale: 1h", .lognormal: "median: 1h, sigma: 1",
      .bathtub: "early_share: 0.4, early: 1h, late: 1h, bound: 24h", .priceCrossing: "bid: 0.1", .advisor: "band: <5%",
      .trace: "replays: capacity, file: counts.csv", .correlated: "base: {model: none}, shocks: {instance: 1h}",
    ]
    for kind in RevocationKind.allCases {
      let spec = try load("revocation: {model: \(kind.name), \(try #require(examples[kind]))}")
      let model = spec.spot.revocation.model(at: "us-east-1")
      #expect(kind == .correlated ? model.shocks != nil : model.base.kind == kind)
    }
  }

  @Test("what is wrong is named with its line and key")
  func errors() {
    #expect(
      problems("price: {model: recorded}") == [
        "spec.yaml:7:10: spot.price: found neither file nor steps, expected one of them for recorded"
      ])
    #expect(
      problems("price: {model: recorded, file: none.csv}") == [
        "spec.yaml:7:34: spot.price.file: found none.csv, expected a readable file: no such file"
      ])
    #expect(
      problems("price:\n  model: recorded\n  file:\n    us-east-1: counts.csv\n    us-west-2: west.csv") == [
        "spec.yaml:10:18: spot.price.file.us-east-1: found a file with an error: counts.csv, line 1: found '0,8', "
          + "expected at_s,usd_per_hour or timestamp,usd_per_hour"
      ])
    #expect(
      problems("price: {model: recorded, file: history.json}") == [
        "spec.yaml:7:10: spot.price.zones: found nothing for us-east-1, of which history.json has us-east-1b, us-east-1c, "
          + "expected one zone of us-east-1b, us-east-1c, us-west-2a"
      ])
    #expect(
      problems("price: {model: recorded, file: history.json, instance: m3.medum}") == [
        "spec.yaml:7:58: spot.price.instance: found m3.medum, expected one of the types in history.json: m3.medium; did "
          + "you mean m3.medium?"
      ])
    #expect(
      problems("price: {model: recorded, file: {us-west-1: west.csv, us-east-1: east.csv}}") == [
        "spec.yaml:7:10: spot.price: found no price for us-west-2, expected one for every site; there is one for "
          + "us-west-1, us-east-1; did you mean us-west-1?"
      ])
    #expect(
      problems("revocation: {model: trace, file: counts.csv}") == [
        "spec.yaml:7:15: spot.revocation.replays: found nothing, expected the replays of trace"
      ])
    #expect(
      problems("revocation: {model: trace, replays: availability, file: counts.csv}").first?.hasPrefix(
        "spec.yaml:7:59: spot.revocation.file: found a file with an error: counts.csv, byte 0: found") == true)
    #expect(
      problems("revocation: {model: trace, replays: availability, steps: [[0s, 2]]}") == [
        "spec.yaml:7:60: spot.revocation.steps: found 2, expected 1 (instances can be had) or 0"
      ])
    #expect(
      problems("revocation: {model: trace, replays: share, steps: [[2s, 2], [1s, 3]]}") == [
        "spec.yaml:7:63: spot.revocation.steps[1]: found 1s, expected a time after 2s"
      ])
    #expect(
      problems("revocation: {model: trace, replays: share, steps: [[2s, 2]], period: 1s}") == [
        "spec.yaml:7:15: spot.revocation.period: found a period that is over before the last step, expected a longer one"
      ])
    #expect(
      problems("revocation: {model: correlated, base: {model: correlated}, shocks: {instance: 1h}}") == [
        "spec.yaml:7:49: spot.revocation.base.model: found correlated within correlated, expected the model that shocks "
          + "come on top of"
      ])
    #expect(
      problems("revocation: {model: correlated, base: {model: none}, shocks: {instance: 1h}}\nshocks: {instance: 1h}")
        == ["spec.yaml:8:11: spot.shocks: found shocks here and in spot.revocation, expected them in one place"])
  }

  @Test("what is recorded has to fit into the run directory")
  func tooMany() {
    let steps = (0...SpotPlan.stepLimit).map { "[\($0)s, \($0 % 2)]" }.joined(separator: ", ")
    #expect(
      problems("revocation: {model: trace, replays: share, steps: [\(steps)]}").first
        == "spec.yaml:7:3: spot: found 20001 steps in recorded prices and traces, expected at most 20000")
  }
}
