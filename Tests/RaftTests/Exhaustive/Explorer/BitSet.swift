/// A set of small numbers as bits.
struct BitSet: Equatable {
  private(set) var words: ContiguousArray<UInt64> = []

  init() {}

  init(words: some Sequence<UInt64>) { self.words = ContiguousArray(words) }

  /// Takes a number; false when it is in already.
  @discardableResult
  mutating func insert(_ number: Int) -> Bool {
    let word = number >> 6
    while words.count <= word { words.append(0) }
    let bit = 1 << UInt64(number & 63) as UInt64
    if words[word] & bit != 0 { return false }
    words[word] |= bit
    return true
  }

  mutating func remove(_ number: Int) {
    words[number >> 6] &= ~(1 << UInt64(number & 63))
    while words.last == 0 { words.removeLast() }
  }

  func contains(_ number: Int) -> Bool {
    let word = number >> 6
    return word < words.count && words[word] >> UInt64(number & 63) & 1 == 1
  }

  /// The numbers, upwards.
  var members: [Int] { members(in: self) }

  /// The numbers that are in the other set, too, upwards.
  func members(in other: BitSet) -> [Int] {
    var members: [Int] = []
    for place in 0..<min(words.count, other.words.count) {
      var word = words[place] & other.words[place]
      while word != 0 {
        members.append(place << 6 | word.trailingZeroBitCount)
        word &= word - 1
      }
    }
    return members
  }
}
