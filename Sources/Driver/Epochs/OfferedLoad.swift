import Emulation
import Experiment
import Policies
import Raft
import Workload

/// What the spec's clients will offer, for policies that may look ahead.
struct OfferedLoad {
  let spec: ExperimentSpec

  /// The load of every site at a moment of the run; nil when clients that wait for answers make it depend on them.
  func loads(at moment: TimeSpan) -> [SiteLoad]? {
    var loads = spec.sites.indices.map {
      SiteLoad(site: SiteID(UInt16($0)), readsPerSecond: 0, writesPerSecond: 0)
    }
    guard let phase = spec.workload.last(where: { $0.load.start <= moment }) else { return loads }
    let rate: Double
    switch phase.load.arrival {
    case .poisson(let total), .constant(let total): rate = total
    case .trace(let points): rate = points.last { phase.load.start + $0.time <= moment }?.rate ?? 0
    case .closed: return nil
    }
    let share = phase.load.mix.readShare
    for name in phase.sites {
      guard let site = spec.siteID(of: name) else { continue }
      let here = rate / Double(phase.sites.count)
      loads[site.slot].readsPerSecond = here * share
      loads[site.slot].writesPerSecond = here * (1 - share)
    }
    return loads
  }
}

extension OperationMix {
  /// The share of operations that read only; one that reads and then writes counts as a write.
  var readShare: Double {
    let total = weights.reduce(0) { $0 + $1.weight }
    let reads = weights.filter { $0.kind == .read || $0.kind == .scan }.reduce(0) { $0 + $1.weight }
    return total > 0 ? reads / total : 0
  }
}
