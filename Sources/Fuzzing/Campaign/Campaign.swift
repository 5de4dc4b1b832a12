import Raft
import Synchronization

/// Runs many seeds of one profile on several threads.
///
/// Which thread runs a seed has no influence on what the seed does, nor on the result of a campaign that runs all seeds.
public struct FuzzCampaign: Sendable {
  /// Where the seeds come from.
  public var seeds: ClosedRange<UInt64>
  /// What they draw from.
  public var profile: FuzzProfile
  /// What is wrong on purpose; nil for the correct build.
  public var variant: KnownBadVariant?
  /// How many threads work.
  public var jobs = 1
  /// After how many failures no more seeds are begun.
  public var mostFailures = 10

  /// How far a campaign has come.
  public struct Progress: Sendable {
    /// Seeds that ended.
    public var seeds: Int
    /// Of those, how many broke a property.
    public var failures: Int
    /// The seed that broke one last, as far as is known.
    public var lastFailure: UInt64?

    /// Makes a progress.
    public init(seeds: Int, failures: Int, lastFailure: UInt64? = nil) {
      self.seeds = seeds
      self.failures = failures
      self.lastFailure = lastFailure
    }
  }

  /// Makes a campaign.
  public init(seeds: ClosedRange<UInt64>, profile: FuzzProfile, variant: KnownBadVariant? = nil, jobs: Int = 1) {
    self.seeds = seeds
    self.profile = profile
    self.variant = variant
    self.jobs = max(1, jobs)
  }

  /// Runs the seeds in order until all have ended, too many failed, or `shouldStop` says so; seeds that have begun end.
  ///
  /// Both closures are called from the threads that work: `began` with the thread's number and the seed that it begins,
  /// `shouldStop` now and then with what was done so far.
  public func run(
    began: @escaping @Sendable (_ job: Int, _ seed: UInt64) -> Void = { _, _ in },
    shouldStop: @escaping @Sendable (Progress) -> Bool = { _ in false }
  ) -> FuzzReport {
    let shared = Shared(first: seeds.lowerBound, report: FuzzReport(profile: profile, variant: variant))
    let (last, profile, variant, mostFailures) = (seeds.upperBound, profile, variant, mostFailures)
    Workers.run(jobs) { job in
      var local = FuzzReport(profile: profile, variant: variant)
      while let chunk = shared.next(through: last, mostFailures: mostFailures, shouldStop) {
        for seed in chunk {
          began(job, seed)
          local.add(FuzzCampaign.runSeed(seed, profile, variant))
        }
        shared.add(local)
        local = FuzzReport(profile: profile, variant: variant)
      }
    }
    return shared.report.withLock { report in
      report.failures.sort { $0.seed < $1.seed }
      return report
    }
  }

  /// Runs one seed; a plan that cannot be drawn or set up is a failure like any other.
  static func runSeed(
    _ seed: UInt64, _ profile: FuzzProfile, _ variant: KnownBadVariant?
  ) -> FuzzOutcome {
    do {
      return try FuzzRun.make(FuzzPlan.draw(seed: seed, profile: profile), variant: variant).execute()
    } catch {
      return FuzzOutcome(
        seed: seed, failure: FuzzFailure(property: "a plan can be set up", details: ["\(error)"], at: .zero),
        coverage: Coverage(), events: 0, virtual: .zero, fingerprint: 0, timeline: nil)
    }
  }

  /// What the threads share.
  private final class Shared: Sendable {
    let cursor: Mutex<UInt64?>
    let report: Mutex<FuzzReport>

    init(first: UInt64, report: FuzzReport) {
      cursor = Mutex(first)
      self.report = Mutex(report)
    }

    /// The next few seeds.
    func next(
      through last: UInt64, mostFailures: Int, _ shouldStop: (Progress) -> Bool
    ) -> ClosedRange<UInt64>? {
      let progress = report.withLock {
        Progress(seeds: $0.seeds, failures: $0.failureCount, lastFailure: $0.failures.last?.seed)
      }
      if progress.failures >= mostFailures || shouldStop(progress) { return nil }
      return cursor.withLock { cursor in
        guard let first = cursor, first <= last else { return nil }
        let end = last - first < 16 ? last : first + 15
        cursor = end == .max ? nil : end + 1
        return first...end
      }
    }

    func add(_ part: FuzzReport) { report.withLock { $0.add(part) } }
  }
}

/// What a campaign came to.
public struct FuzzReport: Sendable {
  /// What the seeds drew from.
  public let profile: FuzzProfile
  /// What was wrong on purpose.
  public let variant: KnownBadVariant?
  /// How many seeds ended.
  public private(set) var seeds = 0
  /// How many simulated events took place.
  public private(set) var events: UInt64 = 0
  /// How much virtual time passed in all runs together.
  public private(set) var virtual = TimeSpan.zero
  /// What the runs reached.
  public private(set) var coverage = Coverage()
  /// The seeds that broke a property, in order.
  public internal(set) var failures: [FuzzOutcome] = []
  /// How many seeds broke a property.
  public private(set) var failureCount = 0
  /// A sum over the fingerprints of all runs: equal for equal campaigns, however many threads ran them.
  public private(set) var fingerprint: UInt64 = 0

  /// What no seed reached although the profile's troubles can lead there.
  public var unreached: [Coverage.Item] {
    let kinds = profile.weights.map(\.kind)
    return coverage.missing.filter { item in item.needs.map { kinds.contains($0) } ?? true }
  }

  mutating func add(_ outcome: FuzzOutcome) {
    seeds += 1
    events += outcome.events
    virtual = virtual + outcome.virtual
    coverage.add(outcome.coverage)
    fingerprint &+= RandomSource.mix(outcome.fingerprint ^ RandomSource.mix(outcome.seed))
    if outcome.failure != nil {
      failureCount += 1
      failures.append(outcome)
    }
  }

  mutating func add(_ part: FuzzReport) {
    seeds += part.seeds
    events += part.events
    virtual = virtual + part.virtual
    coverage.add(part.coverage)
    fingerprint &+= part.fingerprint
    failures += part.failures
    failureCount += part.failureCount
  }
}
