import Emulation
import Policies
import Raft

extension Validation {
  func checkFaults() {
    for (position, timed) in spec.faults.enumerated() {
      let key = "faults[\(position)]"
      if knowsDuration { checkTiming(timed, key) }
      checkContent(timed.fault, key)
    }
  }

  private func checkTiming(_ timed: TimedFault, _ key: String) {
    let end = DurationText.format(spec.duration)
    switch timed.timing {
    case .once(let moment):
      if moment >= spec.duration {
        reading.refuse("\(key).at", "found \(DurationText.format(moment)), expected a time before the end at \(end)")
      }
    case .every(let period, let from, let until):
      if from >= spec.duration {
        reading.refuse(
          reading.gives("\(key).from") ? "\(key).from" : "\(key).every",
          "found a first strike at \(DurationText.format(from)), expected a time before the end at \(end)")
      }
      if let until, until > spec.duration {
        reading.refuse("\(key).until", "found \(DurationText.format(until)), expected at most the end at \(end)")
      }
      if spec.duration.nanoseconds / period.nanoseconds > Int64(Self.strikeLimit) {
        reading.refuse(
          "\(key).every", "found \(DurationText.format(period)), expected at most \(Self.strikeLimit) strikes in \(end)"
        )
      }
      if let span = timed.fault.span, span >= period {
        reading.warn(
          key,
          "found a fault that lasts \(DurationText.format(span)) and strikes every \(DurationText.format(period)): "
            + "it strikes again before it has ended")
      }
    }
  }

  private func checkContent(_ fault: Fault, _ key: String) {
    let target = "\(key).\(fault.kind.rawValue)"
    switch fault {
    case .pause(let victim, _): checkTarget(victim, target)
    case .crash(let victim, _), .clock(let victim, _, _), .disk(let victim, _, _):
      checkTarget(victim, target)
      switch victim {
      case .secretary, .observer:
        reading.refuse(target, "found \(victim), expected a member of the group; revoke ends machines of the fleet")
      default: break
      }
    case .remove(let victim):
      checkTarget(victim, target)
      if case .site = victim {
        reading.refuse(target, "found the site \(victim), expected one node: members leave one at a time")
      }
    case .restart(let victim):
      checkTarget(victim, target)
      switch victim {
      case .node, .site, .any: break
      case .leader, .follower, .learner, .secretary, .observer:
        reading.refuse(target, "found \(victim), expected a node, a site or any: what is down plays no role")
      }
    case .transfer(let heir):
      checkTarget(heir, target)
      switch heir {
      case .node, .site, .follower: break
      case .leader, .learner, .any, .secretary, .observer:
        reading.refuse(target, "found \(heir), expected a voter to hand over to: a node, a site or follower")
      }
    case .promote(let member):
      checkTarget(member, target)
      switch member {
      case .node, .learner: break
      case .leader, .follower, .any, .site, .secretary, .observer:
        reading.refuse(target, "found \(member), expected a learner: a node, learner or learner@site")
      }
    case .add(let site, _): requireSite(site, target)
    case .partition(let partition, _): checkPartition(partition, target)
    case .link(let patch, _): _ = checkPatch(patch, target)
    case .heal: break
    case .revoke(let victim, _):
      checkTarget(victim, target)
      switch victim {
      case .secretary, .observer: break
      default:
        reading.refuse(
          target, "found \(victim), expected secretary or observer, also with a site: voters' instances stay")
      }
    }
  }

  private func checkPartition(_ partition: Partition, _ key: String) {
    switch partition {
    case .oneWay(let from, let to):
      for (name, side) in [("from", from), ("to", to)] {
        for (position, target) in side.enumerated() { checkTarget(target, "\(key).\(name)[\(position)]") }
      }
    case .groups(let groups):
      var seen: [Target] = []
      for (row, group) in groups.enumerated() {
        for (column, target) in group.enumerated() {
          let place = "\(key)[\(row)][\(column)]"
          checkTarget(target, place)
          if seen.contains(target) {
            reading.refuse(place, "found \(target) a second time, expected each target in one part")
          }
          seen.append(target)
        }
      }
    }
  }

  private func checkTarget(_ target: Target, _ key: String) {
    switch target {
    case .node(let site, let number):
      guard !reading.blames("group.voters"), !reading.blames("group.learners") else { return }
      let nodes = spec.nodes.map(\.name)
      guard !nodes.contains("\(site).\(number)") else { return }
      let near = Words.suggestion(for: target.description, among: nodes)
      let shown = nodes.prefix(10).joined(separator: ", ") + (nodes.count > 10 ? ", …" : "")
      reading.refuse(key, "found the node \(target), expected one of \(shown)\(near)")
    case .site(let name):
      guard !spec.sites.contains(name) else { return }
      let near = Words.suggestion(for: name, among: spec.sites + Target.roles.dropLast())
      reading.refuse(
        key,
        "found the site \(name), expected one of \(spec.sites.joined(separator: ", ")), or leader, follower, learner, "
          + "any\(near)")
    case .follower(let site), .any(let site): if let site { requireSite(site, key) }
    case .learner(let site):
      if let site, !requireSite(site, key) { return }
      let hasLearner =
        spec.group.learners.contains { $0.count > 0 }
        || spec.faults.contains { if case .add(_, .learner) = $0.fault { true } else { false } }
      if !hasLearner { reading.refuse(key, "found \(target), expected another target: the group has no learner") }
    case .secretary(let site), .observer(let site):
      if let site, !requireSite(site, key) { return }
      if !spec.system.hasFleet {
        reading.refuse(key, "found \(target), expected another target: \(spec.system.rawValue) has no fleet")
      }
    case .leader: break
    }
  }
}
