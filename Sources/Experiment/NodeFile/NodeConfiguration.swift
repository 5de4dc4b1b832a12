import Raft
import Wire

/// What one process of a real group needs to know: who it is, whom it belongs to, and where everybody is.
public struct NodeConfiguration: Hashable, Sendable {
  /// The group's cluster, the same for all its nodes: 32 hexadecimal digits. Nodes of other clusters are refused.
  public var cluster = ClusterID(high: 0, low: 0)
  /// The node's number.
  public var node = NodeID(0)
  /// The part that the node plays.
  public var role = NodeRole.voter
  /// The site where the node stands, one of ``sites``.
  public var site = "local"
  /// The names of all sites; a site's place in the list is its number.
  public var sites = ["local"]
  /// Where the node listens for other nodes.
  public var listen = NetworkAddress(host: "127.0.0.1", port: 0)
  /// Where the node listens for clients that speak RESP2; nil: nowhere.
  public var clients: NetworkAddress?
  /// Where the node serves its metrics and its status, on loopback; nil: nowhere.
  public var status: NetworkAddress?
  /// The directory of the node's log and snapshots; members need one.
  public var data: String?
  /// The life of a node without a directory; nil counts seconds of the clock.
  public var life: UInt64?
  /// The members that the group began with, and the nodes that are known beside them.
  public var nodes: [KnownNode] = []
  /// How members behave.
  public var group = GroupPlan()
  /// What a server does with a client's write when it does not lead.
  public var writes = WriteRoute.forward
  /// Where an observer takes its feed from.
  public var feed = FeedSource.nearest
  /// Whether followers answer linearizable reads by a read index of the leader.
  public var followerReads = true
  /// The files of mutual TLS; nil: plain text, which is refused for addresses that are not loopback.
  public var tls: TLSFiles?
  /// The links between the sites, for a testbed on one machine: what is sent is delayed as they would; nil: not at all.
  public var links: LinkPlan?
  /// Where the node asks whether its machine is to be interrupted; nil: nowhere.
  public var interruption: InterruptionSource?

  /// A configuration with the documented defaults, to be filled in.
  public init() {}

  /// What a server does with a client's write when it does not lead.
  public enum WriteRoute: String, Hashable, Sendable, CaseIterable {
    /// Passes it to the leader and its answer back.
    case forward
    /// Tells the client where the leader is.
    case redirect
  }

  /// Where an observer takes its feed from.
  public enum FeedSource: String, Hashable, Sendable, CaseIterable {
    /// The nearest node that has one.
    case nearest
    /// The leader.
    case leader
  }
}

/// A node that others know from the start.
public struct KnownNode: Hashable, Sendable {
  /// Its number.
  public var node = NodeID(0)
  /// The part that it plays.
  public var role = NodeRole.voter
  /// The site where it stands.
  public var site = "local"
  /// Where it listens for other nodes.
  public var address = NetworkAddress(host: "127.0.0.1", port: 0)
  /// Where it listens for clients, for redirects.
  public var clients: NetworkAddress?

  /// A node to be filled in.
  public init() {}
}

/// The files of mutual TLS, in PEM.
public struct TLSFiles: Hashable, Sendable {
  /// The certificate of the node, and what it is signed by up to the authority.
  public var certificate = ""
  /// The node's private key.
  public var key = ""
  /// The authority that must have signed the certificates of the others.
  public var authority = ""

  /// Files to be filled in.
  public init() {}
}

/// Where a node asks whether its machine is to be interrupted: the metadata service of a spot machine.
public struct InterruptionSource: Hashable, Sendable {
  /// The service's address, `http://169.254.169.254` on EC2.
  public var metadata = NetworkAddress(host: "169.254.169.254", port: 80)
  /// The time between two questions.
  public var interval = TimeSpan.seconds(2)

  /// The documented defaults.
  public init() {}
}
