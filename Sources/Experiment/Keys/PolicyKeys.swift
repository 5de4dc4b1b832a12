import Policies
import Raft

/// The keys of `policy` and `sampling`.
enum PolicyKeys {
  static let codec = Codec<PolicyPlan>.draft(
    { section }, initial: { Draft() }, finish: { draft, node, key, reading in draft.plan(node, key, reading) },
    start: Draft.init)

  private static let names = ["none"] + ShippedPolicy.all.map(\.name) + ["external"]

  private static var section: Section<Draft> {
    Section(fields: [
      Field(
        "name", name, \.name,
        "The policy; `eraft list policies` says what each does. `none`: what is lost is not replaced."),
      Field("epoch", .positiveDuration, \.epoch, "How long an epoch is: the policy decides at the end of each."),
      Field("instances_per_site", .integer(1...10_000), \.instancesPerSite, "The most instances at one site."),
      Field("instances", .integer(1...100_000), \.instances, "The most instances in all."),
      Field("groups", .integer(1...64), \.groups, "The most groups; for `system: multi-raft`."),
      Field(
        "high", Codec<Double>.probability.optional(), \.high, fallback: "`0.7`; for `reactive`, `multi-raft`",
        "The busy ratio above which help is hired."),
      Field(
        "low", Codec<Double>.probability.optional(), \.low, fallback: "`0.3`; for `reactive`, `multi-raft`",
        "The busy ratio below which help is dismissed."),
      Field(
        "patience", Codec<Int>.integer(1...1_000).optional(), \.patience, fallback: "`3`",
        "Epochs in a row before anything is dismissed, or leadership moved."),
      Field(
        "followers_per_secretary", Codec<Int>.integer(1...1_000).optional(), \.followersPerSecretary,
        fallback: "`8`; for `reactive`", "Followers that one secretary serves."),
      Field(
        "target", Codec<Double>.probability.optional(), \.target, fallback: "`0.7`; for planning policies",
        "The busy ratio that servers and leader should not exceed."),
      Field(
        "reads_per_server", Codec<Double>.positiveRate.optional(), \.readsPerServer,
        fallback: "`10000/s`; for planning policies", "Reads of one wholly busy server, until one was seen."),
      Field(
        "horizon", horizon.optional(), \.horizon, fallback: "`1`; for `peek`",
        "How many epochs of prices and load are known in advance."),
      Field(
        "season", Codec<Int>.integer(2...10_000).optional(), \.season, fallback: "`24`; for `predictive`",
        "How many epochs a season of the load has."),
      Field(
        "margin", Codec<Double>.positiveNumber.optional(), \.margin, fallback: "`1.5`; for `follow-load`",
        "How many times the leader's own writes another site must have."),
      Field(
        "command", Codec<String>.word.list("a list of words", of: "words").optional(), \.command,
        fallback: "required by `external`", "The command and its arguments."),
      Field(
        "timeout", Codec<TimeSpan>.positiveDuration.optional(), \.timeout, fallback: "`5s`; for `external`",
        "How long the command may think about one epoch, in real time."),
    ])
  }

  /// A policy that comes with eraft, or that the program which reads the spec has registered.
  private static let name = Codec<String>(
    type: names.map { "`\($0)`" }.joined(separator: ", "),
    read: { node, key, reading in
      let names = names + reading.policies
      if let name = node.text, names.contains(name) { return name }
      reading.refuse(key, at: node.place, Words.notOneOf(names, found: node))
      return nil
    }, write: { .text($0) })

  private static let horizon = Codec<Foresight>(
    type: "whole number, or `all`",
    read: { node, key, reading in
      if node.text == "all" { return .all }
      return Codec<Int>.integer(0...1_000_000).read(node, key, reading).map { .epochs($0) }
    },
    write: { foresight in
      switch foresight {
      case .all: .text("all")
      case .epochs(let count): .text("\(count)")
      }
    })

  private struct Draft: Sendable {
    var name = "none"
    var epoch = PolicyPlan().epoch
    var instancesPerSite = PolicyPlan().instancesPerSite
    var instances = PolicyPlan().instances
    var groups = PolicyPlan().groups
    var high: Double?
    var low: Double?
    var patience: Int?
    var followersPerSecretary: Int?
    var target: Double?
    var readsPerServer: Double?
    var horizon: Foresight?
    var season: Int?
    var margin: Double?
    var command: [String]?
    var timeout: TimeSpan?

    init() {}

    init(_ plan: PolicyPlan) {
      name = plan.choice.name
      epoch = plan.epoch
      instancesPerSite = plan.instancesPerSite
      instances = plan.instances
      groups = plan.groups
      switch plan.choice {
      case .none, .shipped(.fixed), .registered: break
      case .shipped(.reactive(let it)):
        (high, low, patience, followersPerSecretary) = (it.high, it.low, it.patience, it.followersPerSecretary)
      case .shipped(.budget(let it)): take(it.sizing)
      case .shipped(.peek(let it)):
        take(it.sizing)
        horizon = it.foresight
      case .shipped(.predictive(let it)):
        take(it.sizing)
        if case .holtWinters(let settings) = it.method { season = settings.season }
      case .shipped(.spotDiversified(let it)):
        (target, readsPerServer, patience) = (it.target, it.readsPerServer, it.patience)
      case .shipped(.followLoad(let it)): (margin, patience) = (it.margin, it.patience)
      case .shipped(.multiRaft(let it)): (high, low, patience) = (it.high, it.low, it.patience)
      case .external(let command, let timeout, let foresight):
        (self.command, self.timeout, horizon) = (command, timeout, foresight)
      }
    }

    private mutating func take(_ sizing: FleetSizing) {
      (target, readsPerServer, patience) = (sizing.target, sizing.readsPerServer, sizing.patience)
    }

    /// The keys that a policy takes beside those that all take.
    private var taken: [String] {
      switch name {
      case "reactive": ["high", "low", "patience", "followers_per_secretary"]
      case "multi-raft": ["high", "low", "patience"]
      case "budget", "spot-diversified": ["target", "reads_per_server", "patience"]
      case "peek": ["target", "reads_per_server", "patience", "horizon"]
      case "predictive": ["target", "reads_per_server", "patience", "season"]
      case "follow-load": ["margin", "patience"]
      case "external": ["command", "timeout", "horizon"]
      default: []
      }
    }

    func plan(_ node: SpecNode, _ key: String, _ reading: Reading) -> PolicyPlan? {
      let common = ["name", "epoch", "instances_per_site", "instances", "groups"]
      for given in (node.entries ?? []).map(\.key) where !common.contains(given) && !taken.contains(given) {
        let expected = (taken.isEmpty ? common : taken).joined(separator: ", ")
        reading.refuse("\(key).\(given)", "found a key that \(name) does not take, expected one of \(expected)")
        return nil
      }
      if name == "external", command == nil {
        reading.refuse("\(key).command", at: node.place, "found nothing, expected a command such as [python3, p.py]")
        return nil
      }
      var plan = PolicyPlan()
      plan.epoch = epoch
      plan.instancesPerSite = instancesPerSite
      plan.instances = instances
      plan.groups = groups
      plan.choice = choice
      return plan
    }

    private var sizing: FleetSizing {
      let usual = FleetSizing()
      return FleetSizing(
        target: target ?? usual.target, readsPerServer: readsPerServer ?? usual.readsPerServer,
        patience: patience ?? usual.patience)
    }

    private var choice: PolicyChoice {
      switch name {
      case "static": return .shipped(.fixed(.init()))
      case "reactive":
        return .shipped(
          .reactive(
            .init(
              high: high ?? 0.7, low: low ?? 0.3, patience: patience ?? 3,
              followersPerSecretary: followersPerSecretary ?? 8)))
      case "budget": return .shipped(.budget(.init(sizing: sizing)))
      case "peek": return .shipped(.peek(.init(foresight: horizon ?? .epochs(1), sizing: sizing)))
      case "predictive":
        return .shipped(.predictive(.init(method: .holtWinters(.init(season: season ?? 24)), sizing: sizing)))
      case "spot-diversified":
        return .shipped(
          .spotDiversified(
            .init(target: target ?? 0.7, readsPerServer: readsPerServer ?? 10_000, patience: patience ?? 3)))
      case "follow-load": return .shipped(.followLoad(.init(margin: margin ?? 1.5, patience: patience ?? 3)))
      case "multi-raft":
        return .shipped(.multiRaft(.init(high: high ?? 0.7, low: low ?? 0.3, patience: patience ?? 3)))
      case "external":
        return .external(
          command: command ?? [], timeout: timeout ?? .seconds(5), foresight: horizon ?? .epochs(0))
      case "none": return .none
      default: return .registered(name)
      }
    }
  }

  // MARK: Sampling

  static let sampling = Codec<Sampling>.section(
    {
      Section(fields: [
        Field("epoch", .positiveDuration, \.epoch, "How long an epoch is by the clock of markets and policies."),
        Field(
          "window", .positiveDuration, \.window,
          "How much of its beginning is simulated in full detail; shorter than the epoch."),
      ])
    }, initial: { Sampling() })
}
