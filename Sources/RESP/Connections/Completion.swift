import KeyValue
import Raft
import Server

/// How a request ended.
public enum Completion: Hashable, Sendable {
  /// The operation took effect, and this is its result.
  case done(OperationResult)
  /// A text for `INFO` or `CLIENT LIST`.
  case text([UInt8])
  /// A number for `DBSIZE`.
  case number(Int64)
  /// Nothing was done; another node serves the key.
  case moved(to: Endpoint)
  /// Nothing was done, and no node is known that would do it.
  case noLeader
  /// Nothing was done, since the node serves no writes.
  case readOnly
  /// Nothing was done: try again later.
  case busy
  /// Nothing was done: the node is still starting.
  case loading
  /// Nothing was done: the keys belong to different groups.
  case crossGroup
  /// Whether the operation took effect, or will, is unknown.
  case unknown

  /// What a server's answer means to the client; `endpoint` says where the members of groups answer clients, and where
  /// a key of another group is served.
  public init(
    _ outcome: ClientReply.Outcome, member endpoint: (NodeID) -> Endpoint?, group: (KeyRouter) -> Endpoint?
  ) {
    switch outcome {
    case .done(let result): self = .done(result)
    case .redirect(let node): self = node.flatMap(endpoint).map { .moved(to: $0) } ?? .noLeader
    case .moved(let router): self = group(router).map { .moved(to: $0) } ?? .busy
    case .busy: self = .busy
    // No request of a connection has a session, and none asks for keys to be moved.
    case .unknown, .sessionExpired, .sharded: self = .unknown
    }
  }
}
