import Raft

/// Counts of latencies in buckets whose width is at most 1/128 of their values, as in HdrHistogram.
///
/// Values below 256 ns have a bucket each; above, every power of two is cut into 128 buckets. A percentile is the
/// middle of its bucket, so it is off by less than 0.4 %; the smallest and the largest value are exact. The table
/// grows with the largest value: ten seconds need 27 KiB, a day 40 KiB.
public struct LatencyHistogram: Hashable, Sendable {
  /// How many values were recorded.
  public private(set) var count: Int = 0
  private var smallest: Int64 = .max
  private var largest: Int64 = 0
  private var counts: [Int] = []

  /// Makes an empty histogram.
  public init() {}

  /// The largest value; nil when there is none.
  public var max: TimeSpan? { count == 0 ? nil : TimeSpan(nanoseconds: largest) }

  /// Adds a value; a negative one counts as zero.
  public mutating func add(_ span: TimeSpan) { record(span) }

  /// Adds a value; a negative one counts as zero.
  @inline(__always)
  mutating func record(_ span: TimeSpan) {
    let value = Swift.max(span.nanoseconds, 0)
    let bucket = LatencyHistogram.bucket(of: value)
    if bucket >= counts.count { grow(bucket) }
    counts[bucket] += 1
    count += 1
    smallest = min(smallest, value)
    largest = Swift.max(largest, value)
  }

  /// Adds all values of another histogram.
  mutating func merge(_ other: LatencyHistogram) {
    guard other.count > 0 else { return }
    let buckets = LatencyHistogram.bucket(of: other.smallest)...LatencyHistogram.bucket(of: other.largest)
    if buckets.upperBound >= counts.count { grow(buckets.upperBound) }
    for bucket in buckets { counts[bucket] += other.counts[bucket] }
    count += other.count
    smallest = min(smallest, other.smallest)
    largest = Swift.max(largest, other.largest)
  }

  /// Forgets all values and keeps the memory.
  public mutating func removeAll() {
    guard count > 0 else { return }
    for bucket in LatencyHistogram.bucket(of: smallest)...LatencyHistogram.bucket(of: largest) { counts[bucket] = 0 }
    count = 0
    smallest = .max
    largest = 0
  }

  /// The smallest value that at least `perMille` thousandths of all values do not exceed; nil when there is none.
  public func percentile(perMille: Int) -> TimeSpan? {
    percentiles(perMille: [perMille])?[0]
  }

  /// Several percentiles, in ascending order, in one pass.
  func percentiles(perMille: [Int]) -> [TimeSpan]? {
    guard count > 0 else { return nil }
    var found: [TimeSpan] = []
    found.reserveCapacity(perMille.count)
    var passed = 0
    var bucket = LatencyHistogram.bucket(of: smallest) - 1
    for share in perMille {
      let (whole, rest) = count.quotientAndRemainder(dividingBy: 1_000)
      let rank = Swift.max(1, whole * share + (rest * share + 999) / 1_000)
      while passed < rank {
        bucket += 1
        passed += counts[bucket]
      }
      let middle = LatencyHistogram.middle(of: bucket)
      found.append(TimeSpan(nanoseconds: min(Swift.max(middle, smallest), largest)))
    }
    return found
  }

  /// The percentiles of a window's row; nil when there is no value.
  var row: LatencyWindowRow.Percentiles? {
    guard let spans = percentiles(perMille: [500, 900, 950, 990, 999]), let max else { return nil }
    return .init(p50: spans[0], p90: spans[1], p95: spans[2], p99: spans[3], p999: spans[4], max: max)
  }

  @inline(never)
  private mutating func grow(_ bucket: Int) {
    let size = (bucket / 128 + 1) * 128
    counts.append(contentsOf: repeatElement(0, count: size - counts.count))
  }

  @inline(__always)
  static func bucket(of value: Int64) -> Int {
    guard value >= 256 else { return Int(value) }
    let shift = 56 - value.leadingZeroBitCount
    return shift * 128 + Int(value >> Int64(shift))
  }

  static func middle(of bucket: Int) -> Int64 {
    guard bucket >= 256 else { return Int64(bucket) }
    let shift = bucket / 128 - 1
    return Int64(bucket - shift * 128) << Int64(shift) + (1 << Int64(shift - 1))
  }
}
