import KeyValue

/// What one key does: the sequential specification that histories are checked against, written plainly.
///
/// The checker's search works on numbers instead of values; tests hold both, and the replicated store, to this.
public struct RegisterModel: Hashable, Sendable {
  /// What the key holds; nil when it is absent.
  public var value: Value?

  /// A key that holds a value, or is absent.
  public init(_ value: Value? = nil) { self.value = value }

  /// Does one operation, whatever its key is named; all keys of one over several are this key. There is no limit on sizes.
  public mutating func execute(_ operation: Operation) -> OperationResult {
    switch operation {
    case .get:
      return .value(value)
    case .put(_, let new):
      value = new
      return .stored
    case .delete:
      defer { value = nil }
      return .deleted(existed: value != nil)
    case .compareAndSwap(_, let expected, let new):
      guard value == expected else { return .swapped(false, found: value) }
      value = new
      return .swapped(true, found: nil)
    case .increment(_, let amount):
      var numeral = Numeral()
      numeral.append(value ?? [UInt8(ascii: "0")])
      guard let old = numeral.value else { return .refused(.notAnInteger) }
      let (sum, overflow) = old.addingReportingOverflow(amount)
      guard !overflow else { return .refused(.overflow) }
      value = Array(String(sum).utf8)
      return .incremented(sum)
    case .append(_, let bytes):
      value = (value ?? []) + bytes
      return .appended(length: value!.count)
    case .exchange(_, let new, let condition):
      let old = value
      guard condition.holds(for: old) else { return .exchanged(false, old: old) }
      value = new
      return .exchanged(true, old: old)
    case .length:
      return .length(value?.count ?? 0)
    case .getMany(let keys):
      return .values(Array(repeating: value, count: keys.count))
    case .countPresent(let keys):
      return .present(value == nil ? 0 : keys.count)
    case .putMany(let pairs):
      value = pairs.elements.last?.value
      return .stored
    case .deleteMany:
      defer { value = nil }
      return .removed(value == nil ? 0 : 1)
    }
  }
}
