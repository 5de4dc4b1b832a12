import Raft
import Server
import Storage

/// What goes wrong with disks, and what a machine does about it.
extension Simulation {
  /// Makes every durable write take this much longer.
  public mutating func slowDisk(_ node: NodeID, by delay: TimeSpan) { machines[node.slot].disk.extraDelay = delay }

  /// Stops or resumes the disk's durable writes.
  public mutating func stallDisk(_ node: NodeID, _ isStalled: Bool) {
    machines[node.slot].disk.isStalled = isStalled
    guard !isStalled, machines[node.slot].isUp else { return }
    startDisk(node.slot, at: now)
    crashIfDoomed(node.slot)
  }

  /// Decides what the next crash does to writes under way.
  public mutating func setDiskTail(_ node: NodeID, _ tail: DiskTail) { machines[node.slot].disk.nextTail = tail }

  /// Makes the next start find the disk unreadable.
  public mutating func failNextRead(_ node: NodeID) { machines[node.slot].disk.failsNextRead = true }

  /// Makes the durable write that ends next fail: a random prefix of its records is on the medium, and the machine fails
  /// for good.
  public mutating func failNextWrite(_ node: NodeID) { machines[node.slot].disk.failsNextWrite = true }

  /// Flips one bit of something that the disk holds, which shows at the next start, unless it is overwritten before;
  /// false when the disk holds nothing.
  @discardableResult
  public mutating func corruptDisk(_ node: NodeID) -> Bool {
    let slot = node.slot
    guard slot < machineCount, machines[slot].disk.contents.damageAnything(&random) != nil else { return false }
    diskFaultCounts.corruptions += 1
    return true
  }

  /// Empties the disk of a machine that is down, whose identity is lost with it: the machine never starts again, and a
  /// new one with another identifier may take its place. False when the machine is not down.
  @discardableResult
  public mutating func wipeDisk(_ node: NodeID) -> Bool {
    let slot = node.slot
    guard slot < machineCount, machines[slot].status == .down else { return false }
    machines[slot].disk.wipe()
    return true
  }

  /// Makes the machine crash when a durable write reaches this point next; forgotten when it goes down before.
  /// False when the machine is not up.
  @discardableResult
  public mutating func crashAtNextDiskWrite(_ node: NodeID, _ point: DiskCrashPoint) -> Bool {
    let slot = node.slot
    guard slot < machineCount, machines[slot].isUp else { return false }
    machines[slot].disk.crashPoint = point
    return true
  }

  /// Lets a disk work as it should from now on: faults that did not fire yet are forgotten.
  public mutating func repairDisk(_ node: NodeID) {
    machines[node.slot].disk.extraDelay = .zero
    machines[node.slot].disk.failsNextWrite = false
    machines[node.slot].disk.failsNextRead = false
    machines[node.slot].disk.crashPoint = nil
    stallDisk(node, false)
  }

  /// Forgets where a machine was to crash, if it has not.
  public mutating func forgetCrashPoint(_ node: NodeID) { machines[node.slot].disk.crashPoint = nil }

  /// Whether the next durable write of a node's disk fails.
  public func isArmedToFail(_ node: NodeID) -> Bool { machines[node.slot].disk.failsNextWrite }

  /// Whether a node's disk holds something that is not what was written.
  public func isDamaged(_ node: NodeID) -> Bool { machines[node.slot].disk.contents.isDamaged }

  /// Whether a durable write of a node's disk has failed: nothing on it can be relied on.
  public func hasFailedWrite(_ node: NodeID) -> Bool { machines[node.slot].disk.hasFailed }

  /// Why a machine failed; nil unless its status is ``MachineStatus/failed``.
  public func failure(_ node: NodeID) -> MachineFailure? { machines[node.slot].failure }

  // MARK: Writing

  /// The end of a durable write for which a fault is armed.
  @inline(never)
  mutating func endArmedWrite(_ slot: Int) {
    let machine = machines + slot
    if machine.pointee.disk.failsNextWrite {
      diskFaultCounts.writesFailed += 1
      if diskDefect == .ignoresWriteFailures {
        machine.pointee.disk.failUnnoticed(&random, &machine.pointee.durable, &machine.pointee.saved)
      } else {
        machine.pointee.disk.fail(&random)
        machine.pointee.hasWriteFailure = true
      }
      return
    }
    machine.pointee.disk.complete(&machine.pointee.durable, &machine.pointee.saved)
    if machine.pointee.disk.crashPoint == .afterWrite { machine.pointee.isDoomed = true }
  }

  /// Crashes a machine whose crash point was reached; whether it was.
  @inline(__always)
  @discardableResult
  mutating func crashIfDoomed(_ slot: Int) -> Bool {
    guard machines[slot].isDoomed else { return false }
    crashAtPoint(slot)
    return true
  }

  @inline(never)
  private mutating func crashAtPoint(_ slot: Int) {
    if let point = machines[slot].disk.crashPoint { diskFaultCounts.note(point) }
    crash(machines[slot].id)
  }

  /// Ends the turn in which the server heard of a durable write, up to where messages would leave, and crashes.
  @inline(never)
  mutating func crashBeforeMessages(_ slot: Int) {
    let machine = machines + slot
    machine.pointee.process.server.endTurn(at: machine.pointee.clock.local(now))
    submitWrites(slot)
    machine.pointee.process.server.effects.removeAll()
    crashAtPoint(slot)
  }

  // MARK: Starting

  /// Starts a server from a machine's disk, or says why it cannot be.
  mutating func recover(_ slot: Int, at local: Instant) throws(MachineFailure) -> Server {
    let machine = machines + slot
    if machine.pointee.disk.failsNextRead {
      machine.pointee.disk.failsNextRead = false
      diskFaultCounts.unreadableStarts += 1
      throw .diskUnreadable
    }
    if machine.pointee.disk.hasFailed { throw .durableWriteFailed }
    do throws(StorageRefusal) {
      if try readStorage(slot) { diskFaultCounts.tornRecordsDiscarded += 1 }
    } catch {
      switch error {
      case .identityMissing: diskFaultCounts.wipedStartsRefused += 1
      case .recordDamaged, .fileDamaged: diskFaultCounts.corruptionsDetected += 1
      case .identityMismatch, .alreadySetUp, .foreignDirectory: break
      }
      throw .storage(error)
    }
    do throws(ServerRefusal) {
      return try makeServer(
        machine.pointee.id, machine.pointee.disk.state, snapshot: machine.pointee.disk.snapshot,
        incarnation: machine.pointee.incarnation, now: local)
    } catch {
      throw .server(error)
    }
  }

  /// Checks whose disk it is and what it holds; whether a torn record was discarded.
  private mutating func readStorage(_ slot: Int) throws(StorageRefusal) -> Bool {
    let machine = machines + slot
    if diskDefect == .reusesIdentity, machine.pointee.disk.contents.identity == nil {
      machine.pointee.disk.contents = DiskContents(
        DurableState(bootstrap: machine.pointee.bootstrap), identity: machine.pointee.identity)
    }
    try StorageIdentity.recover(expected: machine.pointee.identity, found: machine.pointee.disk.contents.identity)
    if diskDefect == .dropsDamage { machine.pointee.disk.contents.dropDamage(bootstrap: machine.pointee.bootstrap) }
    if diskDefect == .ignoresChecksums { machine.pointee.disk.contents.believeDamage() }
    return try machine.pointee.disk.contents.recover()
  }
}
