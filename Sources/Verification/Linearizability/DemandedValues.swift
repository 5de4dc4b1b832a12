import Glibc

/// The values that the operations of one key demand, sorted by their bytes: what a text must begin with to matter.
///
/// On a key that is appended to, a text is told from others only as long as some demanded value begins with it. All
/// such values stand together, so the text is the range that they take and its own length.
struct DemandedValues {
  /// A text that at least one of the values begins with.
  struct Prefix: Hashable {
    /// The values that begin with it.
    var low: Int32
    var high: Int32
    /// Its length in bytes.
    var length: Int
  }

  /// The values in order, each once.
  private var values: ContiguousArray<[UInt8]> = []

  /// No values.
  init() {}

  /// Takes values in order, each once.
  init(sorted values: ContiguousArray<[UInt8]>) { self.values = values }

  /// The empty text; nil when no value at all is demanded.
  var start: Prefix? { values.isEmpty ? nil : Prefix(low: 0, high: Int32(values.count), length: 0) }

  /// A text's bytes.
  func text(_ prefix: Prefix) -> ArraySlice<UInt8> { values[Int(prefix.low)][..<prefix.length] }

  /// The text with a piece behind it; nil when no value begins so.
  func extend(_ prefix: Prefix, by piece: [UInt8]) -> Prefix? {
    let low = first(in: prefix) { DemandedValues.compare(values[$0], from: prefix.length, with: piece) >= 0 }
    var rest = prefix
    rest.low = Int32(low)
    let high = first(in: rest) { DemandedValues.compare(values[$0], from: prefix.length, with: piece) > 0 }
    return low < high ? Prefix(low: Int32(low), high: Int32(high), length: prefix.length + piece.count) : nil
  }

  /// The first value of a range from which on a condition holds.
  private func first(in prefix: Prefix, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (Int(prefix.low), Int(prefix.high))
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Whether a value comes before another.
  static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let order = compare(left, from: 0, with: right)
    return order < 0 || (order == 0 && left.count < right.count)
  }

  /// How the bytes of a value from an offset on compare with a piece: 0 when they begin with it, negative when they
  /// come before it, also by ending early.
  private static func compare(_ value: [UInt8], from offset: Int, with piece: [UInt8]) -> Int {
    let count = min(value.count - offset, piece.count)
    let order = value.withUnsafeBytes { bytes in
      piece.withUnsafeBytes { piece in
        guard let left = bytes.baseAddress, let right = piece.baseAddress else { return 0 }
        return Int(memcmp(left + offset, right, count))
      }
    }
    if order != 0 { return order }
    return count < piece.count ? -1 : 0
  }
}
