import KeyValue

/// Which keys there are: those of the start, numbered from 0, and those that each site inserts, whose numbers are
/// interleaved so that no two sites insert the same key and none needs to ask another.
struct KeySpace: Sendable {
  /// Where this site stands among all sites with clients.
  var place: SitePlace
  /// The number from which on inserted keys are counted: above the keys of every phase.
  var firstInserted: Int
  /// How many keys this site has inserted.
  private(set) var inserted = 0

  init(place: SitePlace, firstInserted: Int) {
    self.place = place
    self.firstInserted = firstInserted
  }

  /// How many keys this site knows when `initial` existed at the start.
  func count(initial: Int) -> Int { initial + inserted }

  /// The number of the key that this site knows as its `position`-th, oldest first.
  func number(at position: Int, initial: Int) -> Int {
    position < initial ? position : firstInserted + (position - initial) * place.count + place.index
  }

  /// The number of a new key.
  mutating func insert() -> Int {
    defer { inserted += 1 }
    return firstInserted + inserted * place.count + place.index
  }
}

/// Where a site stands among the sites with clients: the work is divided evenly among them.
public struct SitePlace: Hashable, Sendable {
  /// The site's rank, from 0.
  public var index: Int
  /// How many sites there are.
  public var count: Int
  /// Makes a place.
  public init(index: Int, of count: Int) {
    self.index = index
    self.count = count
  }
}

/// The names of the keys that workloads use.
public enum WorkloadKey {
  /// What a key holds.
  public enum Family: String, Sendable {
    /// Any bytes: `user0`, `user1`, ...
    case record = "user"
    /// A decimal integer: `count0`, `count1`, ...
    case counter = "count"
  }

  /// The key with a number, which is not negative.
  public static func key(_ number: Int, family: Family = .record) -> Key {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    bytes.append(contentsOf: family.rawValue.utf8)
    appendDecimal(UInt64(number), to: &bytes)
    return Key(bytes)
  }
}

/// Appends a number in decimal digits.
func appendDecimal(_ number: UInt64, to bytes: inout [UInt8]) {
  var place: UInt64 = 1
  while number / place >= 10 { place *= 10 }
  while place > 0 {
    bytes.append(UInt8(ascii: "0") + UInt8(number / place % 10))
    place /= 10
  }
}
