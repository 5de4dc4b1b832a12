import Emulation
import Raft
import Workload

/// Holds the parts of a spec against each other; what is wrong is reported where it stands.
///
/// A part that could not be read has its default, and checks that would then blame it are left out.
struct Validation {
  let spec: ExperimentSpec
  let reading: Reading

  /// The most sites of an experiment.
  static let siteLimit = 256
  /// The most nodes of an experiment.
  static let nodeLimit = 10_000
  /// The most strikes of a fault that repeats.
  static let strikeLimit = 100_000
  /// The most windows of a run.
  static let windowLimit = 1_000_000

  func check() {
    guard !spec.sites.isEmpty else { return }
    guard checkSites() else { return }
    checkTimes()
    checkGroup()
    if let links = checkLinks() { checkTimeouts(links) }
    checkWorkload()
    checkFaults()
    checkElastic()
    checkLocal()
  }

  // MARK: The run

  private func checkSites() -> Bool {
    guard spec.sites.count <= Self.siteLimit else {
      reading.refuse("sites", "found \(spec.sites.count) sites, expected at most \(Self.siteLimit)")
      return false
    }
    var isSound = true
    for (position, site) in spec.sites.enumerated() where spec.sites[..<position].contains(site) {
      reading.refuse("sites[\(position)]", "found \(site) a second time, expected each site once")
      isSound = false
    }
    return isSound
  }

  /// Whether the spec says how long the run lasts; if it says it badly, no other time is held against it.
  var knowsDuration: Bool { !reading.blames("duration") }

  private func checkTimes() {
    checkPatience()
    guard knowsDuration else { return }
    let duration = DurationText.format(spec.duration)
    if spec.warmup >= spec.duration {
      reading.refuse(
        "warmup", "found \(DurationText.format(spec.warmup)), expected less than the duration of \(duration)")
    }
    let windows = spec.record.windows
    if windows > spec.duration {
      reading.refuse(
        "record.windows", "found \(DurationText.format(windows)), expected at most the duration of \(duration)")
    } else if spec.duration.nanoseconds / windows.nanoseconds > Self.windowLimit {
      reading.refuse(
        "record.windows",
        "found \(DurationText.format(windows)), expected at most \(Self.windowLimit) windows in \(duration)")
    }
  }

  private func checkPatience() {
    let clients = spec.clients
    guard !reading.blames("clients") else { return }
    if clients.firstBackoff > clients.longestBackoff {
      reading.refuse(
        "clients.backoff",
        "found \(DurationText.format(clients.firstBackoff)), expected at most max_backoff, which is "
          + DurationText.format(clients.longestBackoff))
    }
    if clients.attemptTimeout > clients.operationDeadline {
      reading.warn(
        "clients.timeout",
        "found \(DurationText.format(clients.attemptTimeout)), longer than deadline "
          + "(\(DurationText.format(clients.operationDeadline))): no operation is ever tried twice")
    }
  }

  // MARK: The group

  private func checkGroup() {
    let group = spec.group
    for (name, counts) in [("voters", group.voters), ("learners", group.learners)] {
      for entry in counts { requireSite(entry.site, "group.\(name).\(entry.site)") }
    }
    if reading.gives("group.voters"), !reading.blames("group.voters"), group.voters.allSatisfy({ $0.count == 0 }) {
      reading.refuse("group.voters", "found no voter, expected at least one")
    }
    let total = (group.voters + group.learners).reduce(0) { $0 + $1.count }
    if total > Self.nodeLimit {
      reading.refuse("group.voters", "found \(total) nodes, expected at most \(Self.nodeLimit)")
    }
    guard !reading.blames("group.heartbeat"), !reading.blames("group.election_timeout") else { return }
    let (heartbeat, timeout) = (group.raft.heartbeatInterval, group.raft.electionTimeout)
    if heartbeat >= timeout.lowerBound {
      reading.refuse(
        reading.gives("group.heartbeat") ? "group.heartbeat" : "group.election_timeout",
        "found a heartbeat of \(DurationText.format(heartbeat)) and election timeouts from "
          + "\(DurationText.format(timeout.lowerBound)), expected the heartbeat to be shorter")
    }
    if case .lease = group.raft.readConfirmation, !group.raft.checksQuorum {
      reading.refuse(
        "group.read_confirmation",
        "found lease with check_quorum: false, expected round: a lease needs voters that stick to their leader")
    }
  }

  /// Doubts timeouts that the round trips between voters eat up (they need a vote and its answer).
  private func checkTimeouts(_ links: LinkTable) {
    let voters = spec.group.voters.filter { $0.count > 0 }.compactMap { spec.siteID(of: $0.site) }
    var longest = TimeSpan.zero
    for from in voters {
      for to in voters { longest = max(longest, links[from, to].delay + links[to, from].delay) }
    }
    let least = spec.group.raft.electionTimeout.lowerBound
    if least < longest * 2 {
      reading.warn(
        "group.election_timeout",
        "found timeouts from \(DurationText.format(least)), expected at least twice the longest round trip between "
          + "voters, which is \(DurationText.format(longest)): elections may fail again and again")
    }
  }

  // MARK: Links

  /// The links, or nil after reporting why there are none.
  private func checkLinks() -> LinkTable? {
    guard !reading.blames("links.matrix") else { return nil }
    var isSound = true
    for (position, patch) in spec.links.overrides.enumerated() {
      if !checkPatch(patch, "links.overrides[\(position)]") { isSound = false }
    }
    let table: LinkTable
    do throws(LatencyError) {
      table = try spec.links.table(sites: spec.sites)
    } catch {
      refuse(error)
      return nil
    }
    for from in spec.sites.indices {
      for to in spec.sites.indices {
        guard let fault = table[SiteID(UInt16(from)), SiteID(UInt16(to))].fault else { continue }
        reading.refuse("links", "found \(fault), between \(spec.sites[from]) and \(spec.sites[to])")
        return nil
      }
    }
    return isSound ? table : nil
  }

  /// Reports each site that the matrix lacks; other errors as they are.
  private func refuse(_ error: LatencyError) {
    guard case .unknownSite = error else {
      reading.refuse("links.matrix", "found that \(error)")
      return
    }
    let (name, valid) = matrixSites
    for (position, site) in spec.sites.enumerated() where !valid.contains(site) {
      let near = Words.suggestion(for: site, among: valid)
      let list = near.isEmpty ? "; it has \(valid.joined(separator: ", "))" : near
      reading.refuse("sites[\(position)]", "found \(site), expected a site of the latency matrix\(name)\(list)")
    }
  }

  private var matrixSites: (name: String, sites: [String]) {
    switch spec.links.matrix {
    case .builtIn(let name):
      (" \(name)", LatencyTable.builtIn.first { $0.name == name }?.sites ?? [])
    case .figures(let pairs): ("", Set(pairs.flatMap { [$0.from, $0.to] }).sorted())
    }
  }

  func checkPatch(_ patch: LinkPatch, _ key: String) -> Bool {
    var isSound = true
    for (name, sites) in [("from", patch.from), ("to", patch.to)] {
      for (position, site) in sites.enumerated() where !requireSite(site, "\(key).\(name)[\(position)]") {
        isSound = false
      }
    }
    var link = LinkModel(delay: .zero)
    patch.apply(to: &link)
    if let fault = link.fault {
      reading.refuse(key, "found values that no link can have: \(fault)")
      isSound = false
    }
    return isSound
  }

  // MARK: Load

  private func checkWorkload() {
    var last: TimeSpan?
    for (position, phase) in spec.workload.enumerated() {
      let key = "workload[\(position)]"
      for (number, site) in phase.sites.enumerated() { requireSite(site, "\(key).sites[\(number)]") }
      let start = phase.load.start
      if start >= spec.duration, knowsDuration {
        reading.refuse(
          "\(key).from",
          "found \(DurationText.format(start)), expected a time before the end at \(DurationText.format(spec.duration))"
        )
      }
      if let last, start <= last {
        reading.refuse(
          "\(key).from",
          "found \(DurationText.format(start)), expected a time after the phase before, which begins at "
            + DurationText.format(last))
      }
      last = start
    }
  }

  /// Whether the experiment has the site; reports it when not.
  @discardableResult
  func requireSite(_ site: String, _ key: String) -> Bool {
    if spec.sites.contains(site) { return true }
    let near = Words.suggestion(for: site, among: spec.sites)
    reading.refuse(
      key, "found the site \(SpecNode.quote(site)), expected one of \(spec.sites.joined(separator: ", "))\(near)")
    return false
  }
}
