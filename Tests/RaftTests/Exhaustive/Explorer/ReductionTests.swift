import Testing

@testable import Raft

/// What spares the explorer work loses nothing: with it and without it, the same machines meet.
@Suite struct ReductionTests {
  private static let sets: [Reductions] = [
    .names, .closing, .forgetting, [.closing, .covering], [.closing, .forgetting], .all,
  ]

  @Test(arguments: ReductionTests.small) func reductionsKeepEveryStateOfTheMachines(_ bounds: Bounds) throws {
    try check(bounds)
  }

  /// The same where doing without takes minutes in a debug build.
  @Test(.enabled(if: Bounds.environment != nil), arguments: ReductionTests.large)
  func reductionsKeepEveryStateOfLargerGroups(_ bounds: Bounds) throws {
    try check(bounds)
  }

  private func check(_ bounds: Bounds) throws {
    var plain = Explorer(bounds, reductions: [])
    let whole = try plain.run()
    #expect(whole.isExhausted && whole.violation == nil && whole.machineTuples > 30, "\(whole)")
    for set in ReductionTests.sets {
      var reduced = Explorer(bounds, reductions: set)
      let report = try reduced.run()
      #expect(report.isExhausted && report.violation == nil, "\(report)")
      #expect(report.machineTuples == whole.machineTuples, "\(set.rawValue): \(report)")
      #expect(report.states <= whole.states)
      if set == .all { #expect(report.states < whole.states / 2) }
    }
    print(whole.summary)
  }

  private static let small: [Bounds] = [
    pairInOneTerm { $0.crashes = 0 },
    pairInOneTerm { $0.proposals = 0 },
    pairInOneTerm {
      $0.crashes = 0
      $0.heartbeats = 1
      $0.writesAtOnce = true
    },
  ]

  private static let large: [Bounds] = [
    bounds {
      $0.terms = 1
      $0.proposals = 0
      $0.crashes = 0
    },
    bounds {
      $0.terms = 1
      $0.proposals = 0
    },
    pair { $0.proposals = 0 },
    pairInOneTerm { $0.heartbeats = 1 },
    bounds {
      $0.join([ConfigurationChange([.addVoter(n(2))])])
      $0.terms = 1
    },
  ]

  private static func pairInOneTerm(_ change: (inout Bounds) -> Void) -> Bounds {
    pair {
      $0.terms = 1
      change(&$0)
    }
  }

  private static func pair(_ change: (inout Bounds) -> Void) -> Bounds {
    bounds {
      $0.nodes = 2
      $0.voters = 2
      change(&$0)
    }
  }

  private static func bounds(_ change: (inout Bounds) -> Void) -> Bounds {
    var bounds = Bounds()
    change(&bounds)
    return bounds
  }
}
