import Foundation
import Testing

@testable import Raft

/// Small groups explored to the end, or as far as a test may take; the search is described at ``Explorer``.
@Suite struct ExplorerTests {
  /// An exploration and the least that it is to visit, so that it cannot come to explore nothing.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bounds: Bounds
    var least: Int
    var isWhole = true

    init(_ name: String, least: Int, isWhole: Bool = true, _ change: (inout Bounds) -> Void) {
      testDescription = name
      bounds = Bounds()
      change(&bounds)
      self.least = least
      self.isWhole = isWhole
    }
  }

  static let cases: [Case] = [
    Case("elections of one term, with a crash", least: 2_000) {
      $0.terms = 1
      $0.proposals = 0
    },
    Case("elections of two terms, writes at once", least: 9_000) {
      $0.proposals = 0
      $0.crashes = 0
      $0.writesAtOnce = true
    },
    Case("a command in one term, writes at once", least: 800) {
      $0.terms = 1
      $0.crashes = 0
      $0.writesAtOnce = true
    },
    Case("two voters, two terms, a command, a heartbeat, writes at once", least: 1_000) {
      $0.nodes = 2
      $0.voters = 2
      $0.crashes = 0
      $0.heartbeats = 1
      $0.writesAtOnce = true
    },
    Case("two voters, two terms, a crash", least: 1_000) {
      $0.nodes = 2
      $0.voters = 2
      $0.proposals = 0
    },
    Case("three terms, two commands, a crash, to a depth", least: 5_000, isWhole: false) {
      $0.terms = 3
      $0.proposals = 2
      $0.depth = 9
    },
    Case("figure 8 of the thesis from its middle, writes at once, to a depth", least: 1_000, isWhole: false) {
      $0.startInFigureEight()
      $0.depth = 12
    },
    Case("a voter is added, in one term", least: 1_000) {
      $0.join([ConfigurationChange([.addVoter(n(2))])])
      $0.terms = 1
    },
    Case("a voter is replaced jointly, in one term, writes at once", least: 400) {
      $0.join([ConfigurationChange([.addVoter(n(2)), .remove(n(0))])])
      $0.terms = 1
      $0.writesAtOnce = true
    },
    Case("a voter is replaced jointly, in two terms, to a depth", least: 2_000, isWhole: false) {
      $0.join([ConfigurationChange([.addVoter(n(2)), .remove(n(0))])])
      $0.depth = 18
    },
  ]

  @Test(arguments: cases) func noRuleIsBroken(_ example: Case) throws {
    var explorer = Explorer(example.bounds)
    let report = try explorer.run()
    #expect(report.violation == nil, "\(report.violation ?? "")\n\(report.path.joined(separator: "\n"))")
    #expect(report.states >= example.least, "\(report)")
    #expect(report.isExhausted == example.isWhole, "\(report)")
    print("\(example.testDescription): \(report.summary)")
  }

  /// One exploration within the bounds of the environment: ERAFT_EXPLORE_TERMS and so on, see ``Bounds``.
  @Test(.enabled(if: Bounds.environment != nil)) func noRuleIsBrokenWithinTheBoundsGiven() throws {
    let bounds = try #require(Bounds.environment)
    var explorer = Explorer(bounds)
    let report = try explorer.run()
    print("\(report.summary)")
    #expect(report.violation == nil, "\(report.violation ?? "")\n\(report.path.joined(separator: "\n"))")
  }
}

extension Bounds {
  /// Two voters and a third node that changes may bring in.
  mutating func join(_ changes: [ConfigurationChange]) {
    voters = 2
    proposals = 0
    crashes = 0
    self.changes = changes
  }

  /// Two leaders have come and gone, and each left an entry on its own disk alone; two more terms are to come. Entries
  /// travel one by one: an old one that arrives with a new one is no danger.
  mutating func startInFigureEight() {
    func disk(_ terms: [UInt64], vote: Int?) -> DurableState {
      DurableState(
        hardState: HardState(term: Term(2), vote: vote.map(n)),
        snapshot: SnapshotDescription(last: .zero, configuration: configuration),
        entries: terms.map { Entry(term: Term($0), payload: .empty) })
    }
    disks = [disk([1], vote: nil), disk([2], vote: 1), disk([], vote: 1)]
    terms = 4
    proposals = 0
    crashes = 0
    entriesPerMessage = 1
    writesAtOnce = true
  }

  /// The bounds that the environment names; nil when it names none.
  static var environment: Bounds? {
    let environment = ProcessInfo.processInfo.environment
    var isGiven = false
    func number(_ name: String, _ standard: Int) -> Int {
      guard let value = environment["ERAFT_EXPLORE_\(name)"].flatMap({ Int($0) }) else { return standard }
      isGiven = true
      return value
    }
    var bounds = Bounds()
    bounds.nodes = number("NODES", bounds.nodes)
    bounds.voters = number("VOTERS", bounds.nodes)
    bounds.terms = number("TERMS", bounds.terms)
    bounds.proposals = number("PROPOSALS", bounds.proposals)
    bounds.crashes = number("CRASHES", bounds.crashes)
    bounds.heartbeats = number("HEARTBEATS", bounds.heartbeats)
    bounds.entriesPerMessage = number("BATCH", bounds.entriesPerMessage)
    bounds.writesAtOnce = number("WRITES_AT_ONCE", 0) == 1
    bounds.checksNodes = number("CHECKS_NODES", 1) == 1
    bounds.usesPreVote = number("PRE_VOTE", 0) == 1
    bounds.depth = number("DEPTH", bounds.depth)
    bounds.states = number("STATES", bounds.states)
    bounds.changes = Bounds.changes(number("CHANGES", 0))
    if number("FIGURE_EIGHT", 0) == 1 { bounds.startInFigureEight() }
    return isGiven ? bounds : nil
  }

  /// Changes worth exploring, by number; those that begin with one or two voters say so.
  private static func changes(_ number: Int) -> [ConfigurationChange] {
    switch number {
    case 1: [ConfigurationChange([.addVoter(n(2))])]
    case 2: [ConfigurationChange([.addVoter(n(2))]), ConfigurationChange([.remove(n(0))])]
    case 3: [ConfigurationChange([.addVoter(n(2)), .remove(n(0))])]
    case 4: [ConfigurationChange([.remove(n(0))]), ConfigurationChange([.remove(n(1))])]
    case 5: [ConfigurationChange([.addVoter(n(2))], transition: .jointThenLeave)]
    // From one voter.
    case 6: [ConfigurationChange([.addVoter(n(1)), .addVoter(n(2))])]
    case 7: [ConfigurationChange([.addVoter(n(1))]), ConfigurationChange([.addVoter(n(2))])]
    case 8: [ConfigurationChange([.addVoter(n(1)), .remove(n(0))], transition: .jointUntilTold), .leaveJoint]
    default: []
    }
  }
}

extension Explorer.Report {
  var summary: String {
    "\(states) states (\(machineTuples) of the machines alone), \(transitions) transitions, depth \(depth), "
      + (isExhausted ? "exhausted" : "not exhausted")
      + "; \(machines) states of one machine, \(sights) sights, \(nodeSteps) steps of a node"
  }
}
