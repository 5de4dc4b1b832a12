import Raft

/// Chooses keys as a distribution asks for.
struct KeyChooser: Sendable {
  private enum Method: Sendable {
    case uniform
    case scattered(ZipfSampler, Scatter)
    case latest(ZipfSampler)
  }

  /// How many keys exist at the start.
  let initial: Int
  private var method: Method

  init(_ distribution: KeyDistribution, initial: Int) {
    self.initial = initial
    switch distribution {
    case .uniform: method = .uniform
    case .zipfian(let theta): method = .scattered(ZipfSampler(count: initial, theta: theta), Scatter(count: initial))
    case .latest(let theta): method = .latest(ZipfSampler(count: initial, theta: theta))
    }
  }

  /// The position of a key among those that the site knows, oldest first.
  mutating func position(in space: KeySpace, _ random: inout RandomSource) -> Int {
    let count = space.count(initial: initial)
    switch method {
    case .uniform:
      return Int(random.next(below: UInt64(count)))
    case .scattered(let sampler, let scatter):
      return scatter.position(of: sampler.draw(&random))
    case .latest(var sampler):
      if sampler.count < count {
        sampler.grow(to: count)
        method = .latest(sampler)
      }
      return count - 1 - sampler.draw(&random)
    }
  }
}

/// Spreads ranks over positions: a bijection that is the same at all sites, so that they share their hot keys.
///
/// YCSB hashes instead, which maps several ranks to one key and none to others; the frequencies of single keys would
/// then not be those of the distribution.
struct Scatter: Sendable {
  private let count: UInt64
  private let step: UInt64
  private let first: UInt64

  /// Makes a bijection of the numbers below `count`.
  init(count: Int) {
    self.count = UInt64(count)
    // Steps near the golden section leave neighbouring ranks far apart; without a common divisor none is left out.
    var step = max(1, UInt64(Double(count) * 0.618_033_988_749_895))
    while Scatter.greatestCommonDivisor(step, UInt64(count)) != 1 { step += 1 }
    self.step = step
    first = RandomSource.mix(UInt64(count)) % UInt64(count)
  }

  func position(of rank: Int) -> Int {
    let (high, low) = UInt64(rank).multipliedFullWidth(by: step)
    return Int((count.dividingFullWidth((high, low)).remainder + first) % count)
  }

  private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }
}
