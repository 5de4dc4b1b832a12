import Synchronization

/// How soon the checkers find a known-bad variant: seeds are run from several starts until one fails.
public struct MutantTrial: Sendable {
  /// The variant.
  public var variant: KnownBadVariant
  /// For each start, what was found.
  public var starts: [Start]

  /// What one start came to.
  public struct Start: Sendable, Hashable {
    /// The first seed.
    public var first: UInt64
    /// How many seeds were run, the one that failed included.
    public var seeds: Int
    /// The property that the last seed broke; nil when none was broken within the bound.
    public var caughtBy: String?
  }

  /// Whether every start found the variant.
  public var isCaught: Bool { starts.allSatisfy { $0.caughtBy != nil } }

  /// The median over the starts of the seeds needed, the upper one of two; a start that found nothing counts as its
  /// bound.
  public var medianSeeds: Int {
    let sorted = starts.map(\.seeds).sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  /// The properties that caught it, the most frequent first.
  public var caughtBy: [String] {
    var counts: [(property: String, count: Int)] = []
    for property in starts.compactMap(\.caughtBy) {
      if let place = counts.firstIndex(where: { $0.property == property }) {
        counts[place].count += 1
      } else {
        counts.append((property, 1))
      }
    }
    return counts.sorted { $0.count != $1.count ? $0.count > $1.count : $0.property < $1.property }.map(\.property)
  }
}

/// The trial of several variants, and of the correct build on the same seeds.
public struct MutantTrials: Sendable {
  /// The variants.
  public var variants: [KnownBadVariant]
  /// From how many starts each is tried.
  public var starts = 5
  /// How many seeds are run from a start at most.
  public var mostSeeds = 50_000
  /// How many threads work.
  public var jobs = 1

  /// How far apart two starts lie.
  static let stride: UInt64 = 1_000_000

  /// What the trials came to.
  public struct Result: Sendable {
    /// The variants, in order.
    public var trials: [MutantTrial] = []
    /// What the correct build came to on every seed that any variant was run on.
    public var correct: [FuzzReport] = []
    /// Whether all trials ended.
    public var isComplete = true

    /// Whether every variant was caught and the correct build broke nothing.
    public var isGood: Bool {
      isComplete && trials.allSatisfy(\.isCaught) && correct.allSatisfy { $0.failureCount == 0 }
    }
  }

  /// Trials of these variants.
  public init(variants: [KnownBadVariant]) { self.variants = variants }

  /// Runs everything: `began` is called by the threads that work, with the thread's number, the seed that it begins and
  /// the variant; `progress` is told of every trial that ended; `shouldStop` is asked now and then. A trial that is
  /// stopped is left out.
  public func run(
    began: @escaping @Sendable (_ job: Int, _ seed: UInt64, _ variant: KnownBadVariant) -> Void = { _, _, _ in },
    progress: (MutantTrial) -> Void = { _ in }, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> Result {
    var result = Result()
    for variant in variants where !shouldStop() {
      let trial = trial(of: variant, began, shouldStop)
      if shouldStop(), !trial.isCaught { break }
      progress(trial)
      result.trials.append(trial)
    }
    for profile in FuzzProfile.all where !shouldStop() {
      // The seeds of a start that found its variant late contain those of the others.
      let trials = result.trials.filter { $0.variant.profile == profile }
      for start in 0..<starts where !shouldStop() {
        let seeds = trials.map { $0.starts[start].seeds }.max() ?? 0
        guard seeds > 0 else { continue }
        let first = MutantTrials.first(of: start)
        let campaign = FuzzCampaign(seeds: first...(first + UInt64(seeds) - 1), profile: profile, jobs: jobs)
        result.correct.append(campaign.run(shouldStop: { _ in shouldStop() }))
      }
    }
    result.isComplete = !shouldStop()
    return result
  }

  private static func first(of start: Int) -> UInt64 { 1 + UInt64(start) * stride }

  private func trial(
    of variant: KnownBadVariant, _ began: @escaping @Sendable (Int, UInt64, KnownBadVariant) -> Void,
    _ shouldStop: @escaping @Sendable () -> Bool
  ) -> MutantTrial {
    let shared = Shared(starts: starts)
    Workers.run(min(jobs, starts)) { job in
      while true {
        guard let start = shared.next() else { return }
        let outcome = search(
          variant, from: MutantTrials.first(of: start), began: { began(job, $0, variant) }, shouldStop)
        shared.found.withLock { $0[start] = outcome }
      }
    }
    return MutantTrial(variant: variant, starts: shared.found.withLock { $0.compactMap { $0 } })
  }

  /// What the threads share.
  private final class Shared: Sendable {
    let found: Mutex<[MutantTrial.Start?]>
    private let cursor = Mutex(0)
    private let starts: Int

    init(starts: Int) {
      self.starts = starts
      found = Mutex(Array(repeating: nil, count: starts))
    }

    /// The next start that nobody has taken.
    func next() -> Int? {
      cursor.withLock { cursor in
        guard cursor < starts else { return nil }
        defer { cursor += 1 }
        return cursor
      }
    }
  }

  private func search(
    _ variant: KnownBadVariant, from first: UInt64, began: (UInt64) -> Void, _ shouldStop: () -> Bool
  ) -> MutantTrial.Start {
    for count in 1...mostSeeds {
      began(first + UInt64(count - 1))
      let outcome = FuzzCampaign.runSeed(first + UInt64(count - 1), variant.profile, variant)
      if let failure = outcome.failure {
        return MutantTrial.Start(first: first, seeds: count, caughtBy: failure.property)
      }
      if shouldStop() { return MutantTrial.Start(first: first, seeds: count, caughtBy: nil) }
    }
    return MutantTrial.Start(first: first, seeds: mostSeeds, caughtBy: nil)
  }
}
