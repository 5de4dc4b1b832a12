import Emulation
import Policies
import Raft
import Workload

extension ExperimentSpec {
  /// The spec as YAML with every default filled in; it is read back as an equal spec and needs no other file.
  public var canonicalYAML: String { YAMLText.document(SpecKeys.section.write(self)) }

  /// The plan of the run in words, followed by the spec as it will run.
  public var effectiveDescription: String {
    var lines = [
      "\(name): \(system.rawValue), \(world.rawValue) world, seed \(seed), \(DurationText.format(duration)) "
        + "(warm-up \(DurationText.format(warmup)))"
    ]
    lines += ["", "nodes"] + nodes.map { "  \($0.id)  \($0.name)  \(describe($0.origin))" }
    if let links = try? links.table(sites: sites) { lines += roundTrips(links) }
    lines += ["", "timeline"] + timeline.map { "  \($0)" }
    lines += ["", "spec", canonicalYAML]
    return lines.joined(separator: "\n")
  }

  private func describe(_ origin: NodePlan.Origin) -> String {
    switch origin {
    case .voter: "voter"
    case .learner: "learner"
    case .added(let fault): "added by faults[\(fault)]"
    }
  }

  /// The round trips between sites, and how long a write takes at least with the leader at each.
  private func roundTrips(_ links: LinkTable) -> [String] {
    var lines = ["", "round trips in ms, and the least time to commit with the leader at the row's site"]
    let voters = group.voters.flatMap { entry in Array(repeating: siteID(of: entry.site), count: entry.count) }
      .compactMap { $0 }
    for (row, site) in sites.enumerated() {
      let from = SiteID(UInt16(row))
      func roundTrip(_ to: SiteID) -> TimeSpan { links[from, to].delay + links[to, from].delay }
      var line = "  \(site):"
      for column in sites.indices {
        line += " \(NumberText.format(roundTrip(SiteID(UInt16(column))).milliseconds))"
      }
      if let own = voters.firstIndex(of: from) {
        var others = voters
        others.remove(at: own)
        let needed = voters.count / 2
        let least = needed == 0 ? .zero : others.map(roundTrip).sorted()[needed - 1]
        line += "; commit \(NumberText.format(least.milliseconds))"
      }
      lines.append(line)
    }
    return lines
  }

  /// What happens when, one line each; a repeated fault stands at its first strike.
  private var timeline: [String] {
    var events: [(at: TimeSpan, text: String)] = workload.enumerated().map { position, phase in
      (phase.load.start, "load: phase \(position + 1), \(phase.load.mix.name), \(describe(phase))")
    }
    for timed in faults {
      let item = FaultKeys.text(timed)
      switch timed.timing {
      case .once(let moment): events.append((moment, "fault: \(item)"))
      case .every(_, let from, _): events.append((from, "faults: \(item)"))
      }
    }
    return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map { "\(DurationText.format($0.element.at))  \($0.element.text)" }
  }

  private func describe(_ phase: WorkloadPhase) -> String {
    let places = phase.sites == sites ? "all sites" : phase.sites.joined(separator: ", ")
    return switch phase.load.arrival {
    case .closed(let clients, let think):
      "\(clients) clients at each of \(places), thinking \(DurationText.format(think))"
    case .poisson(let rate): "\(RateText.format(rate)) with exponential gaps from \(places)"
    case .constant(let rate): "\(RateText.format(rate)) with equal gaps from \(places)"
    case .trace(let points): "a rate that changes at \(points.count) times, from \(places)"
    }
  }
}

extension MachineModel {
  /// The machine as it stands under `resources` in a spec.
  public var specText: String {
    YAMLText.document(.mapping(ResourceKeys.codec.write(self).map { [("resources", $0)] } ?? []))
  }
}
