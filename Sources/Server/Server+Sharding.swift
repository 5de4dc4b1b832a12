import KeyValue
import Raft

/// Keys that move between groups: what is asked for that, and what clients are told meanwhile.
extension Server {
  /// Takes a request of whoever moves keys; the answer goes to `address`.
  public mutating func receive(_ request: ShardRequest, from address: ClientAddress, at now: Instant) {
    guard node.fault == nil else { return }
    guard node.role == .leader else {
      return reply(.redirect(to: node.leader), to: address, request.mover, request.sequence)
    }
    switch request.order {
    case .collect(let part, let target, let version):
      // What is set aside is committed and never changes, so that any leader's word for it is good.
      let answer = store.part(part, for: target, by: version)
      if case .part(let found) = answer { effects.operations += found.keyCount }
      reply(.sharded(answer), to: address, request.mover, request.sequence)
    case .commit(let command):
      propose(command.encoded(), for: request.mover, request.sequence, from: address)
    }
  }

  mutating func applySharding(_ bytes: [UInt8], at position: LogPosition) {
    // Every replica refuses the same bytes: an entry that is no command changes nothing anywhere.
    guard let command = try? ShardCommand(decoding: bytes) else { return }
    let answer = store.apply(command, at: position.index)
    effects.operations += 1
    if case .install(let part) = command { effects.operations += part.keyCount }
    answerWriters(at: position, .sharded(answer))
  }
}

extension Store {
  /// What a client is told of an operation whose keys the group does not serve, or not yet; nil when it does.
  @inline(__always)
  func refusal(of operation: Operation) -> ClientReply.Outcome? {
    isSharded ? Store.refusal(place(of: operation)) : nil
  }

  /// What a client is told of a question about keys that the group does not serve, or not yet; nil when it does.
  @inline(__always)
  func refusal(of query: Query) -> ClientReply.Outcome? {
    isSharded ? Store.refusal(place(of: query)) : nil
  }

  private static func refusal(_ place: KeyPlace) -> ClientReply.Outcome? {
    switch place {
    case .here: nil
    case .moved(let router): .moved(router)
    case .awaited: .busy
    }
  }
}
