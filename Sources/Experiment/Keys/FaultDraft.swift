import Raft

/// A fault as the spec gives it, before its keys are held against each other.
struct FaultDraft: Sendable {
  var at: TimeSpan?
  var every: TimeSpan?
  var from: TimeSpan?
  var until: TimeSpan?
  var span: TimeSpan?
  var crash: Target?
  var restartAfter: TimeSpan?
  var restart: Target?
  var pause: Target?
  var clock: Target?
  var error: Double?
  var disk: Target?
  var problem: DiskFault.Kind?
  var slowerBy: TimeSpan?
  var partition: Partition?
  var heal = false
  var link: LinkPatch?
  var transfer: Target?
  var add: String?
  var membership: Fault.Membership?
  var remove: Target?
  var promote: Target?
  var revoke: Target?
  var notice: TimeSpan?

  init() {}

  /// The draft that makes a fault.
  init(_ timed: TimedFault) {
    switch timed.timing {
    case .once(let moment): at = moment
    case .every(let period, let from, let until): (every, self.from, self.until) = (period, from, until)
    }
    switch timed.fault {
    case .crash(let target, let restartAfter): (crash, self.restartAfter) = (target, restartAfter)
    case .restart(let target): restart = target
    case .pause(let target, let span): (pause, self.span) = (target, span)
    case .partition(let partition, let span): (self.partition, self.span) = (partition, span)
    case .heal: heal = true
    case .link(let patch, let span): (link, self.span) = (patch, span)
    case .transfer(let target): transfer = target
    case .add(let site, let membership): (add, self.membership) = (site, membership)
    case .remove(let target): remove = target
    case .promote(let target): promote = target
    case .revoke(let target, let notice): (revoke, self.notice) = (target, notice)
    case .clock(let target, let error, let span): (clock, self.error, self.span) = (target, error, span)
    case .disk(let target, let fault, let span):
      (disk, problem, self.span) = (target, fault.kind, span)
      if case .slow(let time) = fault { slowerBy = time }
    }
  }

  /// The fault, or nil after reporting which keys do not go together.
  func fault(_ node: SpecNode, _ key: String, _ reading: Reading) -> TimedFault? {
    let names = (node.entries ?? []).map(\.key)
    let kinds = Fault.Kind.allCases.filter { names.contains($0.rawValue) }
    guard kinds.count == 1, let kind = kinds.first else {
      let all = Fault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      let found = kinds.isEmpty ? "no kind of fault" : kinds.map(\.rawValue).joined(separator: " and ")
      reading.refuse(key, at: node.place, "found \(found), expected one of \(all)")
      return nil
    }
    for name in names where !Self.timing.contains(name) && name != kind.rawValue && !kind.details.contains(name) {
      let hint = kind == .crash && name == "for" ? "restart_after" : kind.details.joined(separator: ", ")
      reading.refuse(
        "\(key).\(name)", "found a key that \(kind.rawValue) does not take, expected \(hint.isEmpty ? "none" : hint)")
      return nil
    }
    guard let timing = timing(kind, node, key, reading), let fault = content(kind, node, key, reading) else {
      return nil
    }
    return TimedFault(timing: timing, fault: fault)
  }

  private static let timing = ["at", "every", "from", "until"]

  private func timing(_ kind: Fault.Kind, _ node: SpecNode, _ key: String, _ reading: Reading) -> TimedFault.Timing? {
    switch (at, every) {
    case (let moment?, nil):
      for (name, value) in [("from", from), ("until", until)] where value != nil {
        reading.refuse("\(key).\(name)", "found it together with at, expected it with every; a fault lasts by for")
        return nil
      }
      return .once(at: moment)
    case (nil, let period?):
      if [.add, .remove, .promote].contains(kind) {
        reading.refuse("\(key).every", "found a repeated \(kind.rawValue), expected at: a member changes once")
        return nil
      }
      let from = from ?? period
      if let until, until <= from {
        reading.refuse(
          "\(key).until", "found \(DurationText.format(until)), expected a time after \(DurationText.format(from))")
        return nil
      }
      return .every(period: period, from: from, until: until)
    case (.some, .some):
      reading.refuse("\(key).every", "found it together with at, expected one of the two")
    case (nil, nil):
      reading.refuse(key, at: node.place, "found no time, expected at: 30s or every: 30s")
    }
    return nil
  }

  private func content(_ kind: Fault.Kind, _ node: SpecNode, _ key: String, _ reading: Reading) -> Fault? {
    func missing(_ name: String, _ expected: String) -> Fault? {
      reading.refuse("\(key).\(name)", at: node.place, "found nothing, expected \(expected)")
      return nil
    }
    switch kind {
    case .crash: return crash.map { .crash($0, restartAfter: restartAfter) }
    case .restart: return restart.map { .restart($0) }
    case .pause:
      guard let span else { return missing("for", "how long the pause lasts") }
      return pause.map { .pause($0, for: span) }
    case .partition: return partition.map { .partition($0, for: span) }
    case .heal: return .heal
    case .link: return link.map { .link($0, for: span) }
    case .transfer: return transfer.map { .transfer(to: $0) }
    case .add: return add.map { .add(site: $0, as: membership ?? .voter) }
    case .remove: return remove.map { .remove($0) }
    case .promote: return promote.map { .promote($0) }
    case .revoke: return revoke.map { .revoke($0, notice: notice ?? .zero) }
    case .clock:
      guard let error else { return missing("error", "how much the clock is wrong, such as 500ppm") }
      return clock.map { .clock($0, error: error, for: span) }
    case .disk:
      guard let problem else {
        return missing("problem", "one of \(DiskFault.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      if problem == .slow, slowerBy == nil { return missing("slower_by", "how much longer a write takes") }
      if problem != .slow, slowerBy != nil {
        reading.refuse("\(key).slower_by", "found it with problem \(problem.rawValue), expected it with slow")
        return nil
      }
      return disk.map { .disk($0, diskFault(problem), for: span) }
    }
  }

  private func diskFault(_ kind: DiskFault.Kind) -> DiskFault {
    switch kind {
    case .slow: .slow(by: slowerBy ?? .zero)
    case .stall: .stall
    case .tornTail: .tornTail
    case .lostTail: .lostTail
    case .readError: .readError
    }
  }
}

extension Fault.Kind {
  /// The keys besides times that a fault of the kind takes.
  var details: [String] {
    switch self {
    case .crash: ["restart_after"]
    case .pause, .partition, .link: ["for"]
    case .clock: ["error", "for"]
    case .disk: ["problem", "slower_by", "for"]
    case .add: ["as"]
    case .revoke: ["notice"]
    case .restart, .heal, .transfer, .remove, .promote: []
    }
  }
}
