import Server

/// The bounds of a connection and what it says of its node.
public struct ConnectionSettings: Hashable, Sendable {
  /// The bounds of a request.
  public var limits = RequestLimits()
  /// The most requests that may wait for an answer; the connection takes no further bytes meanwhile.
  public var maximumOutstanding = 1_024
  /// The bytes of waiting requests from which on the connection takes no further ones.
  public var maximumPendingBytes = 16 << 20
  /// The bytes of replies from which on the connection makes no further ones until these are written.
  public var maximumOutputBytes = 1 << 20
  /// How fresh reads are at first.
  public var consistency = ReadConsistency.linearizable
  /// The documented defaults.
  public init() {}

  /// What `CONFIG GET` shows: what clients are known to ask for.
  static let shown = [
    (name: "appendonly", value: "yes"), (name: "databases", value: "1"), (name: "maxmemory", value: "0"),
    (name: "maxmemory-policy", value: "noeviction"), (name: "proto-max-bulk-len", value: "16777216"),
    (name: "save", value: ""), (name: "timeout", value: "0"),
  ]
}
