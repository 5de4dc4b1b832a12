import Raft

/// What a replica's state machine held after an index.
public struct ReplicaDigest: Hashable, Sendable {
  /// The replica.
  public var node: NodeID
  /// The last index applied.
  public var applied: LogIndex
  /// The digest of the state after that index.
  public var digest: UInt64

  /// Makes a digest.
  public init(node: NodeID, applied: LogIndex, digest: UInt64) {
    self.node = node
    self.applied = applied
    self.digest = digest
  }

  /// The pairs of replicas that applied the same entries and differ; each is paired with the lowest of its index.
  public static func disagreements(among replicas: [ReplicaDigest]) -> [DigestDisagreement] {
    let sorted = replicas.sorted { ($0.applied, $0.node) < ($1.applied, $1.node) }
    var result: [DigestDisagreement] = []
    var first = 0
    for (position, replica) in sorted.enumerated() {
      if replica.applied != sorted[first].applied { first = position }
      if replica.digest != sorted[first].digest { result.append(DigestDisagreement(sorted[first], replica)) }
    }
    return result
  }
}

/// Two replicas that applied the same entries and hold different states.
public struct DigestDisagreement: Hashable, Sendable, CustomStringConvertible {
  /// The replica with the lower number.
  public var left: ReplicaDigest
  /// The other replica.
  public var right: ReplicaDigest

  init(_ left: ReplicaDigest, _ right: ReplicaDigest) {
    self.left = left
    self.right = right
  }

  /// The disagreement in words.
  public var description: String {
    "replicas \(left.node) and \(right.node) applied everything up to \(left.applied) and differ: digests "
      + "\(String(left.digest, radix: 16)) and \(String(right.digest, radix: 16))"
  }
}
