import KeyValue
import Raft

/// What messages take on a wire, in bytes: a model of a binary encoding, used to account for bandwidth and CPU.
///
/// A frame is 24 bytes (length, checksum, group, sender, receiver, kind) and eight bytes for each number. TCP and IP
/// headers are not counted.
public enum MessageSizes {
  /// The bytes of a frame around a message.
  public static let frame = 24

  /// The bytes of a message between members.
  public static func bytes(_ message: Message) -> Int {
    switch message {
    case .heartbeat, .appendAccepted: return frame + 24
    case .heartbeatResponse, .preVoteResponse, .voteResponse: return frame + 16
    case .appendEntries(let message):
      return frame + 44 + bytes(of: message.entries)
    case .appendRejected: return frame + 40
    case .preVoteRequest, .voteRequest, .timeoutNow: return frame + 32
    case .installSnapshot(let message): return frame + 96 + message.bytes.count
    case .snapshotReceived: return frame + 32
    case .readIndexRequest: return frame + 16
    case .readIndexResponse: return frame + 24
    case .relayAppend(let message):
      return frame + 64 + 16 * message.targets.count + bytes(of: message.append.entries)
    case .relayNotice: return frame + 32
    case .carriedResponses(let message):
      return message.envelopes.reduce(frame) { $0 + 16 + bytes($1.message) - frame }
    case .enlistment(let message): return frame + (message.feed == nil ? 24 : 48)
    case .enlistmentAnswer: return frame + 16
    case .feedRequest: return frame + 32
    case .feedEntries(let message): return frame + 44 + bytes(of: message.entries)
    case .feedSnapshot(let message): return frame + 96 + message.bytes.count
    case .feedRefusal, .quorumReadRequest: return frame + 8
    case .quorumReadResponse(let message):
      return frame + 24 + 8 * (message.configuration?.members.count ?? 0)
    }
  }

  private static func bytes(of entries: [Entry]) -> Int {
    var bytes = 0
    for entry in entries { bytes += entry.cost }
    return bytes
  }

  /// The bytes of a client's request.
  public static func bytes(_ request: ClientRequest) -> Int {
    let argument =
      switch request.operation {
      case .get, .delete, .increment, .length: 8
      case .put(_, let value), .append(_, let value), .exchange(_, let value, _): value.count
      case .compareAndSwap(_, let expected, let new): (expected?.count ?? 0) + new.count
      case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys):
        keys.elements.reduce(8 - keys.first.bytes.count) { $0 + 4 + $1.bytes.count }
      case .putMany(let pairs):
        pairs.elements.reduce(8 - pairs.first.key.bytes.count) { $0 + 8 + $1.key.bytes.count + $1.value.count }
      }
    return frame + 24 + request.operation.key.bytes.count + argument
  }

  /// The bytes of a request of whoever moves keys.
  public static func bytes(_ request: ShardRequest) -> Int {
    switch request.order {
    case .commit(let command): frame + 16 + command.estimatedSize
    case .collect: frame + 32
    }
  }

  /// The bytes of a reply to a client.
  public static func bytes(_ reply: ClientReply) -> Int {
    switch reply.outcome {
    case .done(.value(.some(let value))): frame + 24 + value.count
    case .done(.exchanged(_, .some(let old))): frame + 24 + old.count
    case .done(.values(let values)): values.reduce(frame + 24) { $0 + 4 + ($1?.count ?? 0) }
    case .moved(let router): frame + 32 + 2 * router.groups.count
    case .sharded(.part(let part)): frame + 24 + part.estimatedSize
    default: frame + 32
    }
  }
}
