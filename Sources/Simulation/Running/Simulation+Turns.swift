import DequeModule
import Emulation
import Raft
import Server

/// What a machine's CPU does.
///
/// A server works in turns, like an event loop on real sockets: it takes in what has arrived (up to a bound), ends the
/// turn, and sends what follows. A turn begins when the CPU is free and something waits; taking in its inputs takes
/// their service times; at that moment the server sees them all. What it executed and what it sends then occupies the
/// CPU, each message leaving when the CPU is done with it. What arrives meanwhile waits for the next turn. So an idle
/// server reacts to each message by itself, and a busy one batches. With service times of zero nothing waits.
extension Simulation {
  /// Lets a machine begin its next turn; carried out at once when that takes no time.
  mutating func serve(_ slot: Int) {
    let machine = machines + slot
    while machine.pointee.status == .running, !machine.pointee.isTurnScheduled {
      let size = min(machine.pointee.inbox.count, Simulation.batchLimit)
      var service: Int64 = 0
      if !machine.pointee.times.hasInstantCPU {
        for place in 0..<size { service += machine.pointee.times.cpu(bytes: machine.pointee.inbox[place].bytes) }
      }
      let span = TimeSpan(nanoseconds: service)
      let end = max(now, machine.pointee.cpuFree) + span
      machine.pointee.turnSize = size
      machine.pointee.cpuFree = end
      machine.pointee.counters.cpuBusy = machine.pointee.counters.cpuBusy + span
      if end > now {
        machine.pointee.isTurnScheduled = true
        machine.pointee.turnEnd = end
        queue.schedule(at: end, .cpu(slot, incarnation: machine.pointee.incarnation))
        return
      }
      takeTurn(slot)
      if !machine.pointee.hasWork { return }
    }
  }

  /// The CPU has taken in what the turn began with.
  mutating func endScheduledTurn(_ slot: Int) {
    machines[slot].isTurnScheduled = false
    takeTurn(slot)
    if machines[slot].hasWork { serve(slot) }
  }

  private mutating func takeTurn(_ slot: Int) {
    let machine = machines + slot
    let local = machine.pointee.clock.local(now)
    if machine.pointee.hasDiskNews, !tellDiskNews(slot) { return }
    var left = machine.pointee.turnSize
    machine.pointee.turnSize = 0
    while left > 0, let arrival = machine.pointee.inbox.popFirst() {
      left -= 1
      switch arrival {
      case .message(let envelope, _): machine.pointee.process.take(envelope, at: local)
      case .request(let request, let from, _):
        machine.pointee.process.take(request, from: ClientAddress(UInt64(from)), at: local)
      case .order(let request, _): machine.pointee.process.take(request, from: Simulation.moverAddress, at: local)
      }
    }
    endTurn(slot)
  }

  /// Tells a server what its disk did since its last turn; false when the machine crashed over it.
  private mutating func tellDiskNews(_ slot: Int) -> Bool {
    let machine = machines + slot
    let local = machine.pointee.clock.local(now)
    if machine.pointee.durable > machine.pointee.reported {
      machine.pointee.reported = machine.pointee.durable
      machine.pointee.process.server.writesCompleted(through: machine.pointee.durable, at: local)
    }
    if !machine.pointee.saved.isEmpty {
      let saved = machine.pointee.saved
      machine.pointee.saved.removeAll()
      for save in saved { machine.pointee.process.server.snapshotSaved(save, at: local) }
    }
    if machine.pointee.hasWriteFailure {
      machine.pointee.hasWriteFailure = false
      machine.pointee.process.server.writeFailed(at: local)
    } else if machine.pointee.disk.crashPoint == .beforeMessages {
      crashBeforeMessages(slot)
      return false
    }
    return true
  }

  /// Ends a server's turn: fires a deadline that has come, carries out what the server wants at the times that the
  /// resources allow, and sets the timer.
  mutating func endTurn(_ slot: Int) {
    let machine = machines + slot
    let local = machine.pointee.clock.local(now)
    if machine.pointee.process.deadline <= local { machine.pointee.process.advance(to: local) }
    machine.pointee.process.endTurn(at: local)
    emit(slot)
    if crashIfDoomed(slot) { return }
    // A disk that takes no time completes within the turn, and what follows from that belongs to it.
    while machine.pointee.hasDiskNews, !machine.pointee.isTurnScheduled, machine.pointee.status == .running,
      machine.pointee.cpuFree <= now
    {
      guard tellDiskNews(slot) else { return }
      machine.pointee.process.server.endTurn(at: local)
      emit(slot)
      if crashIfDoomed(slot) { return }
    }
    if machine.pointee.hasDiskNews, !machine.pointee.isTurnScheduled { serve(slot) }
    noteState(of: slot)
    armTimer(slot)
  }

  private mutating func emit(_ slot: Int) {
    let machine = machines + slot
    observe(slot)
    let began = max(now, machine.pointee.cpuFree)
    var ready = began
    if machine.pointee.process.effects.operations > 0 {
      let cost = machine.pointee.times.perOperation * Int64(machine.pointee.process.effects.operations)
      ready = ready + TimeSpan(nanoseconds: cost)
    }
    persist(slot, at: ready)
    for place in machine.pointee.process.effects.messages.indices {
      let envelope = machine.pointee.process.effects.messages[place]
      guard exists(envelope.receiver) else { continue }
      let target = envelope.receiver.slot
      let bytes = MessageSizes.bytes(envelope.message)
      ready = ready + TimeSpan(nanoseconds: machine.pointee.times.cpu(bytes: bytes))
      let parcel = SimulatedEvent.deliver(
        envelope, bytes: UInt32(truncatingIfNeeded: bytes), incarnation: machines[target].incarnation)
      send(parcel, slot, to: machines[target].endpoint, bytes, ready: ready)
    }
    for place in machine.pointee.process.effects.replies.indices {
      let addressed = machine.pointee.process.effects.replies[place]
      let bytes = MessageSizes.bytes(addressed.reply)
      ready = ready + TimeSpan(nanoseconds: machine.pointee.times.cpu(bytes: bytes))
      if addressed.to == Simulation.moverAddress {
        sendToMover(addressed.reply, slot, bytes, ready: ready)
        continue
      }
      let target = UInt32(truncatingIfNeeded: addressed.to.rawValue)
      let parcel = SimulatedEvent.reply(addressed.reply, from: machine.pointee.id, to: target)
      send(parcel, slot, to: clientEndpoints[Int(target)], bytes, ready: ready)
    }
    machine.pointee.counters.cpuBusy = machine.pointee.counters.cpuBusy + (ready - began)
    machine.pointee.cpuFree = ready
    machine.pointee.process.effects.removeAll()
  }

  // MARK: Timers

  /// Keeps one timer event in the queue for each machine; a deadline that moves away re-arms when the event fires.
  mutating func armTimer(_ slot: Int) {
    let deadline = machines[slot].clock.virtual(machines[slot].process.deadline)
    guard deadline < machines[slot].timerArmed else { return }
    let time = max(deadline, now + .nanoseconds(1))
    guard time < machines[slot].timerArmed else { return }
    machines[slot].timerArmed = time
    queue.schedule(at: time, .timer(slot, incarnation: machines[slot].incarnation))
  }

  mutating func onTimer(_ slot: Int) {
    guard machines[slot].timerArmed == now else { return }
    machines[slot].timerArmed = .distantFuture
    guard machines[slot].status == .running else { return }
    if machines[slot].process.deadline > machines[slot].clock.local(now) {
      armTimer(slot)
    } else if !machines[slot].isTurnScheduled {
      // A turn that is under way ends with the deadline, and sets the timer.
      serve(slot)
    }
  }
}
