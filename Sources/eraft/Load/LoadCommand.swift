import ArgumentParser
import Driver
import Emulation
import Experiment
import Foundation
import KeyValue
import Raft
import Runtime
import Traces
import Wire
import Workload

/// `eraft load SPEC`: drives the nodes of a real group with the workload of a spec.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Drive a real node or group with the workload of a spec, and print how it went.",
    discussion: """
      The clients of one site of the spec ask the nodes that the configuration names, as they do in a simulation: they \
      find the leader, wait, and ask others. Latencies count from when an operation was meant to start. Ctrl-C ends the \
      load; what is under way still ends. Two loads of one site at the same time would take each other's sessions. Exit codes: 0 every operation ended; 1 some failed or ended unknown; 2 the \
      command line, the spec or the configuration is of no use.
      """
  )

  @OptionGroup var options: SpecOptions

  @Option(
    help: ArgumentHelp("The configuration of any node of the group.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var config: String

  @Option(help: "The site of the spec whose clients ask; the first one with clients when it is not given.")
  var site: String?

  @Option(help: ArgumentHelp("Also write the figures as JSON.", valueName: "file"))
  var json: String?

  @Flag(help: .hidden)
  var driven = false

  func run() async throws {
    let loaded: LoadedSpec
    let node: NodeConfiguration
    do {
      loaded = try options.load()
      node = try NodeFile.load(path: config)
    } catch {
      try CommandOutcome(errors: error.problems.map(\.description), code: .unusable).deliver()
      return
    }
    let spec = loaded.spec
    if driven, let site { return try await LocalLoad.run(spec, site: site, configuration: node) }
    let busy = spec.busySites.map { spec.sites[$0] }
    guard let site = site ?? busy.first, let place = busy.firstIndex(of: site) else {
      let found = site ?? "none"
      try CommandOutcome(
        errors: ["--site: found \(found), expected one of \(busy.joined(separator: ", "))"], code: .unusable
      ).deliver()
      return
    }
    let phases = spec.workload.map { phase in
      var load = phase.load
      load.arrival = phase.arrival(at: site, outOf: busy.count)
      return load
    }
    var clients = try SiteClients(
      site: SiteID(UInt16(spec.sites.firstIndex(of: site) ?? 0)), place: SitePlace(index: place, of: busy.count),
      servers: Self.servers(node, near: site), phases: phases, stop: spec.duration,
      settings: spec.clients, random: RandomSource(seed: spec.seed, stream: UInt64(place)))
    // The store may know sessions of these names from an earlier load; time goes on, so their numbers do.
    clients.continueSessions(above: SequenceNumber(UInt64(Date().timeIntervalSince1970 * 1e6)))
    let readers = node.nodes.filter { $0.role == .observer && $0.site == site }.map(\.node)
    clients.setReaders(readers)
    try await drive(clients, at: site, spec, node).deliver()
  }

  private func drive(
    _ clients: SiteClients, at site: String, _ spec: ExperimentSpec, _ node: NodeConfiguration
  ) async throws -> CommandOutcome {
    let generator = LoadGenerator(
      cluster: node.cluster, nodes: node.nodes.filter { $0.role != .secretary },
      site: node.sites.contains(site) ? site : node.site, sites: node.sites,
      links: node.links, tls: node.tls)
    let summary = LoadSummary(warmup: spec.warmup)
    let interruption = Interruption()
    let began = MonotonicClock.now
    do {
      try await generator.run(clients, for: spec.duration, seed: spec.seed) { handle in
        Task.detached {
          while !interruption.wasAsked, MonotonicClock.now - began < spec.duration + .seconds(60) {
            try await Task.sleep(for: .milliseconds(100))
          }
          if interruption.wasAsked { handle.stop() }
        }
      } observe: { record in
        summary.add(record, since: began)
      }
    } catch {
      return CommandOutcome(errors: ["eraft: \(error)"], code: .unusable)
    }
    if let json { try summary.json.write(toFile: json, atomically: true, encoding: .utf8) }
    return CommandOutcome(output: [summary.table], code: summary.isClean ? .success : .violation)
  }

  /// Nodes that may be asked, those of the clients' own site first.
  private static func servers(_ node: NodeConfiguration, near site: String) -> [NodeID] {
    let serving = node.nodes.filter(\.role.isMember)
    return (serving.filter { $0.site == site } + serving.filter { $0.site != site }).map(\.node)
  }
}
