import Raft

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Draws ranks with probability proportional to `1 / (rank + 1)^theta`, in constant time per draw, by the method of
/// Gray et al. ("Quickly generating billion-record synthetic databases", SIGMOD 1994), which YCSB uses too. Ranks 0
/// and 1 have exactly their probability. The others are approximated: with theta 0.99 and 1,000 ranks, 2 to 9 come
/// 8 % too often and 100 to 999 3 % too seldom; the method is kept since results are compared with YCSB's.
struct ZipfSampler: Sendable {
  private(set) var count: Int
  private let theta: Double
  private let alpha: Double
  private let second: Double
  private var zeta: Double
  private var eta: Double = 0

  /// Makes a sampler of the ranks below `count`, which is at least 1; `theta` lies strictly between 0 and 1.
  init(count: Int, theta: Double) {
    self.count = count
    self.theta = theta
    alpha = 1 / (1 - theta)
    second = pow(0.5, theta)
    zeta = ZipfSampler.zeta(count, theta)
    update()
  }

  /// The probability of a rank.
  func probability(of rank: Int) -> Double { pow(Double(rank + 1), -theta) / zeta }

  func draw(_ random: inout RandomSource) -> Int {
    let unit = random.nextUnit()
    let mass = unit * zeta
    if mass < 1 { return 0 }
    if mass < 1 + second { return min(1, count - 1) }
    let rank = Double(count) * pow(eta * unit - eta + 1, alpha)
    return min(max(Int(rank), 0), count - 1)
  }

  /// Adds ranks; each costs constant time.
  mutating func grow(to newCount: Int) {
    guard newCount > count else { return }
    while count < newCount {
      count += 1
      zeta += pow(Double(count), -theta)
    }
    update()
  }

  private mutating func update() {
    // With one or two ranks the formula is not reached, and would divide by zero.
    guard count > 2 else { return }
    eta = (1 - pow(2 / Double(count), 1 - theta)) / (1 - (1 + second) / zeta)
  }

  /// The sum of `k^-theta` for k from 1 to `count`: the first terms one by one, the rest by the Euler-Maclaurin
  /// formula, whose error is far below the rounding of a double here.
  static func zeta(_ count: Int, _ theta: Double) -> Double {
    let head = 1_000
    var sum = 0.0
    for term in stride(from: 1, through: min(count, head), by: 1) { sum += pow(Double(term), -theta) }
    guard count > head else { return sum }
    let (low, high) = (Double(head), Double(count))
    let integral = (pow(high, 1 - theta) - pow(low, 1 - theta)) / (1 - theta)
    let ends = (pow(high, -theta) - pow(low, -theta)) / 2
    let slopes = theta * (pow(low, -theta - 1) - pow(high, -theta - 1)) / 12
    return sum + integral + ends + slopes
  }
}
