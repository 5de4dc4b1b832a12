import Raft

/// The first frame of whoever opened a connection. No other frame is sent before it is answered.
public struct Hello: Hashable, Sendable {
  /// The first eight bytes of the body, the letters `eraft` and three zeros: whatever begins otherwise is no peer.
  static let magic: UInt64 = 0x0000_0074_6661_7265

  /// The versions that the sender speaks.
  public var versions: ClosedRange<ProtocolVersion>
  /// The cluster that the sender wants to reach.
  public var cluster: ClusterID
  /// Whom the sender takes the other end for; nil when anyone will do.
  public var receiver: NodeID?
  /// Who speaks.
  public var sender: Sender
  /// How many groups the sender has, or knows of.
  public var groupCount: UInt16

  /// Who opens a connection.
  public enum Sender: Hashable, Sendable {
    /// A node of the cluster.
    case node(NodeIntroduction)
    /// A client of the store.
    case client
    /// Whoever administers the cluster, or moves keys between its groups.
    case administrator
  }

  /// Makes a greeting.
  public init(
    versions: ClosedRange<ProtocolVersion> = ProtocolVersion.supported, cluster: ClusterID, receiver: NodeID?,
    sender: Sender, groupCount: UInt16
  ) {
    self.versions = versions
    self.cluster = cluster
    self.receiver = receiver
    self.sender = sender
    self.groupCount = groupCount
  }

  /// What a node answers: the version to speak, or why the connection is of no use.
  ///
  /// It checks the versions, the cluster, whom the sender expects, and that the sender is not the node itself. That the
  /// sender is known, and entitled to its identity, is for the host to check.
  public func answer(
    by node: NodeIntroduction, of cluster: ClusterID, groupCount: UInt16,
    speaking own: ClosedRange<ProtocolVersion> = ProtocolVersion.supported
  ) -> HelloReply {
    let version = min(versions.upperBound, own.upperBound)
    guard version >= max(versions.lowerBound, own.lowerBound) else { return .refused(.noCommonVersion(own)) }
    guard self.cluster == cluster else { return .refused(.otherCluster(cluster)) }
    if let receiver, receiver != node.node { return .refused(.otherNode(node.node)) }
    if case .node(let sender) = sender, sender.node == node.node { return .refused(.ownIdentity(node.node)) }
    return .accepted(Welcome(version: version, node: node, groupCount: groupCount))
  }
}

/// The first frame of the end that was called.
public enum HelloReply: Hashable, Sendable {
  /// The connection is of use.
  case accepted(Welcome)
  /// It is not, and is closed after this frame.
  case refused(HelloRefusal)
}

/// What a node says of itself to whoever greeted it.
public struct Welcome: Hashable, Sendable {
  /// The version that both ends speak from now on.
  public var version: ProtocolVersion
  /// Who answers.
  public var node: NodeIntroduction
  /// How many groups it has.
  public var groupCount: UInt16

  /// Makes an answer.
  public init(version: ProtocolVersion, node: NodeIntroduction, groupCount: UInt16) {
    self.version = version
    self.node = node
    self.groupCount = groupCount
  }
}

/// Why a connection is of no use.
public enum HelloRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no version that both ends speak; these are the refuser's.
  case noCommonVersion(ClosedRange<ProtocolVersion>)
  /// The refuser belongs to this cluster.
  case otherCluster(ClusterID)
  /// The refuser is this node, and the sender wanted another one.
  case otherNode(NodeID)
  /// The sender has the refuser's own identifier.
  case ownIdentity(NodeID)
  /// The sender's incarnation is over: the refuser knows of this later one, or of other storage under the identifier.
  case staleIncarnation(known: UInt64)
  /// The refuser does not know the sender, or its certificate is another's.
  case unknownSender
  /// The refuser has as many connections as it takes.
  case tooManyConnections
  /// The refuser is about to stop.
  case stopping

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .noCommonVersion(let versions):
      "the peer speaks versions \(versions.lowerBound) to \(versions.upperBound) of the protocol, "
        + "this program \(ProtocolVersion.supported.lowerBound) to \(ProtocolVersion.supported.upperBound)"
    case .otherCluster(let cluster): "the peer belongs to cluster \(cluster)"
    case .otherNode(let node): "the peer is \(node), not the node that was to be reached"
    case .ownIdentity(let node): "the peer is \(node) and so is the caller: an identifier was given twice"
    case .staleIncarnation(let known): "the peer knows incarnation \(known) of the caller, which has another one"
    case .unknownSender: "the peer does not know the caller"
    case .tooManyConnections: "the peer has as many connections as it takes"
    case .stopping: "the peer is about to stop"
    }
  }
}
