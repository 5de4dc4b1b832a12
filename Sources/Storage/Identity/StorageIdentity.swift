import Raft

/// Whose storage a disk is: written once, when the storage is set up for a new member, and never anew.
///
/// A member that lost its disk has forgotten its votes and its acknowledgements. Under its old identifier it could vote
/// twice in a term, or help a quorum to elect a leader that misses what it had acknowledged (trap 15). So an
/// identifier is bound to one incarnation of storage, and a host starts a server only on the storage that it expects.
/// The place of a lost disk is taken by a new identifier and a change of the configuration.
public struct StorageIdentity: Hashable, Sendable, CustomStringConvertible {
  /// The cluster that the member belongs to.
  public var cluster: ClusterID
  /// The member.
  public var node: NodeID
  /// Which storage it is; never the same for two storages of a group.
  public var incarnation: UInt64

  /// Makes an identity.
  public init(cluster: ClusterID, node: NodeID, incarnation: UInt64) {
    self.cluster = cluster
    self.node = node
    self.incarnation = incarnation
  }

  /// The value as text.
  public var description: String { "\(node) of cluster \(cluster) on storage \(incarnation)" }

  /// Checks that a member may recover from a storage that carries the identity `found`, or none.
  public static func recover(expected: StorageIdentity, found: StorageIdentity?) throws(StorageRefusal) {
    guard let found else { throw .identityMissing(expected: expected) }
    guard found == expected else { throw .identityMismatch(expected: expected, found: found) }
  }
}
