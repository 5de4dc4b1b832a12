/// What a client can ask of the key-value store.
public enum Operation: Hashable, Sendable {
  /// Reads a key.
  case get(Key)
  /// Stores a value.
  case put(Key, Value)
  /// Removes a key.
  case delete(Key)
  /// Stores `new` when the key holds `expected` (nil: is absent).
  case compareAndSwap(Key, expected: Value?, new: Value)
  /// Adds to a decimal integer; an absent key counts as 0.
  case increment(Key, by: Int64)
  /// Appends bytes to the value; an absent key counts as empty.
  case append(Key, Value)

  /// The key that the operation concerns.
  public var key: Key {
    switch self {
    case .get(let key), .put(let key, _), .delete(let key), .compareAndSwap(let key, _, _), .increment(let key, _),
      .append(let key, _):
      key
    }
  }

  /// Whether the operation changes nothing.
  public var isRead: Bool {
    if case .get = self { true } else { false }
  }
}
