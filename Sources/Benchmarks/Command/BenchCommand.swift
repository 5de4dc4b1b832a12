import ArgumentParser

/// The command line of `eraft-bench`.
@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eraft-bench",
    abstract: "Measures eraft.",
    discussion: """
      Prints the median of repeated measurements in processor time of one thread, and writes them to a file.

      With --nodes and --steps it runs the core alone, once and without clocks, so that instructions can be counted:
        strip -g -o runs/eraft-bench .build/release/eraft-bench
        valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \\
          runs/eraft-bench --nodes 5 --steps 100000
      (Valgrind cannot read all debugging information, so that is stripped.) Run it with 300000 steps too: the difference of the two counts of instructions, divided by the difference of
      the two counts of messages printed, is the instructions for a message, start-up left out.
      """)

  @Option(help: "Measure only what has a name that begins with this.")
  var only: String?

  @Flag(help: "Measure less: rougher figures in a few seconds.")
  var quick = false

  @Option(help: "The file that the figures are written to.")
  var output = "runs/bench.json"

  @Option(help: "Run the core once with this many nodes; needs --steps.")
  var nodes: Int?

  @Option(help: "How many messages that run delivers at least.")
  var steps: Int?

  @Option(help: "What that run does.")
  var load = CoreGroup.Load.batches

  func validate() throws {
    guard (nodes == nil) == (steps == nil) else { throw ValidationError("--nodes and --steps need each other.") }
    if let nodes, !(2...10_000).contains(nodes) { throw ValidationError("--nodes takes 2 to 10000.") }
    if let steps, steps < 1 { throw ValidationError("--steps takes 1 or more.") }
    if let only, !Benchmarks.all.contains(where: { $0.name.hasPrefix(only) }) {
      let names = Benchmarks.all.map(\.name).joined(separator: ", ")
      throw ValidationError("Nothing is called \"\(only)\"; there are \(names).")
    }
  }

  func run() throws {
    if let nodes, let steps {
      var group = try CoreGroup(nodes: nodes)
      let messages = group.run(load, messages: steps)
      print("\(messages) messages delivered, \(group.commitIndex) entries committed")
      return
    }
    var measurements: [Measurement] = []
    for benchmark in Benchmarks.all where only.map(benchmark.name.hasPrefix) ?? true {
      for measurement in try benchmark.run(quick ? .quick : .full) {
        measurements.append(measurement)
        print(Results.line(measurement))
      }
    }
    try Results.write(measurements, to: output)
    print("written to \(output)")
  }
}

extension CoreGroup.Load: ExpressibleByArgument {}
