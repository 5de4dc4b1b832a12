import Raft
import Testing

@testable import Runtime

/// The costs that explain measured work.
struct CostFitTests {
  private func work(_ messages: UInt64, _ kibibytes: UInt64, _ operations: UInt64, _ costs: [Double]) -> NodeWork {
    let seconds = Double(messages) * costs[0] + Double(kibibytes) * costs[1] + Double(operations) * costs[2]
    return NodeWork(
      cpu: TimeSpan(nanoseconds: Int64((seconds * 1e9).rounded())), messages: messages, bytes: kibibytes << 10,
      operations: operations)
  }

  @Test func exactWorkGivesItsCostsBack() {
    let costs = [8e-6, 0.5e-6, 3e-6]
    let fit = CostFit([
      work(10_000, 900, 5_000, costs), work(2_000, 80_000, 500, costs), work(30_000, 3_000, 60_000, costs),
      work(500, 10, 20, costs),
    ])
    for (found, wanted) in zip(fit.costs, costs) { #expect(abs(found - wanted) < wanted * 1e-3) }
    #expect(fit.largestError < 1e-3)
  }

  @Test func aCostThatWouldBeNegativeIsNone() {
    // The more operations, the less time: operations explain nothing.
    let fit = CostFit([
      work(10_000, 0, 0, [10e-6, 0, 0]), work(10_000, 0, 5_000, [9e-6, 0, 0]), work(5_000, 0, 100, [10e-6, 0, 0]),
    ])
    #expect(fit.costs[1] == 0)
    #expect(fit.costs[2] == 0)
    #expect(fit.costs[0] > 9e-6 && fit.costs[0] < 10.1e-6)
    #expect(fit.largestError > 0.01)
  }

  @Test func nothingMeasuredCostsNothing() {
    #expect(CostFit([]).costs == [0, 0, 0])
  }
}
