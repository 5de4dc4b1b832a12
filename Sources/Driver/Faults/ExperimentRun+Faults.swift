import Emulation
import Experiment
import Raft
import Simulation
import Traces

/// Injects faults, and says of each what became of it.
extension ExperimentRun {
  mutating func perform(_ action: Timeline.Action) {
    switch action {
    case .strike(let fault): strike(fault)
    case .undo(let fault): undo(fault)
    case .retry(let task): attempt(task)
    case .dismiss(let place): endService(of: place)
    case .interrupt(let place): interrupt(place)
    case .stop(let node): stop(node)
    case .giveBack(let node): giveBack(node)
    case .bringHome(let group): bringHome(group)
    }
  }

  private mutating func strike(_ place: Int) {
    faults.due += 1
    let fault = plan.spec.faults[place].fault
    switch fault {
    case .crash(let target, let restartAfter):
      forEach(target, fault, { $1 == .running || $1 == .paused }) { run, node in
        run.simulation.crash(node)
        return restartAfter == nil ? nil : .restart(node)
      }
    case .restart(let target):
      forEach(target, fault, { $1 == .down }) { run, node in
        run.simulation.restart(node)
        run.close { if case .restart(node) = $0 { true } else { false } }
        return nil
      }
    case .pause(let target, _):
      forEach(target, fault, { $1 == .running }) { run, node in
        run.simulation.pause(node)
        return .resume(node)
      }
    case .clock(let target, let error, _):
      forEach(target, fault, { _, status in status != .failed }) { run, node in
        run.simulation.setClockError(node, partsPerMillion: Int64((error * 1e6).rounded()))
        return .clock(node)
      }
    case .disk(let target, let disk, _):
      forEach(target, fault, { _, status in status != .failed }) { run, node in
        run.set(disk, of: node)
        return .disk(node, disk)
      }
    case .partition(let partition, _): cut(partition, fault)
    case .link(let patch, _): change(patch, fault)
    case .heal: healEverything(fault)
    case .transfer(let target): transfer(to: target, fault)
    case .add(let site, let membership): add(site, membership, fault, place)
    case .remove(let target): enroll(target, fault, .remove)
    case .promote(let target): enroll(target, fault, .promote)
    case .revoke(let target, let notice): revoke(target, notice: notice, fault)
    }
  }

  /// Does something to each node that a target stands for; what it returns undoes it later.
  private mutating func forEach(
    _ target: Target, _ fault: Fault, _ isFit: (NodeID, MachineStatus) -> Bool,
    _ body: (inout Self, NodeID) -> FaultInForce.Undoing?
  ) {
    let nodes = resolve(target, where: isFit)
    guard !nodes.isEmpty else { return note(fault, "\(target)", nil, .skipped, "nothing to do it to") }
    faults.injected += 1
    for node in nodes {
      let resolved = name([node])
      let undoing = body(&self, node)
      if let undoing {
        begin(fault, "\(target)", resolved, undoing)
      } else {
        // A machine that is told to start may refuse to.
        let failure = simulation.failure(node)
        note(fault, "\(target)", resolved, failure == nil ? .injected : .failed, failure?.description)
      }
    }
  }

  /// Records a fault that lasts, and puts its end on the timeline when the spec gives one.
  private mutating func begin(_ fault: Fault, _ target: String, _ resolved: String, _ undoing: FaultInForce.Undoing) {
    let id = traces.recorder.faultBegan(
      FaultRow(
        at: simulation.now, fault: fault.kind.rawValue, target: target, resolved: resolved, outcome: .injected))
    let inForce = FaultInForce(id: id, undoing: undoing)
    self.inForce.append(inForce)
    if let span = fault.span { timeline.add(.undo(inForce), at: simulation.now + span) }
  }

  func note(_ fault: Fault, _ target: String, _ resolved: String?, _ outcome: FaultOutcome, _ detail: String?) {
    traces.recorder.fault(
      FaultRow(
        at: simulation.now, fault: fault.kind.rawValue, target: target, resolved: resolved, outcome: outcome,
        detail: detail))
  }

  private mutating func undo(_ fault: FaultInForce) {
    guard let place = inForce.firstIndex(where: { $0.id == fault.id }) else { return }
    inForce.remove(at: place)
    traces.recorder.faultEnded(fault.id, at: simulation.now)
    switch fault.undoing {
    case .restart(let node): restart(node)
    case .resume(let node): simulation.resume(node)
    case .heal(let partition): simulation.heal(partition)
    case .restoreLinks(let links):
      for selection in links { _ = try? simulation.apply(LinkChange(selection, .restore)) }
    case .clock(let node): simulation.setClockError(node, partsPerMillion: 0)
    case .disk(let node, let disk): clear(disk, of: node)
    }
  }

  /// Starts a machine at the end of a crash; if it refuses, that is on record.
  private mutating func restart(_ node: NodeID) {
    guard !simulation.restart(node), let failure = simulation.failure(node) else { return }
    traces.recorder.fault(
      FaultRow(
        at: simulation.now, fault: Fault.Kind.restart.rawValue, target: name([node]), resolved: name([node]),
        outcome: .failed, detail: failure.description))
  }

  /// Ends the records of faults that something else has undone.
  private mutating func close(_ isUndone: (FaultInForce.Undoing) -> Bool) {
    for fault in inForce where isUndone(fault.undoing) { traces.recorder.faultEnded(fault.id, at: simulation.now) }
    inForce.removeAll { isUndone($0.undoing) }
  }

  // MARK: Disks

  private mutating func set(_ fault: DiskFault, of node: NodeID) {
    switch fault {
    case .slow(let delay): simulation.slowDisk(node, by: delay)
    case .stall: simulation.stallDisk(node, true)
    case .tornTail: simulation.setDiskTail(node, .torn)
    case .lostTail: simulation.setDiskTail(node, .lost)
    case .readError: simulation.failNextRead(node)
    }
  }

  private mutating func clear(_ fault: DiskFault, of node: NodeID) {
    switch fault {
    case .slow: simulation.slowDisk(node, by: .zero)
    case .stall: simulation.stallDisk(node, false)
    case .tornTail, .lostTail: simulation.setDiskTail(node, .lost)
    case .readError: break
    }
  }

  // MARK: The network

  private mutating func cut(_ partition: Experiment.Partition, _ fault: Fault) {
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
      let id = try simulation.begin(cut)
      faults.injected += 1
      begin(fault, target, target, .heal(id))
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private mutating func change(_ patch: LinkPatch, _ fault: Fault) {
    let from = patch.from.isEmpty ? "all" : patch.from.joined(separator: " ")
    let to = patch.to.isEmpty ? "all" : patch.to.joined(separator: " ")
    let target = "\(from) \(patch.bothWays ? "<>" : ">") \(to)"
    do throws(NetworkError) {
      for change in patch.changes(sites: plan.spec.sites) { try simulation.apply(change) }
      faults.injected += 1
      begin(fault, target, target, .restoreLinks(patch.selections(sites: plan.spec.sites)))
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private mutating func healEverything(_ fault: Fault) {
    faults.injected += 1
    for case .restoreLinks(let links) in inForce.map(\.undoing) {
      for selection in links { _ = try? simulation.apply(LinkChange(selection, .restore)) }
    }
    simulation.healAll()
    close {
      switch $0 {
      case .heal, .restoreLinks: true
      case .restart, .resume, .clock, .disk: false
      }
    }
    note(fault, "", nil, .injected, nil)
  }
}
