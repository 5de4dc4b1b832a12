import Policies
import Raft

/// The keys of a spec: the root of the one table that reads, writes and documents them all.
enum SpecKeys {
  static var section: Section<ExperimentSpec> {
    Section(
      fields: [
        Field(
          "name", .experimentName, \.name, isRequired: true,
          "What the experiment is called; part of the run directory's name."),
        Field("seed", .seed, \.seed, "What all random draws derive from; `--seed` overrides it."),
        Field(
          "world", world, \.world,
          "Where the experiment runs: under virtual time, or with real processes on this machine whose links are emulated."
        ),
        Field(
          "system", system, \.system,
          "`raft`: voters and learners; `multi-raft`: keys spread over several groups; `geo-raft`: with secretaries and "
            + "observers; `bw-raft`: the same with a budget for every epoch."),
        Field("duration", .positiveDuration, \.duration, "How long the workload runs."),
        Field(
          "warmup", .duration, \.warmup, "Operations that begin before this time are not counted in the summary."),
        Field(
          "sites", Codec<String>.siteName.list("a list of sites", of: "sites"), \.sites, isRequired: true,
          "The regions, by the names that the latency matrix has."),
        Field("links", LinkKeys.codec, \.links, fallback: "see the keys below", "What lies between the sites."),
        Field("group", GroupKeys.codec, \.group, isRequired: true, "The group's members and how they behave."),
        Field(
          "fleet", FleetKeys.codec, \.fleet, fallback: "see the keys below",
          "Secretaries and observers, and the machines that they are hired on."),
        Field(
          "spot", SpotKeys.codec, \.spot, fallback: "see the keys below",
          "The spot markets: one pool of the fleet's instance type at every site."),
        Field(
          "policy", PolicyKeys.codec, \.policy, fallback: "see the keys below", "Who decides about the membership."),
        Field(
          "budget", CostKeys.budget, \.budget, fallback: "see the keys below", "What may be spent on instances."),
        Field(
          "costs", CostKeys.costs.optional("none"), \.costs,
          fallback: "the keys below for systems with a fleet, else `none`", "What is billed."),
        Field(
          "sampling", PolicyKeys.sampling.optional("none"), \.sampling,
          "For long runs: simulates only a part of each epoch; all times of the spec stay those of the whole run."),
        Field("resources", ResourceKeys.codec, \.resources, "The machine that every node runs on."),
        Field(
          "workload", WorkloadKeys.codec, \.workload, isRequired: true,
          "What the clients do, phase after phase; a phase takes what it leaves out from the one before it."),
        Field(
          "clients", RunKeys.clients, \.clients, fallback: "see the keys below", "How clients ask, wait and retry."),
        Field("faults", FaultKeys.codec, \.faults, "What breaks and what changes, each item one fault."),
        Field(
          "slo", RunKeys.objectives, \.objectives, fallback: "see the keys below",
          "The service-level objective that goodput is counted by."),
        Field("record", RunKeys.record, \.record, fallback: "see the keys below", "What is written down and checked."),
        Field(
          "sweep", SweepKeys.codec, \.sweep, fallback: "none",
          "What `eraft sweep` varies: it makes one run for each combination of the values. A mapping from keys to lists "
            + "of values or ranges, such as `{system: [raft, geo-raft], seed: 1..5}`; a mapping in place of a list names "
            + "cases that set several keys together: `{size: {small: {seed: 1, duration: 1s}, large: {seed: 2}}}`."),
      ])
  }

  private static let world = closed(
    World.allCases.map(\.rawValue), later: ["netns", "remote"], type: "`simulated` or `local`", \World.rawValue
  ) { World(rawValue: $0) }

  private static let system = Codec<SystemKind>.words()

  /// A closed set of words, some of which are known and not available yet.
  private static func closed<Value>(
    _ words: [String], later: [String], type: String, _ name: any KeyPath<Value, String> & Sendable,
    _ make: @escaping @Sendable (String) -> Value?
  ) -> Codec<Value> {
    Codec(
      type: type,
      read: { node, key, reading in
        if let text = node.text, later.contains(text) {
          reading.refuse(
            key, at: node.place, "found \(text), which comes later, expected \(words.joined(separator: ", "))")
          return nil
        }
        if let value = node.text.flatMap(make) { return value }
        reading.refuse(key, at: node.place, Words.notOneOf(words, found: node))
        return nil
      },
      write: { .text($0[keyPath: name]) })
  }
}

extension SystemKind {
  /// What the system is, in one line.
  public var summary: String {
    switch self {
    case .raft: "plain Raft: one group of voters and learners"
    case .multiRaft: "the key space in shards, each with a group that has a voter at every site"
    case .geoRaft: "one group whose leader hands replication to secretaries, and reads to observers"
    case .bwRaft: "the same, provisioned by a budget for every epoch"
    }
  }

  /// Whether the system has secretaries and observers.
  public var hasFleet: Bool { self == .geoRaft || self == .bwRaft }
}
