import DequeModule
import Emulation
import KeyValue
import Raft
import Server
import Workload

/// What travels, and what arrives.
extension Simulation {
  /// What waits for a network interface for longer than this stands in the event queue until it leaves, so that the
  /// line behind the interface is taken in order of time and a crash loses what has not left.
  private static var longestImmediateWait: Int64 { 1_000_000 }

  // MARK: Sending

  /// Sends what a machine's CPU is done with at `ready`: over the network interface, then over the link.
  @inline(__always)
  mutating func send(
    _ parcel: consuming SimulatedEvent, _ slot: Int, to target: EndpointID, _ bytes: Int, ready: Instant
  ) {
    let machine = machines + slot
    machine.pointee.counters.messagesOut += 1
    machine.pointee.counters.bytesOut += bytes
    if network.sites[target.slot] == machine.pointee.site {
      machine.pointee.counters.localBytesOut += bytes
    } else {
      machine.pointee.counters.wanBytesOut += bytes
    }
    var departure = ready
    let span = machine.pointee.times.nic(bytes: bytes)
    if span > 0 {
      departure = max(ready, machine.pointee.egressFree) + TimeSpan(nanoseconds: span)
      machine.pointee.egressFree = departure
      machine.pointee.counters.egressBusy = machine.pointee.counters.egressBusy + TimeSpan(nanoseconds: span)
    }
    // Nothing overtakes what waits in the event queue: an ordered connection keeps the order of what it is given.
    if departure.nanoseconds - now.nanoseconds > Self.longestImmediateWait || machine.pointee.lastHeld >= now {
      machine.pointee.lastHeld = departure
      sendLater(parcel, slot, to: target, bytes, at: departure)
    } else {
      transmit(parcel, from: machine.pointee.endpoint, to: target, bytes, at: departure)
    }
  }

  /// Keeps a parcel in the event queue until it leaves.
  @inline(never)
  private mutating func sendLater(
    _ parcel: consuming SimulatedEvent, _ slot: Int, to target: EndpointID, _ bytes: Int, at departure: Instant
  ) {
    let box = DepartureBox.parcel(parcel, to: target, bytes: bytes)
    queue.schedule(at: departure, .depart(box, from: slot, incarnation: machines[slot].incarnation))
  }

  mutating func depart(_ box: DepartureBox, from slot: Int) {
    switch box {
    case .parcel(let parcel, let target, let bytes):
      transmit(parcel, from: machines[slot].endpoint, to: target, bytes, at: now)
    }
  }

  @inline(__always)
  mutating func transmit(
    _ parcel: consuming SimulatedEvent, from: EndpointID, to: EndpointID, _ bytes: Int, at departure: Instant
  ) {
    switch network.transmit(from: from, to: to, bytes: bytes, at: departure) {
    case .deliver(let arrival):
      queue.schedule(at: arrival, parcel)
    case .twice(let first, let second):
      queue.schedule(at: first, copy parcel)
      queue.schedule(at: second, parcel)
    case .lost, .blocked:
      break
    }
  }

  // MARK: Arriving

  /// Puts something in front of a machine's CPU.
  @inline(__always)
  mutating func arrive(_ arrival: consuming Machine.Arrival, at slot: Int) {
    let machine = machines + slot
    machine.pointee.counters.messagesIn += 1
    machine.pointee.counters.bytesIn += arrival.bytes
    // Nothing stands in its way: it is a turn of its own.
    if machine.pointee.times.hasInstantCPU, machine.pointee.cpuFree <= now, machine.pointee.inbox.isEmpty,
      !machine.pointee.isTurnScheduled, machine.pointee.status == .running, !machine.pointee.hasDiskNews
    {
      let local = machine.pointee.clock.local(now)
      switch arrival {
      case .message(let envelope, _): machine.pointee.process.take(envelope, at: local)
      case .request(let request, let from, _):
        machine.pointee.process.take(request, from: ClientAddress(UInt64(from)), at: local)
      case .order(let request, _): machine.pointee.process.take(request, from: Simulation.moverAddress, at: local)
      }
      endTurn(slot)
      return
    }
    guard machine.pointee.inbox.count < Simulation.inboxLimit else {
      machine.pointee.counters.overflowed += 1
      return
    }
    machine.pointee.inbox.append(arrival)
    if !machine.pointee.isTurnScheduled { serve(slot) }
  }

  // MARK: Disks

  /// Gives a server's writes and snapshots to its disk, from `time` on.
  mutating func persist(_ slot: Int, at time: Instant) {
    submitWrites(slot)
    startDisk(slot, at: time)
  }

  @inline(__always)
  mutating func submitWrites(_ slot: Int) {
    let machine = machines + slot
    if machine.pointee.process.isFleet { return }
    for place in machine.pointee.process.server.effects.writes.indices {
      machine.pointee.disk.submit(.write(machine.pointee.process.server.effects.writes[place]))
    }
    for place in machine.pointee.process.server.effects.snapshots.indices {
      machine.pointee.disk.submit(.snapshot(machine.pointee.process.server.effects.snapshots[place]))
    }
  }

  /// Starts a durable write when the disk is idle and something waits.
  mutating func startDisk(_ slot: Int, at time: Instant) {
    let machine = machines + slot
    guard machine.pointee.disk.hasWork, machine.pointee.disk.isIdle, !machine.pointee.disk.isStalled,
      !machine.pointee.disk.hasFailed
    else { return }
    if machine.pointee.disk.crashPoint == .beforeWrite {
      machine.pointee.isDoomed = true
      return
    }
    let span = machine.pointee.disk.start(machine.pointee.times)
    machine.pointee.counters.diskBusy = machine.pointee.disk.busy
    if span == .zero && time <= now {
      endDurableWrite(slot)
    } else {
      queue.schedule(at: time + span, .disk(slot, incarnation: machine.pointee.incarnation))
    }
  }

  /// A durable write has ended.
  mutating func completeDisk(_ slot: Int) {
    endDurableWrite(slot)
    startDisk(slot, at: now)
    if crashIfDoomed(slot) { return }
    if !machines[slot].isTurnScheduled { serve(slot) }
  }

  @inline(__always)
  private mutating func endDurableWrite(_ slot: Int) {
    let machine = machines + slot
    if machine.pointee.disk.isArmed { return endArmedWrite(slot) }
    machine.pointee.disk.complete(&machine.pointee.durable, &machine.pointee.saved)
    if machine.pointee.disk.contents.gap != nil { reportGap(slot) }
  }

  // MARK: Clients

  /// Sends what clients want to send, notes what ended, and sets their timer. Their machines take no time.
  mutating func drainClients(_ slot: Int) {
    if !clients[slot].sends.isEmpty { sendRequests(slot) }
    if !clients[slot].records.isEmpty {
      if observations.records.isEmpty {
        swap(&observations.records, &clients[slot].records)
      } else {
        observations.records.append(contentsOf: clients[slot].records)
        clients[slot].records.removeAll(keepingCapacity: true)
      }
    }
    let deadline = clients[slot].nextDeadline
    guard deadline < clientArmed[slot] else { return }
    let time = max(deadline, now + .nanoseconds(1))
    guard time < clientArmed[slot] else { return }
    clientArmed[slot] = time
    queue.schedule(at: time, .clients(slot))
  }

  private mutating func sendRequests(_ slot: Int) {
    for place in clients[slot].sends.indices {
      let send = clients[slot].sends[place]
      guard exists(send.to) else { continue }
      let bytes = MessageSizes.bytes(send.request)
      let parcel = SimulatedEvent.request(
        send.request, to: send.to, from: UInt32(slot), bytes: UInt32(truncatingIfNeeded: bytes),
        incarnation: machines[send.to.slot].incarnation)
      transmit(parcel, from: clientEndpoints[slot], to: machines[send.to.slot].endpoint, bytes, at: now)
    }
    clients[slot].sends.removeAll(keepingCapacity: true)
  }
}
