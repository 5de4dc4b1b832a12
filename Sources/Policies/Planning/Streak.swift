/// How many epochs in a row something has been so.
struct Streak: Hashable, Sendable {
  private(set) var length = 0

  /// Counts an epoch; whether it has now been so for at least `patience` epochs.
  mutating func extend(if condition: Bool, until patience: Int) -> Bool {
    length = condition ? length + 1 : 0
    return length >= patience
  }

  mutating func reset() { length = 0 }
}
