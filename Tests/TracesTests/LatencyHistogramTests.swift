import Raft
import Testing

@testable import Traces

@Suite struct LatencyHistogramTests {
  @Test func everyBucketHoldsItsMiddleAndNoGapsAreLeft() {
    var isSound = true
    for bucket in 0..<6_000 {
      let middle = LatencyHistogram.middle(of: bucket)
      if LatencyHistogram.bucket(of: middle) != bucket { isSound = false }
      if bucket > 0, LatencyHistogram.bucket(of: middle) <= LatencyHistogram.bucket(of: middle / 2 - 1) {
        isSound = isSound && middle < 2
      }
    }
    #expect(isSound)
    #expect(LatencyHistogram.bucket(of: .max) < 8_192)
  }

  @Test(arguments: [UInt64(1), 2, 3]) func percentilesAreWithinFourThousandthsOfTheExactOnes(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var parts = [LatencyHistogram(), LatencyHistogram()]
    var values: [Int64] = []
    for index in 0..<4_000 {
      let value = Int64(1) << Int64(random.next(below: 34)) + Int64(random.next(below: 5_000))
      values.append(value)
      parts[index % 2].record(TimeSpan(nanoseconds: value))
    }
    var whole = LatencyHistogram()
    for part in parts { whole.merge(part) }
    values.sort()
    var worst = 0.0
    for perMille in [1, 100, 500, 900, 950, 990, 999, 1_000] {
      let exact = Double(values[(values.count * perMille + 999) / 1_000 - 1])
      let found = Double(whole.percentile(perMille: perMille)!.nanoseconds)
      worst = max(worst, abs(found - exact) / exact)
    }
    #expect(worst < 0.004)
    #expect(whole.max?.nanoseconds == values.last)
    #expect(whole.count == values.count)
    whole.removeAll()
    #expect(whole == LatencyHistogram() || whole.percentile(perMille: 500) == nil)
  }
}
