import ArgumentParser
import Experiment

/// The spec and what takes the place of its values, for all commands that read one.
struct SpecOptions: ParsableArguments {
  @Argument(help: "The spec, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var spec: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A value that takes the place of the spec's, such as group.heartbeat=50ms; may be given several times.",
      valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "The seed that takes the place of the spec's.")
  var seed: UInt64?

  @Option(help: "The world that takes the place of the spec's: simulated or local.")
  var world: String?

  /// Reads the spec.
  func load() throws(SpecRefusal) -> LoadedSpec {
    try SpecLoader.load(path: spec, overrides: overrides + (world.map { ["world=\($0)"] } ?? []), seed: seed)
  }
}
