import Raft
import Testing

@testable import Policies

struct ObservationJSONTests {
  static func member(_ value: JSONValue, _ path: String...) -> JSONValue? {
    var value = value
    for step in path {
      switch value {
      case .object(let members):
        guard let found = members.first(where: { $0.key == step }) else { return nil }
        value = found.value
      case .array(let values):
        guard let place = Int(step), values.indices.contains(place) else { return nil }
        value = values[place]
      default: return nil
      }
    }
    return value
  }

  @Test("An observation is one line of JSON in which names, units and nothings are as documented")
  func encoding() throws {
    var sample = Sample()
    sample.epoch = 4
    sample.reads = [12.5, 0, 0]
    sample.budget = Budget(perEpoch: Money(microUSD: 5), remaining: nil, epochsLeft: 3)
    sample.forecasts = [Sample.forecast(reads: [1, 2, 3])]
    let spot = sample.add(.observer, at: 1)
    sample.change(spot) {
      $0.revokedAt = .zero + .seconds(120)
      $0.cpuBusyRatio = 0.25
    }
    var observation = sample.observation
    observation.sites[1].reads.p95 = nil
    observation.sites[0].name = "us \"east\""
    let bytes = ObservationJSON.encode(observation)
    #expect(!bytes.contains(0x0A))
    let json = try JSONParser.parse(bytes)
    #expect(Self.member(json, "epoch") == .number(4))
    #expect(Self.member(json, "at_seconds") == .number(18_000))
    #expect(Self.member(json, "epoch_seconds") == .number(3_600))
    #expect(Self.member(json, "system") == .string("geo-raft"))
    #expect(Self.member(json, "sites", "0", "name") == .string("us \"east\""))
    #expect(Self.member(json, "sites", "0", "reads", "offered_per_second") == .number(12.5))
    #expect(Self.member(json, "sites", "0", "reads", "p95_ms") == .number(9))
    #expect(Self.member(json, "sites", "1", "reads", "p95_ms") == .null)
    #expect(Self.member(json, "nodes", "0", "leader") == .bool(true))
    #expect(Self.member(json, "nodes", "0", "site") == .string("us \"east\""))
    #expect(Self.member(json, "nodes", "0", "revoked_at_seconds") == .null)
    #expect(Self.member(json, "nodes", "3", "id") == .number(3))
    #expect(Self.member(json, "nodes", "3", "role") == .string("observer"))
    #expect(Self.member(json, "nodes", "3", "market") == .string("spot"))
    #expect(Self.member(json, "nodes", "3", "microusd_per_hour") == .number(10_000))
    #expect(Self.member(json, "nodes", "3", "cpu_busy_ratio") == .number(0.25))
    #expect(Self.member(json, "nodes", "3", "revoked_at_seconds") == .number(120))
    #expect(Self.member(json, "groups", "0", "voters") == .array([.number(0), .number(1), .number(2)]))
    #expect(Self.member(json, "offers", "1", "interruptions_per_hour") == .number(0.05))
    #expect(Self.member(json, "offers", "1", "takes_voters") == .bool(true))
    #expect(Self.member(json, "limits", "new_group_sites", "2") == .string("c"))
    #expect(Self.member(json, "forecasts", "0", "loads", "2", "reads_per_second") == .number(3))
    #expect(Self.member(json, "budget", "epoch_microusd") == .number(5))
    #expect(Self.member(json, "budget", "remaining_microusd") == .null)
    #expect(Self.member(json, "slo", "write_ms") == .number(400))
    #expect(Self.member(json, "limits", "fleet_roles") == .array([.string("secretary"), .string("observer")]))
  }
}
