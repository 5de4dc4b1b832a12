import KeyValue

/// What a decoder takes at most; whoever sends more is refused before memory is set aside for it.
///
/// Within these bounds, memory for a decoded frame is bounded by the bytes that are really there: see
/// ``memoryPerByte`` and ``memoryPerRoutedGroup``.
public struct FrameLimits: Hashable, Sendable {
  /// The most bytes of a frame's body. It must have room for the largest single entry: a key, a value and what is
  /// around them.
  public var bodyBytes: Int
  /// The most entries in one message.
  public var entries: Int
  /// The longest key in bytes.
  public var keyBytes: Int
  /// The longest value in bytes.
  public var valueBytes: Int
  /// The largest chunk of a snapshot in bytes.
  public var snapshotChunkBytes: Int
  /// The longest name, address or explanation in bytes of UTF-8.
  public var textBytes: Int
  /// The most members, targets, steps, carried responses or peers in one list.
  public var listLength: Int
  /// The most groups in a routing that a client is sent.
  public var groups: Int

  /// Decoded values take at most this many bytes of memory for each byte of the body, and ``memoryPerFrame`` more.
  public static let memoryPerByte = 40
  /// What a decoded frame may take whatever the size of its body.
  public static let memoryPerFrame = 1_024
  /// A routing takes this much for each group in it, since it places the groups on a ring; ``groups`` bounds that.
  public static let memoryPerRoutedGroup = KeyRouter.pointsPerGroup * 16

  /// Makes limits. The defaults suit the defaults of `Settings` and `StoreLimits`; each is at least 1, smaller numbers
  /// are raised to that, and a body has at most 1 GiB.
  public init(
    bodyBytes: Int = 32 << 20, entries: Int = 65_536, keyBytes: Int = 4_096, valueBytes: Int = 16 << 20,
    snapshotChunkBytes: Int = 8 << 20, textBytes: Int = 1_024, listLength: Int = 65_536,
    groups: Int = KeyRouter.mostGroups
  ) {
    self.bodyBytes = min(max(1, bodyBytes), 1 << 30)
    self.entries = max(1, entries)
    self.keyBytes = max(1, keyBytes)
    self.valueBytes = max(1, valueBytes)
    self.snapshotChunkBytes = max(1, snapshotChunkBytes)
    self.textBytes = max(1, textBytes)
    self.listLength = max(1, listLength)
    self.groups = max(1, groups)
  }

  /// What to take from an end that has not introduced itself: nothing that is longer than a ``Hello``.
  public static let greeting = FrameLimits(bodyBytes: 4_096)
}
