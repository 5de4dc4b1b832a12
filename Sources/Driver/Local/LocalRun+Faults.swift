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
    faults.counts.due += 1
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
        run.faults.endAll(at: run.now, in: run.traces) { if case .restart(node) = $0 { true } else { false } }
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
    faults.counts.injected += 1
    for node in targets {
      if let undoing = body(self, node) {
        begin(fault, "\(target)", name([node]), undoing)
      } else {
        note(fault, "\(target)", name([node]), .injected, nil)
      }
    }
  }

  private func begin(_ fault: Fault, _ target: String, _ resolved: String, _ undoing: FaultInForce.Undoing) {
    faults.begin(fault, target, resolved, undoing, at: now, in: traces, &timeline)
  }

  func note(_ fault: Fault, _ target: String, _ resolved: String?, _ outcome: FaultOutcome, _ detail: String?) {
    faults.note(fault, target, resolved, outcome, detail, at: now, in: traces)
  }

  private func undo(_ fault: FaultInForce) {
    guard faults.end(fault, at: now, in: traces) else { return }
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
      faults.noteRefusedRestart(of: name([id]), "\(error)", at: now, in: traces)
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
    let target = partition.label
    let cut = partition.cut { places($0) }
    do throws(NetworkError) {
      let id = try network.begin(cut)
      faults.counts.injected += 1
      begin(fault, target, target, .heal(id))
      networkChanged()
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private func change(_ patch: LinkPatch, _ fault: Fault) {
    let target = patch.label
    do throws(NetworkError) {
      for change in patch.changes(sites: plan.spec.sites) { _ = try network.apply(change, at: now) }
      faults.counts.injected += 1
      begin(fault, target, target, .restoreLinks(patch.selections(sites: plan.spec.sites)))
      networkChanged()
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private func healEverything(_ fault: Fault) {
    faults.counts.injected += 1
    for selection in faults.changedLinks { _ = try? network.apply(LinkChange(selection, .restore), at: now) }
    network.healAll()
    networkChanged()
    faults.endAll(at: now, in: traces, where: \.isOfNetwork)
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
