@testable import Raft

/// Numbers by keys, in open addressing; nothing depends on their order.
struct NumberTable {
  private var keys: ContiguousArray<UInt64>
  /// Each number plus one; zero where nothing is.
  private var numbers: ContiguousArray<UInt32>
  private var count = 0

  init() {
    keys = ContiguousArray(repeating: 0, count: 1 << 10)
    numbers = ContiguousArray(repeating: 0, count: 1 << 10)
  }

  subscript(key: UInt64) -> Int? {
    get {
      let place = place(of: key)
      return numbers[place] == 0 ? nil : Int(numbers[place]) - 1
    }
    set {
      guard let newValue else { preconditionFailure("nothing is ever taken out") }
      if count * 2 >= keys.count { grow() }
      let place = place(of: key)
      if numbers[place] == 0 { count += 1 }
      keys[place] = key
      numbers[place] = UInt32(newValue + 1)
    }
  }

  private func place(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var place = Int(truncatingIfNeeded: RandomSource.mix(key)) & mask
    while numbers[place] != 0 && keys[place] != key { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let (oldKeys, oldNumbers) = (keys, numbers)
    keys = ContiguousArray(repeating: 0, count: oldKeys.count * 2)
    numbers = ContiguousArray(repeating: 0, count: oldKeys.count * 2)
    for old in oldKeys.indices where oldNumbers[old] != 0 {
      let place = place(of: oldKeys[old])
      keys[place] = oldKeys[old]
      numbers[place] = oldNumbers[old]
    }
  }
}
