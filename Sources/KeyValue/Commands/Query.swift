/// What an operation that changes nothing asks for; any state of the store can answer it.
public enum Query: Hashable, Sendable {
  /// The value of a key.
  case value(Key)
  /// The length of a value.
  case length(Key)
  /// The values of several keys.
  case values(NonEmpty<Key>)
  /// How many of several keys have a value.
  case presence(NonEmpty<Key>)
}
