import Raft

@testable import KeyValue
@testable import Server
@testable import Wire

/// The memory that a decoded frame holds beside its own value: every array with its header and its whole capacity, and
/// every box. Rings of routings are counted apart, in groups.
struct Footprint {
  private(set) var bytes = 0
  private(set) var routedGroups = 0

  /// An array has a header of 32 bytes, a box one of 16, and a block of memory another 16.
  private static let arrayHeader = 48
  private static let boxHeader = 32

  init(of frame: Frame) {
    switch frame {
    case .hello(let hello): if case .node(let node) = hello.sender { add(node) }
    case .helloReply(.accepted(let welcome)): add(welcome.node)
    case .helloReply, .ping, .pong: break
    case .message(let envelope): add(envelope.message)
    case .clientRequest(let request): add(request.operation)
    case .shardRequest(let request): if case .commit(let command) = request.order { add(command) }
    case .clientReply(let reply): add(reply.outcome)
    case .adminRequest(let request): add(request.order)
    case .adminReply(let reply): add(reply.answer)
    }
  }

  private mutating func add<Element>(_ array: [Element]) {
    if array.capacity > 0 { bytes += Footprint.arrayHeader + array.capacity * MemoryLayout<Element>.stride }
  }

  private mutating func add(_ text: String) {
    if text.utf8.count > 15 { bytes += Footprint.arrayHeader + text.utf8.count }
  }
  private mutating func add(_ node: NodeIntroduction) { add(node.site) }

  private mutating func add(_ router: KeyRouter) {
    bytes += Footprint.boxHeader
    add(router.groups)
    if router.groups.count > 1 { routedGroups += router.groups.count }
  }

  private mutating func add(_ configuration: Configuration) {
    add(configuration.voters)
    add(configuration.outgoing)
    add(configuration.learners)
    add(configuration.learnersNext)
  }

  private mutating func add(_ box: SnapshotBox) {
    bytes += Footprint.boxHeader + MemoryLayout<SnapshotDescription>.stride
    add(box.value.configuration)
  }

  private mutating func addEntries(_ entries: [Entry]) {
    add(entries)
    for entry in entries {
      switch entry.payload {
      case .empty: break
      case .command(let bytes): add(bytes)
      case .configuration(let change):
        bytes += Footprint.boxHeader + MemoryLayout<ConfigurationChange>.stride
        add(change.steps)
      }
    }
  }

  private mutating func add(_ message: Message) {
    switch message {
    case .appendEntries(let message): addEntries(message.entries)
    case .relayAppend(let message):
      bytes += Footprint.boxHeader + MemoryLayout<RelayAppend>.stride
      addEntries(message.append.entries)
      add(message.targets)
    case .feedEntries(let message): addEntries(message.entries)
    case .carriedResponses(let message): add(message.envelopes)
    case .installSnapshot(let message):
      add(message.snapshot)
      add(message.bytes)
    case .feedSnapshot(let message):
      add(message.snapshot)
      add(message.bytes)
    case .quorumReadResponse(let message):
      bytes += Footprint.boxHeader + MemoryLayout<QuorumReadResponse>.stride
      if let configuration = message.configuration { add(configuration) }
    default: break
    }
  }

  private mutating func add(_ operation: KeyValue.Operation) {
    switch operation {
    case .get(let key), .delete(let key), .increment(let key, _), .length(let key): add(key.bytes)
    case .put(let key, let value), .append(let key, let value), .exchange(let key, let value, _):
      add(key.bytes)
      add(value)
    case .compareAndSwap(let key, let expected, let new):
      add(key.bytes)
      add(expected ?? [])
      add(new)
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys):
      add(keys.elements)
      for key in keys.elements { add(key.bytes) }
    case .putMany(let pairs):
      add(pairs.elements)
      for pair in pairs.elements {
        add(pair.key.bytes)
        add(pair.value)
      }
    }
  }

  private mutating func add(_ result: OperationResult) {
    switch result {
    case .value(let value): add(value ?? [])
    case .swapped(_, let found): add(found ?? [])
    case .exchanged(_, let old): add(old ?? [])
    case .values(let values):
      add(values)
      for value in values { add(value ?? []) }
    default: break
    }
  }

  private mutating func add(_ part: MovedPart) {
    add(part.entries)
    for entry in part.entries {
      add(entry.key.bytes)
      add(entry.value)
    }
    guard let sessions = part.sessions else { return }
    add(sessions.sessions)
    for session in sessions.sessions { add(session.result) }
  }

  private mutating func add(_ command: ShardCommand) {
    switch command {
    case .reroute(_, let old, let new):
      add(old)
      add(new)
    case .install(let part): add(part)
    case .release: break
    }
  }

  private mutating func add(_ outcome: ClientReply.Outcome) {
    switch outcome {
    case .done(let result): add(result)
    case .moved(let router): add(router)
    case .sharded(.part(let part)):
      bytes += Footprint.boxHeader + MemoryLayout<MovedPart>.stride
      add(part)
    default: break
    }
  }

  private mutating func add(_ order: AdminOrder) {
    switch order {
    case .change(let change): add(change.steps)
    case .introduce(let peers):
      add(peers)
      for peer in peers {
        add(peer.node)
        add(peer.host)
      }
    default: break
    }
  }

  private mutating func add(_ answer: AdminAnswer) {
    switch answer {
    case .status(let status):
      bytes += Footprint.boxHeader + MemoryLayout<NodeStatus>.stride
      add(status.node)
      if let configuration = status.configuration { add(configuration) }
      add(status.members)
      add(status.fleet)
      add(status.fault ?? "")
    case .refused(.notAllowed(let text)): add(text)
    default: break
    }
  }
}
