/// One entry of the replicated log; its index is its place in the log.
public struct Entry: Hashable, Sendable {
  /// The term of the leader that created the entry.
  public var term: Term
  /// What the entry carries.
  public var payload: Payload

  /// What an entry carries.
  public enum Payload: Hashable, Sendable {
    /// Nothing: the first entry of every term, which lets a leader commit what it inherited (thesis, 3.6.2).
    case empty
    /// A command for the state machine; opaque to the core, and shared, never copied, between log and messages.
    case command([UInt8])
    /// A change of the group's configuration, effective when applied.
    indirect case configuration(ConfigurationChange)
  }

  /// Makes an entry.
  @inlinable
  public init(term: Term, payload: Payload) {
    self.term = term
    self.payload = payload
  }

  /// Whether the entry changes the configuration.
  public var isConfiguration: Bool {
    if case .configuration = payload { true } else { false }
  }

  /// The bytes that the entry takes of message and log budgets: its payload and a fixed overhead.
  public var cost: Int {
    switch payload {
    case .empty: Entry.overhead
    case .command(let bytes): Entry.overhead + bytes.count
    case .configuration(let change): Entry.overhead + 8 * change.steps.count
    }
  }

  /// The bytes charged for an entry beside its payload: term, length and kind.
  public static let overhead = 16
}

extension [Entry] {
  /// Whether an entry from `offset` on changes the configuration.
  func hasConfiguration(from offset: Int) -> Bool {
    // By pointer, since an entry that is read from an array is retained.
    withUnsafeBufferPointer { entries in
      for place in offset..<entries.count where entries[place].isConfiguration { return true }
      return false
    }
  }
}
