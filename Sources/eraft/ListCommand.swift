import ArgumentParser
import Emulation
import Experiment
import Traces
import Workload

/// `eraft list`: what a spec may name, and what a run writes.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what a spec may name: latency matrices, workloads, faults, machines; its keys; the trace files."
  )

  /// What can be listed.
  enum Topic: String, CaseIterable, ExpressibleByArgument {
    case matrices, workloads, faults, machines, traces, keys
  }

  @Argument(help: "What to list; everything but the keys when left out.")
  var topic: Topic?

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    if let topic { return CommandOutcome(output: [Self.text(of: topic)]) }
    let topics: [Topic] = [.matrices, .workloads, .faults, .machines, .traces]
    let sections = topics.map { "\($0.rawValue)\n\n\(Render.indented(Self.text(of: $0)))\n" }
    return CommandOutcome(output: sections + ["`eraft list keys` lists every key of a spec."])
  }

  static func text(of topic: Topic) -> String {
    switch topic {
    case .matrices: matrices
    case .workloads: workloads
    case .faults: faults
    case .machines: machines
    case .traces: traces
    case .keys: keys
    }
  }

  private static var matrices: String {
    LatencyTable.builtIn.map { table in
      """
      \(table.name)  \(table.source)
        \(table.sites.count) sites:
      \(Render.indented(Render.wrapped(table.sites, width: 96), by: 4))
      """
    }.joined(separator: "\n")
  }

  private static var workloads: String {
    var table = TextTable([.left("mix"), .left("operations"), .left("keys unless the spec says otherwise")])
    for mix in OperationMix.presets {
      let total = mix.weights.reduce(0) { $0 + $1.weight }
      let parts = mix.weights.map { "\(Render.number($0.weight / total * 100, decimals: 0)) % \($0.kind.rawValue)" }
      let keys =
        switch mix.usualKeys {
        case .uniform: "uniform"
        case .zipfian(let theta): "zipfian \(theta)"
        case .latest(let theta): "latest \(theta)"
        }
      table.add([mix.name, parts.joined(separator: ", "), keys])
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
      .right("sync ms"), .right("disk Mbps"), .left("source"),
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
        Render.number(model.diskSync.milliseconds, decimals: 1), megabits(model.diskThroughput), preset.source,
      ])
    }
    return table.text
  }

  private static var traces: String {
    var table = TextTable([.left("file"), .left("one row is"), .left("columns")])
    for file in TraceFile.allCases {
      if let schema = file.schema {
        table.add([file.name, schema.row, schema.columns.map(\.name).joined(separator: ", ")])
      } else {
        table.add([file.name, "an operation's invocation and response", "a JSON object per line"])
      }
    }
    table.add([Manifest.fileName, "the whole run", "one JSON object: spec as run, verdict, checksums of the files"])
    return table.text
  }

  private static var keys: String {
    var table = TextTable([.left("key"), .left("value"), .left("default"), .left("meaning")])
    for key in SpecReference.keys {
      table.add([key.path, Render.withoutMarkup(key.type), Render.withoutMarkup(key.fallback), key.meaning])
    }
    return table.text
  }
}
