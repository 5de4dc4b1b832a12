/// What a node finds on its disk when it starts.
public struct DurableState: Sendable, Hashable {
  /// Term, vote and commit index.
  public var hardState: HardState
  /// The snapshot that the log continues; a new group starts from one at position zero that holds its configuration.
  public var snapshot: SnapshotDescription
  /// The entries after the snapshot.
  public var entries: [Entry]

  /// The state of a member of a new group; or, with no voters at all, of a node that is to join one later.
  public init(bootstrap configuration: Configuration) {
    hardState = HardState()
    snapshot = SnapshotDescription(last: .zero, configuration: configuration)
    entries = []
  }

  /// A state read back from storage.
  public init(hardState: HardState, snapshot: SnapshotDescription, entries: [Entry]) {
    self.hardState = hardState
    self.snapshot = snapshot
    self.entries = entries
  }
}
