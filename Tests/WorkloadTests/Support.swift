import Emulation
import KeyValue
import Raft
import Server

@testable import Workload

func milliseconds(_ count: Int64) -> Instant { .zero + .milliseconds(count) }

func phase(
  start: TimeSpan = .zero, _ mix: OperationMix = .ycsbA, _ arrival: Arrival = .closed(clients: 1, think: .zero),
  keys: KeyDistribution = .uniform, keyCount: Int = 100, value: ValueSize = .constant(32),
  consistency: ReadConsistency = .linearizable
) -> LoadPhase {
  LoadPhase(
    start: start, mix: mix, arrival: arrival, keys: keys, keyCount: keyCount, value: value, consistency: consistency)
}

func clients(
  _ phases: [LoadPhase], servers: [UInt32] = [0, 1, 2], stop: TimeSpan? = nil, seed: UInt64 = 1, site: UInt16 = 0,
  of sites: Int = 1, _ change: (inout ClientSettings) -> Void = { _ in }
) throws -> SiteClients {
  var settings = ClientSettings()
  change(&settings)
  return try SiteClients(
    site: SiteID(site), place: SitePlace(index: Int(site), of: sites), servers: servers.map { NodeID($0) },
    phases: phases, stop: stop, settings: settings, random: RandomSource(seed: seed, stream: UInt64(site)))
}

/// What a server does with a request: says something after a while, or keeps silent.
enum Reaction {
  case answer(ClientReply.Outcome, Role = .leader, after: TimeSpan)
  case silence
}

/// Clients under virtual time; servers are a function of what they are sent.
struct World {
  struct Delivery {
    var at: Instant
    var from: NodeID
    var reply: ClientReply
  }

  var clients: SiteClients
  var now = Instant.zero
  var sent: [(at: Instant, send: ClientSend)] = []
  var records: [OperationRecord] = []
  var mostOutstanding = 0
  private var deliveries: [Delivery] = []

  init(_ clients: SiteClients) { self.clients = clients }

  /// Runs until `end`, or until nothing is left to happen.
  mutating func run(until end: Instant, _ serve: (ClientSend, Instant) -> Reaction) {
    clients.start(at: now)
    drain(serve)
    while true {
      let delivery = deliveries.indices.min { (deliveries[$0].at, $0) < (deliveries[$1].at, $1) }
      let next = min(clients.nextDeadline, delivery.map { deliveries[$0].at } ?? .distantFuture)
      guard next <= end, next != .distantFuture else { return }
      now = max(now, next)
      if let delivery, deliveries[delivery].at == next {
        let arrived = deliveries.remove(at: delivery)
        clients.receive(arrived.reply, from: arrived.from, at: now)
      } else {
        clients.advance(to: now)
      }
      drain(serve)
    }
  }

  mutating func drain(_ serve: (ClientSend, Instant) -> Reaction) {
    mostOutstanding = max(mostOutstanding, clients.outstanding)
    let sends = clients.sends
    clients.sends.removeAll(keepingCapacity: true)
    records += clients.records
    clients.records.removeAll(keepingCapacity: true)
    for send in sends {
      sent.append((now, send))
      guard case .answer(let outcome, let role, let delay) = serve(send, now) else { continue }
      let reply = ClientReply(
        client: send.request.client, sequence: send.request.sequence, outcome: outcome, role: .member(role))
      deliveries.append(Delivery(at: now + delay, from: send.to, reply: reply))
    }
  }
}

/// A result that fits an operation, without a store.
func plausible(_ operation: Operation) -> OperationResult {
  switch operation {
  case .get: .value([1])
  case .put: .stored
  case .delete: .deleted(existed: true)
  case .compareAndSwap: .swapped(true, found: nil)
  case .increment: .incremented(1)
  case .append: .appended(length: 1)
  case .exchange: .exchanged(true, old: nil)
  case .length: .length(1)
  case .getMany(let keys): .values(Array(repeating: [1], count: keys.count))
  case .countPresent(let keys): .present(keys.count)
  case .putMany: .stored
  case .deleteMany(let keys): .removed(keys.count)
  }
}

func prompt(_ send: ClientSend, _ now: Instant) -> Reaction {
  .answer(.done(plausible(send.request.operation)), after: .milliseconds(10))
}

extension OperationRecord {
  var isOK: Bool { if case .ok = outcome { true } else { false } }
  var latency: TimeSpan { ended - intended }
}
