import ArgumentParser
import Cloud
import Emulation
import Experiment
import Fuzzing
import Policies
import PolicyProcess
import Raft
import Traces
import Workload

/// `eraft list`: what a spec may name, and what a run writes.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract:
      "List what a spec may name: latency matrices, workloads, faults, machines, systems, policies, revocation models; its keys; the trace files; the profiles and mutants of `eraft fuzz`."
  )

  /// What can be listed.
  enum Topic: String, CaseIterable, ExpressibleByArgument {
    case matrices, workloads, faults, machines, systems, policies, revocations, traces, profiles, mutants, keys
  }

  @Argument(help: "What to list; everything but the keys when left out.")
  var topic: Topic?

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    if let topic { return CommandOutcome(output: [Self.text(of: topic)]) }
    let topics = Topic.allCases.filter { $0 != .keys }
    let sections = topics.map { "\($0.rawValue)\n\n\(Render.indented(Self.text(of: $0)))\n" }
    return CommandOutcome(output: sections + ["`eraft list keys` lists every key of a spec."])
  }

  static func text(of topic: Topic) -> String {
    switch topic {
    case .matrices: matrices
    case .workloads: workloads
    case .faults: faults
    case .machines: machines
    case .systems: systems
    case .policies: policies
    case .revocations: revocations
    case .traces: traces
    case .profiles: profiles
    case .mutants: mutants
    case .keys: keys
    }
  }

  private static var matrices: String {
    LatencyTable.builtIn.map { table in
      block("\(table.name)  \(table.sites.count) sites; \(table.source)", table.sites, separator: ",")
    }.joined(separator: "\n")
  }

  private static var workloads: String {
    var table = TextTable([.left("mix"), .left("usual keys"), .left("operations")])
    for mix in OperationMix.presets {
      let total = mix.weights.reduce(0) { $0 + $1.weight }
      let parts = mix.weights.map { "\(Render.number($0.weight / total * 100, decimals: 0)) % \($0.kind.rawValue)" }
      let keys =
        switch mix.usualKeys {
        case .uniform: "uniform"
        case .zipfian(let theta): "zipfian \(theta)"
        case .latest(let theta): "latest \(theta)"
        }
      table.add([mix.name, keys, parts.joined(separator: ", ")])
    }
    return table.text
  }

  private static var faults: String {
    var table = TextTable([.left("fault"), .left("what happens")])
    for kind in Fault.Kind.allCases { table.add([kind.rawValue, kind.summary]) }
    return table.text
  }

  private static var machines: String {
    var table = TextTable([
      .left("machine"), .right("us/message"), .right("us/KiB"), .right("us/operation"), .right("egress Mbps"),
      .right("sync ms"), .right("disk Mbps"),
    ])
    for preset in MachinePresets.all {
      let model = preset.model
      func megabits(_ bandwidth: Bandwidth?) -> String {
        bandwidth.map { Render.number(Double($0.bitsPerSecond) / 1e6, decimals: 0) } ?? "unlimited"
      }
      table.add([
        model.name, Render.number(model.cpuPerMessage.milliseconds * 1e3, decimals: 1),
        Render.number(model.cpuPerKibibyte.milliseconds * 1e3, decimals: 1),
        Render.number(model.cpuPerOperation.milliseconds * 1e3, decimals: 1), megabits(model.egress),
        Render.number(model.diskSync.milliseconds, decimals: 1), megabits(model.diskThroughput),
      ])
    }
    var sources: [String] = []
    for preset in MachinePresets.all where !sources.contains(preset.source) { sources.append(preset.source) }
    let notes = sources.map { source in
      let names = MachinePresets.all.filter { $0.source == source }.map(\.model.name)
      return "\(names.joined(separator: ", ")): \(source)"
    }
    return ([table.text, ""] + notes).joined(separator: "\n")
  }

  private static var systems: String {
    var table = TextTable([.left("system"), .left("what it is")])
    for system in SystemKind.allCases { table.add([system.rawValue, system.summary]) }
    return table.text
  }

  private static var policies: String {
    var table = TextTable([.left("policy"), .left("what it does")])
    for policy in PolicyRegistry().entries { table.add([policy.name, policy.summary]) }
    table.add([ExternalPolicy.name, ExternalPolicy.summary])
    return table.text
  }

  private static var revocations: String {
    var models = TextTable([.left("model"), .left("what it does")])
    for kind in RevocationKind.allCases { models.add([kind.name, kind.summary]) }
    var presets = TextTable([.left("preset"), .left("model"), .left("source")])
    for preset in RevocationPresets.all { presets.add([preset.name, preset.model.kind.name, preset.source]) }
    return [models.text, "", presets.text].joined(separator: "\n")
  }

  private static var traces: String {
    var blocks = TraceFile.allCases.map { file in
      guard let schema = file.schema else {
        return block("\(file.name)  one line is an operation's invocation and response, a JSON object", [])
      }
      return block("\(file.name)  one row is \(schema.row)", schema.columns.map(\.name), separator: ",")
    }
    blocks.append(
      block("\(Manifest.fileName)  the spec as it was run, the verdict, and the checksums of the files", []))
    return blocks.joined(separator: "\n")
  }

  private static var profiles: String {
    var table = TextTable([.left("profile"), .left("what its seeds draw from")])
    for profile in FuzzProfile.all { table.add([profile.name, profile.summary]) }
    return table.text
  }

  private static var mutants: String {
    var table = TextTable([.left("mutant"), .left("profile"), .left("what it does wrong")])
    for variant in KnownBadVariant.all { table.add([variant.name, variant.profile.name, variant.summary]) }
    return table.text
  }

  private static var keys: String {
    SpecReference.keys.map { key in
      let fallback = key.fallback.hasPrefix("required") ? key.fallback : "default: \(key.fallback)"
      return Render.withoutMarkup(
        block("\(key.path)  \(key.type); \(fallback)", key.meaning.split(separator: " ").map(String.init)))
    }.joined(separator: "\n")
  }

  /// A line and, below it and further in, words.
  private static func block(_ head: String, _ words: [String], separator: String = "") -> String {
    words.isEmpty ? head : "\(head)\n\(Render.indented(Render.wrapped(words, separator: separator, width: 96), by: 4))"
  }
}
