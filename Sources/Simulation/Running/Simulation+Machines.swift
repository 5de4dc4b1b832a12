import Emulation
import KeyValue
import Raft
import Server
import Workload

/// The queues in front of a machine's resources.
extension Simulation {
  /// Puts work in front of the CPU; done at once when the CPU is free and takes no time for it.
  mutating func arrive(_ work: consuming Work, at slot: Int) {
    if work.isTraffic {
      machines[slot].counters.messagesIn += 1
      machines[slot].counters.bytesIn += work.bytes
    }
    machines[slot].inbox.append(work)
    guard machines[slot].status == .running, machines[slot].inService == 0 else { return }
    serve(slot)
  }

  /// Begins to process what waits.
  mutating func serve(_ slot: Int) {
    while machines[slot].inService == 0, !machines[slot].inbox.isEmpty, machines[slot].status == .running {
      let count = min(machines[slot].inbox.count, Simulation.batchLimit)
      machines[slot].inService = count
      let cost = cost(of: slot, count: count)
      let start = max(now, machines[slot].cpuFree)
      machines[slot].counters.cpuBusy = machines[slot].counters.cpuBusy + cost
      let end = start + cost
      if end > now {
        queue.schedule(at: end, .cpu(slot, incarnation: machines[slot].incarnation))
        return
      }
      finishService(slot)
    }
  }

  private func cost(of slot: Int, count: Int) -> TimeSpan {
    let model = machines[slot].model
    if model.cpuPerMessage == .zero && model.cpuPerKibibyte == .zero { return .zero }
    var span: Int64 = 0
    for place in 0..<count where machines[slot].inbox[place].isTraffic {
      span += model.cpuPerMessage.nanoseconds
      span += model.cpuPerKibibyte.nanoseconds * Int64(machines[slot].inbox[place].bytes) / 1_024
    }
    return TimeSpan(nanoseconds: span)
  }

  /// The CPU is done with what it was given.
  mutating func process(_ slot: Int) {
    finishService(slot)
    serve(slot)
  }

  /// One turn of the server.
  private mutating func finishService(_ slot: Int) {
    let local = machines[slot].clock.local(now)
    let count = machines[slot].inService
    for place in 0..<count {
      switch machines[slot].inbox[place] {
      case .message(let envelope): machines[slot].server.receive(envelope, at: local)
      case .request(let request, let address): machines[slot].server.receive(request, from: address, at: local)
      case .timer:
        machines[slot].timerWaits = false
        machines[slot].server.advance(to: local)
      case .durable(let sequence): machines[slot].server.writesCompleted(through: sequence, at: local)
      case .saved(let save): machines[slot].server.snapshotSaved(save, at: local)
      }
    }
    machines[slot].inbox.removeFirst(count)
    machines[slot].inService = 0
    endTurn(slot)
  }

  /// Lets the server end its turn and carries out what it wants, at the times the resources allow.
  mutating func endTurn(_ slot: Int) {
    let local = machines[slot].clock.local(now)
    machines[slot].server.endTurn(at: local)
    observe(slot)
    let model = machines[slot].model
    var departure = max(now, machines[slot].cpuFree)
    let began = departure
    departure = departure + model.cpuPerOperation * Int64(machines[slot].server.effects.operations)
    for place in machines[slot].server.effects.replies.indices {
      let addressed = machines[slot].server.effects.replies[place]
      let bytes = MessageSizes.bytes(addressed.reply)
      departure = departure + sendingCost(model, bytes)
      let target = Int(addressed.to.rawValue)
      guard let arrival = transmit(slot, to: clientEndpoints[target], bytes, from: departure) else { continue }
      queue.schedule(at: arrival.first, .reply(addressed.reply, from: machines[slot].id, to: UInt32(target)))
      if let second = arrival.second {
        queue.schedule(at: second, .reply(addressed.reply, from: machines[slot].id, to: UInt32(target)))
      }
    }
    for place in machines[slot].server.effects.messages.indices {
      let envelope = machines[slot].server.effects.messages[place]
      let bytes = MessageSizes.bytes(envelope.message)
      departure = departure + sendingCost(model, bytes)
      let target = envelope.to.slot
      guard target < machineCount,
        let arrival = transmit(slot, to: machines[target].endpoint, bytes, from: departure)
      else { continue }
      let incarnation = machines[target].incarnation
      queue.schedule(at: arrival.first, .deliver(envelope, incarnation: incarnation))
      if let second = arrival.second { queue.schedule(at: second, .deliver(envelope, incarnation: incarnation)) }
    }
    machines[slot].counters.cpuBusy = machines[slot].counters.cpuBusy + (departure - began)
    machines[slot].cpuFree = departure
    for place in machines[slot].server.effects.writes.indices {
      machines[slot].disk.submit(.write(machines[slot].server.effects.writes[place]))
    }
    for place in machines[slot].server.effects.snapshots.indices {
      machines[slot].disk.submit(.snapshot(machines[slot].server.effects.snapshots[place]))
    }
    machines[slot].server.effects.removeAll()
    armTimer(slot)
    startDisk(slot)
  }

  @inline(__always)
  private func sendingCost(_ model: MachineModel, _ bytes: Int) -> TimeSpan {
    TimeSpan(
      nanoseconds: model.cpuPerMessage.nanoseconds + model.cpuPerKibibyte.nanoseconds * Int64(bytes) / 1_024)
  }

  /// Sends over the network interface and the link; when it arrives, once or twice, or nil when it does not.
  private mutating func transmit(
    _ slot: Int, to target: EndpointID, _ bytes: Int, from departure: Instant
  ) -> (first: Instant, second: Instant?)? {
    var ready = departure
    if let egress = machines[slot].model.egress {
      let span = TimeSpan(nanoseconds: Int64(bytes) * 8 * 1_000_000_000 / Int64(egress.bitsPerSecond))
      ready = max(ready, machines[slot].egressFree) + span
      machines[slot].egressFree = ready
      machines[slot].counters.egressBusy = machines[slot].counters.egressBusy + span
    }
    machines[slot].counters.messagesOut += 1
    machines[slot].counters.bytesOut += bytes
    if network.sites[target.slot] == machines[slot].site {
      machines[slot].counters.localBytesOut += bytes
    } else {
      machines[slot].counters.wanBytesOut += bytes
    }
    switch network.transmit(from: machines[slot].endpoint, to: target, bytes: bytes, at: ready) {
    case .deliver(let arrival): return (arrival, nil)
    case .twice(let first, let second): return (first, second)
    case .lost, .blocked: return nil
    }
  }

  // MARK: Disk

  /// Starts a durable write when the disk is idle and something waits.
  mutating func startDisk(_ slot: Int) {
    guard machines[slot].disk.hasWork, machines[slot].disk.isIdle, !machines[slot].disk.isStalled else { return }
    let model = machines[slot].model
    let span = machines[slot].disk.start(
      sync: model.diskSync, bytesPerSecond: model.diskThroughput.map { $0.bitsPerSecond / 8 })
    machines[slot].counters.diskBusy = machines[slot].disk.busy
    if span == .zero {
      completeDisk(slot)
    } else {
      queue.schedule(at: now + span, .disk(slot, incarnation: machines[slot].incarnation))
    }
  }

  mutating func completeDisk(_ slot: Int) {
    let (sequence, saves) = machines[slot].disk.complete()
    for save in saves { arrive(.saved(save), at: slot) }
    if let sequence { arrive(.durable(sequence), at: slot) }
    startDisk(slot)
  }

  // MARK: Timers

  /// Keeps one timer event in the queue for each machine; a deadline that moves away re-arms when the event fires.
  mutating func armTimer(_ slot: Int) {
    let deadline = machines[slot].clock.virtual(machines[slot].server.nextDeadline)
    guard deadline < machines[slot].timerArmed else { return }
    let time = max(deadline, now)
    machines[slot].timerArmed = time
    queue.schedule(at: time, .timer(slot, incarnation: machines[slot].incarnation))
  }

  // MARK: Clients

  mutating func drainClients(_ slot: Int) {
    for place in clients[slot].sends.indices {
      let send = clients[slot].sends[place]
      let bytes = MessageSizes.bytes(send.request)
      let endpoint = machines[send.to.slot].endpoint
      switch network.transmit(from: clientEndpoints[slot], to: endpoint, bytes: bytes, at: now) {
      case .deliver(let arrival):
        queue.schedule(at: arrival, .request(send.request, to: send.to, from: UInt32(slot)))
      case .twice(let first, let second):
        queue.schedule(at: first, .request(send.request, to: send.to, from: UInt32(slot)))
        queue.schedule(at: second, .request(send.request, to: send.to, from: UInt32(slot)))
      case .lost, .blocked: break
      }
    }
    clients[slot].sends.removeAll(keepingCapacity: true)
    if !clients[slot].records.isEmpty {
      observations.records.append(contentsOf: clients[slot].records)
      clients[slot].records.removeAll(keepingCapacity: true)
    }
    let deadline = clients[slot].nextDeadline
    guard deadline < clientArmed[slot] else { return }
    let time = max(deadline, now)
    clientArmed[slot] = time
    queue.schedule(at: time, .clients(slot))
  }
}
