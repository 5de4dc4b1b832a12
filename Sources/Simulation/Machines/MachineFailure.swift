import KeyValue
import Raft
import Server
import Storage

/// Why a machine failed for good.
public enum MachineFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// A durable write failed: what is on the disk is not known any more.
  case durableWriteFailed
  /// The disk could not be read at the start.
  case diskUnreadable
  /// What the disk holds is damaged, or is not the storage of this node.
  case storage(StorageRefusal)
  /// What the disk holds does not fit together.
  case server(ServerRefusal)
  /// The node stopped itself.
  case node(NodeFault)

  /// Whether no fault that a disk reports or shows explains the failure: then the group broke a promise.
  public var breaksPromise: Bool {
    switch self {
    case .server, .node: true
    case .durableWriteFailed, .diskUnreadable, .storage: false
    }
  }

  init(_ fault: NodeFault) {
    if case .durableWriteFailed = fault { self = .durableWriteFailed } else { self = .node(fault) }
  }

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .durableWriteFailed: "a durable write failed"
    case .diskUnreadable: "the disk is unreadable"
    case .storage(let refusal): "\(refusal)"
    case .server(let refusal): "it does not start: \(refusal)"
    case .node(let fault): "it stopped: \(fault)"
    }
  }
}
