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
  /// Stores a value if the condition holds, and answers what the key held before.
  case exchange(Key, Value, PutCondition)
  /// Reads the length of a value; an absent key counts as empty.
  case length(Key)
  /// Reads several keys, all in one state.
  case getMany(NonEmpty<Key>)
  /// Counts the keys that have a value, each as often as it is named.
  case countPresent(NonEmpty<Key>)
  /// Stores several values, all or none; of a key that is named twice the last one stays.
  case putMany(NonEmpty<KeyedValue>)
  /// Removes several keys.
  case deleteMany(NonEmpty<Key>)

  /// The key that the operation concerns; the first one of several.
  public var key: Key {
    switch self {
    case .get(let key), .put(let key, _), .delete(let key), .compareAndSwap(let key, _, _), .increment(let key, _),
      .append(let key, _), .exchange(let key, _, _), .length(let key):
      key
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys): keys.first
    case .putMany(let pairs): pairs.first.key
    }
  }

  /// The question that the operation asks; nil when it may change something.
  public var query: Query? {
    switch self {
    case .get(let key): .value(key)
    case .length(let key): .length(key)
    case .getMany(let keys): .values(keys)
    case .countPresent(let keys): .presence(keys)
    case .put, .delete, .compareAndSwap, .increment, .append, .exchange, .putMany, .deleteMany: nil
    }
  }

  /// Whether the operation changes nothing.
  public var isRead: Bool {
    switch self {
    case .get, .length, .getMany, .countPresent: true
    case .put, .delete, .compareAndSwap, .increment, .append, .exchange, .putMany, .deleteMany: false
    }
  }
}

/// When an ``Operation/exchange(_:_:_:)`` stores its value.
public enum PutCondition: UInt8, Hashable, Sendable, CaseIterable {
  /// Whatever the key holds.
  case always = 0
  /// When the key has no value.
  case ifAbsent = 1
  /// When the key has a value.
  case ifPresent = 2

  /// Whether the condition holds for what was found.
  public func holds(for found: Value?) -> Bool {
    switch self {
    case .always: true
    case .ifAbsent: found == nil
    case .ifPresent: found != nil
    }
  }
}
