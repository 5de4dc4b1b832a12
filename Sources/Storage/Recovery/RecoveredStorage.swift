import Raft

/// What a start finds in a storage.
public struct RecoveredStorage: Sendable {
  /// The state to start the node from.
  public var state: DurableState
  /// The bytes of the snapshot; nil while the storage still has the one that it was set up with.
  public var snapshot: [UInt8]?
  /// The end of the log that was cut off because nobody was told that it is durable, if there was one.
  public var discarded: DiscardedTail?
}

/// A durable write that a loss of power tore: some of its sectors never reached the disk.
public struct DiscardedTail: Hashable, Sendable {
  /// The segment's file.
  public var file: String
  /// The offset in bytes at which the log ends now.
  public var offset: Int
}
