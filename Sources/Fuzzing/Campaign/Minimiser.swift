import Emulation
import Raft
import Server
import Simulation

/// Makes the plan of a failing seed smaller while it breaks the same property: troubles are left out by delta debugging
/// (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002), then machines of the fleet are left out
/// and noise is switched off.
public struct Minimiser {
  /// What is wrong on purpose.
  public var variant: KnownBadVariant?
  /// How many runs it may take.
  public var mostRuns = 400

  private var runs = 0

  /// A smaller plan's run.
  public struct Result: Sendable {
    /// The run, with its timeline.
    public var outcome: FuzzOutcome
    /// The numbers of the troubles that are needed.
    public var troubles: [Int]
    /// How many troubles the seed's plan has.
    public var drawnTroubles: Int
    /// How many secretaries and observers must work from the start.
    public var fleet: Int
    /// How many the seed's plan has.
    public var drawnFleet: Int
    /// What else could be left out, in words.
    public var simplifications: [String]
    /// How many runs it took.
    public var runs: Int
  }

  /// Makes a minimiser.
  public init(variant: KnownBadVariant? = nil) { self.variant = variant }

  /// The smallest plan found for a seed that fails; nil when the seed does not fail.
  ///
  /// Throws only if the plan is impossible, which is a defect of the drawing.
  public mutating func minimise(seed: UInt64, profile: FuzzProfile) throws -> Result? {
    let drawn = try FuzzPlan.draw(seed: seed, profile: profile)
    runs = 1
    guard let failure = try FuzzRun.make(drawn, variant: variant).execute().failure else { return nil }
    var plan = drawn
    // What comes after the failure did not cause it.
    try keep(&plan, failure.property) { $0.troubles.removeAll { $0.at > failure.at } }
    try reduceTroubles(&plan, failure.property)
    try reduceFleet(&plan, failure.property)
    var simplifications: [String] = []
    if plan.fleet.count < drawn.fleet.count {
      let left = plan.fleet.isEmpty ? "none" : "\(plan.fleet.count)"
      simplifications.append("\(left) of \(drawn.fleet.count) secretaries and observers")
    }
    for simplification in Simplification.all {
      if try keep(&plan, failure.property, simplification.apply) { simplifications.append(simplification.words) }
    }
    try reduceTroubles(&plan, failure.property)
    let outcome = try FuzzRun.make(plan, variant: variant, recordsTimeline: true).execute()
    return Result(
      outcome: outcome, troubles: plan.troubles.map(\.number), drawnTroubles: drawn.troubles.count,
      fleet: plan.fleet.count, drawnFleet: drawn.fleet.count, simplifications: simplifications, runs: runs)
  }

  /// Whether a plan breaks the property, within the runs that are left.
  private mutating func breaks(_ plan: FuzzPlan, _ property: String) throws -> Bool {
    guard runs < mostRuns else { return false }
    runs += 1
    return try FuzzRun.make(plan, variant: variant).execute().failure?.property == property
  }

  @discardableResult
  private mutating func keep(
    _ plan: inout FuzzPlan, _ property: String, _ change: (inout FuzzPlan) -> Void
  ) throws -> Bool {
    var smaller = plan
    change(&smaller)
    guard try breaks(smaller, property) else { return false }
    plan = smaller
    return true
  }

  /// Leaves out the machines of the fleet: all of them, or each that is not needed.
  private mutating func reduceFleet(_ plan: inout FuzzPlan, _ property: String) throws {
    if plan.fleet.isEmpty { return }
    if try keep(&plan, property, { $0.fleet.removeAll() }) { return }
    for place in plan.fleet.indices.reversed() where plan.fleet.count > 1 {
      try keep(&plan, property) { $0.fleet.remove(at: place) }
    }
  }

  private mutating func reduceTroubles(_ plan: inout FuzzPlan, _ property: String) throws {
    var parts = 2
    while plan.troubles.count >= 2 {
      let size = (plan.troubles.count + parts - 1) / parts
      var isReduced = false
      for begin in stride(from: 0, to: plan.troubles.count, by: size) {
        let end = min(begin + size, plan.troubles.count)
        if try keep(&plan, property, { $0.troubles.removeSubrange(begin..<end) }) {
          isReduced = true
          break
        }
      }
      if isReduced {
        parts = max(2, parts - 1)
      } else if size == 1 {
        break
      } else {
        parts = min(plan.troubles.count, parts * 2)
      }
    }
    if plan.troubles.count == 1 { try keep(&plan, property) { $0.troubles.removeAll() } }
  }
}

/// A part of a plan that may turn out not to matter.
private struct Simplification: Sendable {
  var words: String
  var apply: @Sendable (inout FuzzPlan) -> Void

  static let all = [
    Simplification(words: "links without loss, repetition and jitter") { plan in
      plan.changeLinks {
        $0.loss = 0
        $0.duplication = 0
        $0.jitter = .none
      }
    },
    Simplification(words: "links that keep order") { $0.changeLinks { $0.ordering = .ordered } },
    Simplification(words: "no snapshots") { $0.setup.server.snapshotEvery = 0 },
    Simplification(words: "no spare machines") { $0.spares.removeAll() },
    Simplification(words: "clients at one site") { $0.clients.removeLast($0.clients.count - 1) },
    Simplification(words: "no limits on messages") { plan in
      plan.setup.raft.maximumEntriesPerMessage = 1_024
      plan.setup.raft.maximumBytesPerMessage = 1 << 20
      plan.setup.raft.maximumInflightMessages = 256
    },
    Simplification(words: "a processor that takes no time") { plan in
      plan.changeMachines {
        $0.cpuPerMessage = .zero
        $0.cpuPerOperation = .zero
      }
    },
  ]
}

extension FuzzPlan {
  fileprivate mutating func changeLinks(_ change: (inout LinkModel) -> Void) {
    for from in 0..<setup.links.siteCount {
      for to in 0..<setup.links.siteCount { change(&setup.links[SiteID(UInt16(from)), SiteID(UInt16(to))]) }
    }
  }

  fileprivate mutating func changeMachines(_ change: (inout MachineModel) -> Void) {
    for place in setup.nodes.indices { change(&setup.nodes[place].machine) }
    for place in spares.indices { change(&spares[place].machine) }
  }
}
