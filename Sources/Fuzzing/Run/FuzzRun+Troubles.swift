import Emulation
import Raft
import Simulation

/// What a run does to the group.
extension FuzzRun {
  mutating func carryOut(_ item: Agenda.Item) {
    switch item {
    case .begin(let trouble):
      // From the plan's seed and the trouble's number: leaving another one out does not change this one.
      var random = RandomSource(seed: plan.seed, stream: 0x7203_B1E0 + UInt64(trouble.number))
      let deed = begin(trouble, &random)
      if deed != nil, !trouble.kind.armsDisk { fired += 1 }
      timeline?.note(trouble, deed, simulation)
    case .restart(let node): restart(node)
    case .disarmAndRestart(let node):
      simulation.forgetCrashPoint(node)
      restart(node)
    case .resume(let node): simulation.resume(node)
    case .cutOff(let node, let span): cutOff(node, for: span)
    case .deafen(let node, let span): cutOff(node, for: span, onlyHearing: true)
    case .heal(let partition): simulation.heal(partition)
    case .restoreLinks: _ = try? simulation.apply(LinkChange(.all, .restore))
    case .restoreDisk(let node):
      simulation.slowDisk(node, by: .zero)
      simulation.stallDisk(node, false)
    case .replace(let old, let new): replace(old, by: new)
    case .revoke(let node):
      if simulation.dismiss(node) { timeline?.note("\(node) of the fleet is gone", simulation) }
    }
  }

  /// Carries a trouble out; what it came to in words, or nil when it could not be done now.
  private mutating func begin(_ trouble: Trouble, _ random: inout RandomSource) -> String? {
    let node = target(&random)
    switch trouble.kind {
    case .crash: return crash(node, for: trouble.span, &random)
    case .crashAtWrite: return crashAtWrite(node, for: trouble.span, &random)
    case .failWrite: return failWrite(node)
    case .corrupt: return corrupt(node, for: trouble.span)
    case .wipe: return wipe(node, for: trouble.span)
    case .pause:
      guard simulation.pause(node) else { return nil }
      coverage.count(.pauses)
      agenda.add(.resume(node), at: simulation.now + trouble.span)
      return "\(node) stands still for \(trouble.span)"
    case .skewClock:
      let error = Int64(1 + random.next(below: UInt64(plan.clockError))) * (random.nextBool(probability: 0.5) ? 1 : -1)
      guard isMember(node), simulation.status(node) == .running else { return nil }
      simulation.setClockError(node, partsPerMillion: error)
      coverage.count(.clocksSkewed)
      return "the clock of \(node) is off by \(error) ppm"
    case .slowDisk:
      guard isMember(node), simulation.status(node) == .running else { return nil }
      let delay = random.next(in: .milliseconds(1)...plan.setup.raft.electionTimeout.upperBound)
      simulation.slowDisk(node, by: delay)
      coverage.count(.disksSlowed)
      agenda.add(.restoreDisk(node), at: simulation.now + trouble.span)
      return "durable writes of \(node) take \(delay) longer for \(trouble.span)"
    case .stallDisk:
      guard isMember(node), simulation.status(node) == .running else { return nil }
      simulation.stallDisk(node, true)
      coverage.count(.disksStalled)
      agenda.add(.restoreDisk(node), at: simulation.now + trouble.span)
      return "the disk of \(node) stands still for \(trouble.span)"
    case .split, .isolate, .oneWay, .bridge, .cutSites: return cut(trouble, node, &random)
    case .strandLeader: return strandLeader(for: trouble.span, &random)
    case .deafenAfterTransfer: return deafenAfterTransfer(to: successor(&random) ?? node, for: trouble.span, &random)
    case .disturbLinks: return disturbLinks(for: trouble.span, &random)
    case .change: return changeMembership(&random)
    case .transfer: return transfer(to: successor(&random) ?? node)
    case .hire, .revoke, .revokeWithNotice, .pauseFleet, .cutOffFleet: return beginFleet(trouble, &random)
    }
  }

  /// The leader more often than chance would have it, else any machine that is a member as far as it knows.
  private func target(_ random: inout RandomSource) -> NodeID {
    let wantsLeader = random.nextBool(probability: 0.4)
    let members = (0..<simulation.machineCount).map { NodeID(UInt32($0)) }.filter { isMember($0) }
    let any = members.isEmpty ? NodeID(0) : members[Int(random.next(below: UInt64(members.count)))]
    return wantsLeader ? leader ?? any : any
  }

  /// Whether the node has a configuration that it is part of.
  private func isMember(_ node: NodeID) -> Bool { simulation.configuration(of: node).members.contains(node) }

  /// The leader of the highest term among the machines that run.
  var leader: NodeID? {
    var best: NodeID?
    for slot in 0..<simulation.machineCount {
      let id = NodeID(UInt32(slot))
      guard simulation.status(id) == .running, simulation.role(of: id) == .leader else { continue }
      if best.map({ simulation.term(of: $0) < simulation.term(of: id) }) ?? true { best = id }
    }
    return best
  }

  // MARK: Machines

  private mutating func crash(_ node: NodeID, for span: TimeSpan, _ random: inout RandomSource) -> String? {
    let tail: DiskTail = random.nextBool(probability: 0.5) ? .torn : .lost
    guard simulation.status(node) == .running || simulation.status(node) == .paused else { return nil }
    simulation.setDiskTail(node, tail)
    simulation.crash(node)
    coverage.count(.crashes)
    agenda.add(.restart(node), at: simulation.now + span)
    return "\(node) crashes for \(span), writes under way are \(tail)"
  }

  private mutating func crashAtWrite(_ node: NodeID, for span: TimeSpan, _ random: inout RandomSource) -> String? {
    let point = DiskCrashPoint.allCases[Int(random.next(below: UInt64(DiskCrashPoint.allCases.count)))]
    guard simulation.crashAtNextDiskWrite(node, point) else { return nil }
    agenda.add(.disarmAndRestart(node), at: simulation.now + span)
    return "\(node) is to crash at its next durable write (\(point)), until \(simulation.now + span)"
  }

  /// Starts a machine that is down, and holds the outcome to what its disk is fit for.
  mutating func restart(_ node: NodeID) {
    guard simulation.status(node) == .down else { return }
    // What was damaged may have been replaced since, and then does no harm.
    let isDamaged = simulation.isDamaged(node)
    let hasFailedWrite = simulation.hasFailedWrite(node)
    let isWiped = isWiped[node.slot]
    let started = simulation.restart(node)
    timeline?.note(start: node, started, simulation)
    switch (started, isDamaged || hasFailedWrite || isWiped) {
    case (true, false):
      coverage.count(.restarts)
      if !simulation.isArmedToFail(node) { isDoomed[node.slot] = false }
    case (false, true): break
    case (false, false):
      let why = simulation.failure(node).map { "\($0)" } ?? "without a reason"
      fail(FuzzFailure.Check.recovery, ["\(node) could not start: \(why)"])
    case (true, true):
      if isWiped { fail(FuzzFailure.Check.identity, ["\(node) started from a disk that lost its identity"]) }
      if isDamaged { fail(FuzzFailure.Check.damage, ["\(node) started from a disk that holds damaged records"]) }
      fail(FuzzFailure.Check.damage, ["\(node) started from a disk of which a durable write had failed"])
    }
  }

  // MARK: What cannot be repaired

  private mutating func failWrite(_ node: NodeID) -> String? {
    guard simulation.status(node) == .running, mayLose(node) else { return nil }
    simulation.failNextWrite(node)
    isDoomed[node.slot] = true
    return "the next durable write of \(node) fails"
  }

  private mutating func corrupt(_ node: NodeID, for span: TimeSpan) -> String? {
    guard simulation.status(node) == .running, mayLose(node), simulation.corruptDisk(node) else { return nil }
    isDoomed[node.slot] = true
    simulation.crash(node)
    agenda.add(.restart(node), at: simulation.now + span)
    return "a bit on the disk of \(node) flips, and it crashes for \(span)"
  }

  private mutating func wipe(_ node: NodeID, for span: TimeSpan) -> String? {
    guard simulation.status(node) == .running || simulation.status(node) == .down, mayLose(node) else { return nil }
    simulation.crash(node)
    guard simulation.wipeDisk(node) else { return nil }
    isDoomed[node.slot] = true
    isWiped[node.slot] = true
    agenda.add(.restart(node), at: simulation.now + span)
    if let new = addMachine(at: simulation.site(of: node)) {
      agenda.add(.replace(node, by: new), at: simulation.now + plan.setup.raft.electionTimeout.upperBound)
    }
    return "\(node) crashes and loses its disk"
  }

  private mutating func addMachine(at site: SiteID) -> NodeID? {
    guard
      let new = try? simulation.addMachine(
        SimulationSetup.Node(site: site, machine: plan.setup.nodes[0].machine))
    else { return nil }
    isDoomed.append(false)
    isWiped.append(false)
    campaigns.append(nil)
    let servers = (0..<simulation.machineCount).map { NodeID(UInt32($0)) }
    simulation.setServers { site in
      FuzzRun.order(servers, from: plan.clients.first { $0.site == site }?.nearest ?? 0)
    }
    return new
  }

  // MARK: The network

  private mutating func cut(_ trouble: Trouble, _ node: NodeID, _ random: inout RandomSource) -> String? {
    guard let (partition, item, words) = shape(trouble.kind, node, &random),
      let id = try? simulation.begin(partition)
    else { return nil }
    coverage.count(item)
    agenda.add(.heal(id), at: simulation.now + trouble.span)
    return "\(words) for \(trouble.span)"
  }

  private func shape(
    _ kind: FaultKind, _ node: NodeID, _ random: inout RandomSource
  ) -> (Partition, Coverage.Item, String)? {
    func place(_ slot: Int) -> Place { .endpoint(simulation.endpoint(of: NodeID(UInt32(slot)))) }
    func names(_ slots: [Int]) -> String { slots.map { "n\($0)" }.joined(separator: " ") }
    if kind == .isolate {
      guard isMember(node), simulation.status(node) == .running else { return nil }
      return (.isolated(simulation.endpoint(of: node)), .isolations, "\(node) is cut off")
    }
    if kind == .cutSites {
      let count = plan.setup.links.siteCount
      guard count > 1 else { return nil }
      let left = (0..<count).filter { _ in random.nextBool(probability: 0.5) }
      let right = (0..<count).filter { !left.contains($0) }
      guard !left.isEmpty, !right.isEmpty else { return nil }
      let groups = [left, right].map { $0.map { Place.site(SiteID(UInt16($0))) } }
      return (.groups(groups), .siteCuts, "sites \(left) and \(right) are cut off from each other")
    }
    // Now and then a group of one: the leader, or the node that bridges, is then alone with few.
    let bias = random.nextBool(probability: 0.3) ? 0.0 : 0.5
    var left: [Int] = []
    var right: [Int] = []
    for slot in networkSlots where kind != .bridge || slot != node.slot {
      if random.nextBool(probability: bias) { left.append(slot) } else { right.append(slot) }
    }
    if bias == 0, let first = leader?.slot ?? right.first, right.contains(first) {
      left = [first]
      right.removeAll { $0 == first }
    }
    guard !left.isEmpty, !right.isEmpty else { return nil }
    switch kind {
    case .oneWay:
      return (
        .oneWay(from: left.map(place), to: right.map(place)), .oneWayCuts, "\(names(right)) do not hear \(names(left))"
      )
    case .bridge:
      return (
        .groups([left.map(place), right.map(place)]), .bridges, "\(names(left)) | \(names(right)), \(node) hears both"
      )
    default: return (.groups([left.map(place), right.map(place)]), .splits, "\(names(left)) | \(names(right))")
    }
  }

  /// Cuts a node off from the other nodes, in both directions or only towards it; clients reach all of them.
  private mutating func cutOff(_ node: NodeID, for span: TimeSpan, onlyHearing: Bool = false) {
    let place = Place.endpoint(simulation.endpoint(of: node))
    var others: [Place] = []
    for slot in networkSlots where slot != node.slot {
      others.append(.endpoint(simulation.endpoint(of: NodeID(UInt32(slot)))))
    }
    guard !others.isEmpty,
      let id = try? simulation.begin(onlyHearing ? .oneWay(from: others, to: [place]) : .groups([[place], others]))
    else { return }
    agenda.add(.heal(id), at: simulation.now + span)
    coverage.count(onlyHearing ? .transfersDeafened : .leadersStranded)
    let what = onlyHearing ? "does not hear the other nodes" : "is cut off from the other nodes"
    timeline?.note("\(node) \(what) for \(span)", simulation)
  }

  /// What was on its way to the leader waits in front of it, older than it looks.
  private mutating func strandLeader(for span: TimeSpan, _ random: inout RandomSource) -> String? {
    guard let leader, simulation.pause(leader) else { return nil }
    let timeout = plan.setup.raft.electionTimeout.upperBound
    let pause = random.next(in: timeout...(timeout * 4))
    agenda.add(.cutOff(leader, span + pause), at: simulation.now + random.next(in: .zero...(timeout / 2)))
    agenda.add(.resume(leader), at: simulation.now + pause)
    return "\(leader) stands still for \(pause), and is cut off before it goes on"
  }

  private mutating func disturbLinks(for span: TimeSpan, _ random: inout RandomSource) -> String? {
    let loss = Double(1 + random.next(below: 40)) / 100
    let factor = Double(1 + random.next(below: 5))
    do throws(NetworkError) {
      try simulation.apply(LinkChange(.all, .setLoss(loss)))
      try simulation.apply(LinkChange(.all, .scaleDelay(factor)))
    } catch {
      return nil
    }
    coverage.count(.linksDisturbed)
    agenda.add(.restoreLinks, at: simulation.now + span)
    return "links lose \(Int(loss * 100)) % and take \(Int(factor)) times as long for \(span)"
  }

  // MARK: Leadership

  /// Mostly another voter of the leader's configuration, now and then nobody in particular.
  private func successor(_ random: inout RandomSource) -> NodeID? {
    guard let leader, random.nextBool(probability: 0.9) else { return nil }
    let others = simulation.configuration(of: leader).voters.filter { $0 != leader }
    return others.isEmpty ? nil : others[Int(random.next(below: UInt64(others.count)))]
  }

  private mutating func transfer(to node: NodeID) -> String? {
    guard let leader else { return nil }
    do throws(TransferRefusal) {
      try simulation.transferLeadership(from: leader, to: node)
    } catch {
      coverage.count(.transfersRefused)
      return nil
    }
    coverage.count(.transfersBegun)
    return "\(leader) hands over to \(node)"
  }

  private mutating func deafenAfterTransfer(
    to node: NodeID, for span: TimeSpan, _ random: inout RandomSource
  ) -> String? {
    guard let leader, let words = transfer(to: node) else { return nil }
    let latest = plan.setup.raft.electionTimeout.lowerBound / 4
    let delay = random.next(in: .zero...(random.nextBool(probability: 0.5) ? .milliseconds(1) : latest))
    agenda.add(.deafen(leader, span), at: simulation.now + delay)
    return words + ", and hears the other nodes no more \(delay) later"
  }
}
