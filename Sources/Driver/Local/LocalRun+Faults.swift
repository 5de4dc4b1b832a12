import Cloud
import Emulation
import Experiment
import Glibc
import Raft
import Simulation
import Traces
import Wire
import Workload

/// Injects faults into real processes, and says of each what became of it.
extension LocalRun {
  func perform(_ action: Timeline.Action) {
    switch action {
    case .strike(let fault): strike(fault)
    case .undo(let fault): undo(fault)
    case .retry(let task): attempt(task)
    case .interrupt(let place): interrupt(place)
    case .giveBack(let node): giveBack(node)
    // These come of policies and of several groups, which no run of real processes has.
    case .dismiss, .stop, .bringHome: break
    }
  }

  private func strike(_ place: Int) {
    faults.due += 1
    let fault = plan.spec.faults[place].fault
    switch fault {
    case .crash(let target, let restartAfter):
      forEach(target, fault, { $0.isUp }) { run, node in
        run.crash(node)
        return restartAfter == nil ? nil : .restart(node)
      }
    case .restart(let target):
      forEach(target, fault, { $0.status == .down }) { run, node in
        run.restart(node)
        run.close { if case .restart(node) = $0 { true } else { false } }
        return nil
      }
    case .pause(let target, _):
      forEach(target, fault, { $0.status == .running }) { run, node in
        run.pause(node)
        return .resume(node)
      }
    case .partition(let partition, _): cut(partition, fault)
    case .link(let patch, _): change(patch, fault)
    case .heal: healEverything(fault)
    case .transfer(let target): transfer(to: target, fault)
    case .add(let site, let membership): add(site, membership, fault, place)
    case .remove(let target): enroll(target, fault, .remove)
    case .promote(let target): enroll(target, fault, .promote)
    case .revoke(let target, let notice): revoke(target, notice: notice, fault)
    case .clock(let target, _, _): note(fault, "\(target)", nil, .skipped, "no counterpart in this world")
    case .disk(let target, _, _): note(fault, "\(target)", nil, .skipped, "no counterpart in this world")
    }
  }

  /// Does something to each node that a target stands for; what it returns undoes it later.
  private func forEach(
    _ target: Target, _ fault: Fault, _ isFit: (LocalNode) -> Bool,
    _ body: (LocalRun, NodeID) -> FaultInForce.Undoing?
  ) {
    let targets = resolve(target, where: isFit)
    guard !targets.isEmpty else { return note(fault, "\(target)", nil, .skipped, "nothing to do it to") }
    faults.injected += 1
    for node in targets {
      if let undoing = body(self, node) {
        begin(fault, "\(target)", name([node]), undoing)
      } else {
        note(fault, "\(target)", name([node]), .injected, nil)
      }
    }
  }

  /// Records a fault that lasts, and puts its end on the timeline when the spec gives one.
  private func begin(_ fault: Fault, _ target: String, _ resolved: String, _ undoing: FaultInForce.Undoing) {
    let id = traces.recorder.faultBegan(
      FaultRow(at: now, fault: fault.kind.rawValue, target: target, resolved: resolved, outcome: .injected))
    let inForce = FaultInForce(id: id, undoing: undoing)
    self.inForce.append(inForce)
    if let span = fault.span { timeline.add(.undo(inForce), at: now + span) }
  }

  func note(_ fault: Fault, _ target: String, _ resolved: String?, _ outcome: FaultOutcome, _ detail: String?) {
    traces.recorder.fault(
      FaultRow(
        at: now, fault: fault.kind.rawValue, target: target, resolved: resolved, outcome: outcome, detail: detail))
  }

  private func undo(_ fault: FaultInForce) {
    guard let place = inForce.firstIndex(where: { $0.id == fault.id }) else { return }
    inForce.remove(at: place)
    traces.recorder.faultEnded(fault.id, at: now)
    switch fault.undoing {
    case .restart(let node): restart(node)
    case .resume(let node): resume(node)
    case .heal(let partition):
      network.heal(partition)
      networkChanged()
    case .restoreLinks(let links):
      for selection in links { _ = try? network.apply(LinkChange(selection, .restore), at: now) }
      networkChanged()
    case .clock, .disk: break
    }
  }

  /// Ends the records of faults that something else has undone.
  private func close(_ isUndone: (FaultInForce.Undoing) -> Bool) {
    for fault in inForce where isUndone(fault.undoing) { traces.recorder.faultEnded(fault.id, at: now) }
    inForce.removeAll { isUndone($0.undoing) }
  }

  // MARK: Processes

  /// Kills a node's process.
  func crash(_ id: NodeID) {
    // From the signal on it does nothing; it is reaped when it is gone, which may take a while.
    ledger.set(id, running: false, cause: .crash, at: now)
    nodes[id.slot].child?.signal(SIGKILL)
    nodes[id.slot].status = .down
    if leader == id { leader = nil }
  }

  private func restart(_ id: NodeID) {
    guard nodes[id.slot].status == .down else { return }
    do {
      try start(id)
    } catch {
      nodes[id.slot].status = .down
      traces.recorder.fault(
        FaultRow(
          at: now, fault: Fault.Kind.restart.rawValue, target: name([id]), resolved: name([id]), outcome: .failed,
          detail: "\(error)"))
    }
  }

  private func pause(_ id: NodeID) {
    nodes[id.slot].child?.signal(SIGSTOP)
    nodes[id.slot].status = .paused
    ledger.set(id, running: false, cause: .pause, at: now)
  }

  private func resume(_ id: NodeID) {
    guard nodes[id.slot].status == .paused else { return }
    nodes[id.slot].child?.signal(SIGCONT)
    nodes[id.slot].status = .running
    ledger.set(id, running: true, cause: .pause, at: now)
    tellLinks()
  }

  // MARK: The network

  private func cut(_ partition: Experiment.Partition, _ fault: Fault) {
    let target: String
    let cut: Emulation.Partition
    switch partition {
    case .groups(let groups):
      target = groups.map { $0.map(\.description).joined(separator: " ") }.joined(separator: " | ")
      cut = .groups(groups.map { group in group.flatMap { places($0) } }.filter { !$0.isEmpty })
    case .oneWay(let from, let to):
      target = "\(from.map(\.description).joined(separator: " ")) > \(to.map(\.description).joined(separator: " "))"
      cut = .oneWay(from: from.flatMap { places($0) }, to: to.flatMap { places($0) })
    }
    do throws(NetworkError) {
      let id = try network.begin(cut)
      faults.injected += 1
      begin(fault, target, target, .heal(id))
      networkChanged()
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private func change(_ patch: LinkPatch, _ fault: Fault) {
    let from = patch.from.isEmpty ? "all" : patch.from.joined(separator: " ")
    let to = patch.to.isEmpty ? "all" : patch.to.joined(separator: " ")
    let target = "\(from) \(patch.bothWays ? "<>" : ">") \(to)"
    do throws(NetworkError) {
      for change in patch.changes(sites: plan.spec.sites) { _ = try network.apply(change, at: now) }
      faults.injected += 1
      begin(fault, target, target, .restoreLinks(patch.selections(sites: plan.spec.sites)))
      networkChanged()
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private func healEverything(_ fault: Fault) {
    faults.injected += 1
    for case .restoreLinks(let links) in inForce.map(\.undoing) {
      for selection in links { _ = try? network.apply(LinkChange(selection, .restore), at: now) }
    }
    network.healAll()
    networkChanged()
    close {
      switch $0 {
      case .heal, .restoreLinks: true
      case .restart, .resume, .clock, .disk: false
      }
    }
    note(fault, "", nil, .injected, nil)
  }

  // MARK: Targets

  /// The nodes that a target stands for now; random choices are among nodes for which `isFit` holds.
  func resolve(_ target: Target, where isFit: (LocalNode) -> Bool) -> [NodeID] {
    let members = nodes.filter { $0.role.isMember && $0.status != .absent && $0.status != .gone && isFit($0) }
    switch target {
    case .node(let site, let number): return members.filter { $0.name == "\(site).\(number)" }.map(\.id)
    case .site(let name): return members.filter { plan.spec.siteID(of: name) == $0.site }.map(\.id)
    case .leader: return members.filter { $0.id == leader }.map(\.id)
    case .follower(let site): return draw(members.filter { $0.id != leader && configuration.isVoter($0.id) }, at: site)
    case .learner(let site): return draw(members.filter { configuration.isLearner($0.id) }, at: site)
    case .any(let site): return draw(members.filter { configuration.members.contains($0.id) }, at: site)
    case .secretary(let site): return draw(fleetNodes(.secretary).filter(isFit), at: site)
    case .observer(let site): return draw(fleetNodes(.observer).filter(isFit), at: site)
    }
  }

  private func draw(_ nodes: [LocalNode], at site: String?) -> [NodeID] {
    let eligible = nodes.filter { node in site.map { plan.spec.siteID(of: $0) == node.site } ?? true }
    guard !eligible.isEmpty else { return [] }
    return [eligible[Int(random.next(below: UInt64(eligible.count)))].id]
  }

  func name(_ nodes: [NodeID]) -> String { nodes.map { traces.recorder.names.node($0) }.joined(separator: " ") }

  /// The places on the network that a target stands for: a site with its clients, or nodes.
  private func places(_ target: Target) -> [Place] {
    if case .site(let name) = target { return plan.spec.siteID(of: name).map { [.site($0)] } ?? [] }
    return resolve(target, where: { _ in true }).map { .endpoint(endpoint(of: $0)) }
  }
}
