import Cloud
import Emulation
import Experiment
import Raft
import Runtime
import Traces
import Wire
import Workload

/// The load process of one site: the clients that the simulation would have there, on real sockets.
public enum LocalLoad {
  /// Runs the clients of a site as ``LocalRun`` asks for; `configuration` is that of any member.
  public static func run(_ spec: ExperimentSpec, site: String, configuration: NodeConfiguration) async throws {
    let plan = try RunPlan(spec)
    guard let here = spec.siteID(of: site), let clients = try plan.clients().first(where: { $0.site == here }) else {
      throw LocalRefusal.process("the spec has no clients at \(site)")
    }
    let generator = LoadGenerator(
      cluster: configuration.cluster, nodes: configuration.nodes.filter { $0.role.isMember }, site: site,
      sites: configuration.sites, links: configuration.links)
    await DrivenLoad(generator, for: spec.duration, seed: spec.seed &+ UInt64(here.rawValue)).run(clients)
  }
}
