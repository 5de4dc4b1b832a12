import KeyValue
import Raft
import Storage

@testable import Server

/// A few servers on a table: messages and writes are moved by the test, and nothing takes time.
struct ServerGroup {
  var now = Instant.zero
  var servers: [Server] = []
  var mailbox: [Envelope] = []
  /// Replies so far, with the server that gave them.
  var replies: [(from: Int, to: UInt64, reply: ClientReply)] = []
  var applied: [[AppliedCommand]] = []
  /// Servers that neither hear nor say anything.
  var silent: Set<Int> = []
  /// Servers whose writes and snapshots stay under way.
  var stuckDisks: Set<Int> = []

  init(_ count: Int = 3, settings: ServerSettings = ServerSettings()) throws {
    let configuration = Configuration(voters: (0..<count).map { NodeID(UInt32($0)) })
    var raft = Settings()
    raft.readBatchInterval = .zero
    for slot in 0..<count {
      servers.append(
        try Server(
          id: NodeID(UInt32(slot)), state: DurableState(bootstrap: configuration), snapshot: nil, raft: raft,
          settings: settings, random: RandomSource(seed: 1, stream: UInt64(slot)), incarnation: 1, now: now))
      applied.append([])
    }
  }

  mutating func settle(_ slot: Int) {
    servers[slot].endTurn(at: now)
    while true {
      var effects = ServerEffects()
      swap(&effects, &servers[slot].effects)
      if effects.isEmpty { return }
      if !silent.contains(slot) { mailbox.append(contentsOf: effects.messages) }
      for addressed in effects.replies { replies.append((slot, addressed.to.rawValue, addressed.reply)) }
      applied[slot].append(contentsOf: effects.applied)
      if !stuckDisks.contains(slot) {
        if let last = effects.writes.last { servers[slot].writesCompleted(through: last.sequence, at: now) }
        for save in effects.snapshots { servers[slot].snapshotSaved(save, at: now) }
      }
      servers[slot].endTurn(at: now)
    }
  }

  /// Delivers messages until none are left; those for which `isHeld` says so wait.
  mutating func deliver(where isHeld: (Envelope) -> Bool = { _ in false }) {
    var held: [Envelope] = []
    while !mailbox.isEmpty {
      let envelope = mailbox.removeFirst()
      if isHeld(envelope) {
        held.append(envelope)
      } else if !silent.contains(envelope.to.slot), !silent.contains(envelope.from.slot) {
        servers[envelope.to.slot].receive(envelope, at: now)
        settle(envelope.to.slot)
      }
    }
    mailbox = held
  }

  /// Makes the server's election timer fire, after which it leads.
  mutating func elect(_ slot: Int) {
    now = max(now, servers[slot].nextDeadline) + .seconds(2)
    servers[slot].advance(to: now)
    settle(slot)
    deliver()
  }

  /// Lets time pass for one server.
  mutating func advance(_ slot: Int, by span: TimeSpan) {
    now = now + span
    servers[slot].advance(to: now)
    settle(slot)
    deliver()
  }

  mutating func ask(
    _ slot: Int, _ operation: Operation, client: UInt64 = 1, sequence: UInt64,
    consistency: ReadConsistency = .linearizable
  ) {
    servers[slot].receive(
      ClientRequest(
        client: ClientID(client), sequence: SequenceNumber(sequence), operation: operation, consistency: consistency),
      from: ClientAddress(client), at: now)
    settle(slot)
  }

  /// The outcomes of a request, in order.
  func outcomes(_ sequence: UInt64, client: UInt64 = 1) -> [ClientReply.Outcome] {
    replies.filter { $0.to == client && $0.reply.sequence.rawValue == sequence }.map(\.reply.outcome)
  }
}
