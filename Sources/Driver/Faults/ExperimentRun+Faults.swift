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
    faults.counts.due += 1
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
        run.faults.endAll(at: run.simulation.now, in: run.traces) {
          if case .restart(node) = $0 { true } else { false }
        }
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
    faults.counts.injected += 1
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

  private mutating func begin(_ fault: Fault, _ target: String, _ resolved: String, _ undoing: FaultInForce.Undoing) {
    faults.begin(fault, target, resolved, undoing, at: simulation.now, in: traces, &timeline)
  }

  func note(_ fault: Fault, _ target: String, _ resolved: String?, _ outcome: FaultOutcome, _ detail: String?) {
    faults.note(fault, target, resolved, outcome, detail, at: simulation.now, in: traces)
  }

  private mutating func undo(_ fault: FaultInForce) {
    guard faults.end(fault, at: simulation.now, in: traces) else { return }
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
    faults.noteRefusedRestart(of: name([node]), failure.description, at: simulation.now, in: traces)
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
    let target = partition.label
    let cut = partition.cut { places($0) }
    do throws(NetworkError) {
      let id = try simulation.begin(cut)
      faults.counts.injected += 1
      begin(fault, target, target, .heal(id))
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private mutating func change(_ patch: LinkPatch, _ fault: Fault) {
    let target = patch.label
    do throws(NetworkError) {
      for change in patch.changes(sites: plan.spec.sites) { try simulation.apply(change) }
      faults.counts.injected += 1
      begin(fault, target, target, .restoreLinks(patch.selections(sites: plan.spec.sites)))
    } catch {
      note(fault, target, nil, .failed, "\(error)")
    }
  }

  private mutating func healEverything(_ fault: Fault) {
    faults.counts.injected += 1
    for selection in faults.changedLinks { _ = try? simulation.apply(LinkChange(selection, .restore)) }
    simulation.healAll()
    faults.endAll(at: simulation.now, in: traces, where: \.isOfNetwork)
    note(fault, "", nil, .injected, nil)
  }
}
