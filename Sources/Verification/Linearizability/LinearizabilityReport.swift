import KeyValue

/// What the linearizability check found, and how much it looked at.
public struct LinearizabilityReport: Hashable, Sendable {
  /// What was found.
  public var verdict: LinearizabilityVerdict
  /// How many operations were checked and left out.
  public var counts: History.Counts
  /// How many operations were placed in an order, taken back ones included.
  public var steps: Int
}

/// Whether a history is linearizable.
public enum LinearizabilityVerdict: Hashable, Sendable {
  /// Every key's operations have an order that respects time and explains every result.
  case linearizable
  /// One key's operations have no such order.
  case violation(LinearizabilityViolation)
  /// The search was given up; nothing wrong was found until then.
  case unknown(UnknownReason)

  /// Why the search was given up.
  public enum UnknownReason: Hashable, Sendable, CustomStringConvertible {
    /// A key took more steps than allowed.
    case steps(key: Key, limit: Int)
    /// A key took more memory than allowed: configurations remembered.
    case configurations(key: Key, limit: Int)

    /// The reason in words.
    public var description: String {
      switch self {
      case .steps(let key, let limit): "key \(key): gave up after \(limit) steps"
      case .configurations(let key, let limit): "key \(key): gave up with \(limit) configurations remembered"
      }
    }
  }
}

/// One key's history that has no sequential explanation, as far as the search came.
public struct LinearizabilityViolation: Hashable, Sendable {
  /// The key.
  public var key: Key
  /// How many operations the key has.
  public var operations: Int
  /// How many of them could be ordered at most.
  public var longestPrefix: Int
  /// The last few operations of the longest order found, in that order, in words.
  public var lastPlaced: [String]
  /// What the key holds after the longest order found, in words.
  public var state: String
  /// The operations of which none can come next, in words; the first is the one that returned first.
  public var stuck: [String]

  /// The violation, a line of text each.
  public var lines: [String] {
    ["key \(key): \(longestPrefix) of \(operations) operations can be ordered; then the key holds \(state)"]
      + lastPlaced.map { "  placed: \($0)" } + stuck.map { "  stuck:  \($0)" }
  }
}
