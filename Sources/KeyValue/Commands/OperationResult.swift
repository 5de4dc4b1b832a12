/// What an operation answers.
public enum OperationResult: Hashable, Sendable {
  /// The value of a `get`; nil when the key is absent.
  case value(Value?)
  /// A `put` or a `putMany` was done.
  case stored
  /// A `delete` was done; whether the key existed.
  case deleted(existed: Bool)
  /// Whether a `compareAndSwap` was done (then `found` is nil), and else what it found; nil when the key is absent.
  case swapped(Bool, found: Value?)
  /// The integer after an `increment`.
  case incremented(Int64)
  /// The length in bytes after an `append`.
  case appended(length: Int)
  /// The operation does not apply to the value, which stays as it is.
  case refused(Refusal)
  /// Whether an `exchange` was done, and what the key held before; nil when it was absent.
  case exchanged(Bool, old: Value?)
  /// The length in bytes that a `length` found.
  case length(Int)
  /// The values of a `getMany`, in the order of its keys.
  case values([Value?])
  /// How many keys a `countPresent` found.
  case present(Int)
  /// How many keys a `deleteMany` removed.
  case removed(Int)

  /// Why an operation does not apply.
  public enum Refusal: UInt8, Hashable, Sendable {
    /// `increment` found something that is no decimal integer of 64 bits.
    case notAnInteger = 1
    /// `increment` would leave 64 bits.
    case overflow = 2
    /// The key or the value would exceed the store's limit.
    case tooLarge = 3
  }
}
