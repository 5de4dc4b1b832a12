import Driver
import Experiment
import Fuzzing
import Raft
import Synchronization
import Traces
import Verification

/// How far a sweep has come.
struct SweepProgress: Hashable {
  /// Runs that have ended.
  var ended: Int
  /// All runs.
  var total: Int
  /// Runs that failed or broke a check.
  var failed: Int
  /// How much of the runs has been made, as a share of one; all runs count the same.
  var share: Double
}

/// What became of one run of a sweep.
enum SweepResult {
  /// It went on to its end.
  case complete(SweepMeasures)
  /// It was ended early, and its traces hold what was done until then.
  case cutShort
  /// It could not be made.
  case failed(SweepChoiceValues, reason: String)
  /// It never began.
  case notBegun

  /// The row of the table; only runs that say something about their values have one.
  func row(named name: String) -> SweepTable.Row? {
    switch self {
    case .complete(let measures): SweepTable.Row(run: name, values: measures.values, measures: measures)
    case .failed(let values, _): SweepTable.Row(run: name, values: values, measures: nil)
    case .cutShort, .notBegun: nil
    }
  }
}

/// The values of a run as texts, one per axis.
typealias SweepChoiceValues = [String]

/// Makes the runs of a sweep on several threads, each a whole run in a directory of its own.
struct SweepExecution {
  let sweep: LoadedSweep
  let directory: String
  let jobs: Int
  /// The names of the runs' directories, in the order of the runs.
  let names: [String]

  init(sweep: LoadedSweep, directory: String, jobs: Int) {
    self.sweep = sweep
    self.directory = directory
    self.jobs = jobs
    names = SweepNaming.names(of: sweep)
  }

  private struct State {
    var next = 0
    var results: [Int: SweepResult] = [:]
    /// How far the runs under way have come, by worker, as shares of one.
    var underWay: [Int: Double] = [:]
    var failed = 0
  }

  /// Makes all runs and gives what became of them, in the order of the runs.
  func run(
    isInterrupted: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (SweepProgress) -> Void
  ) -> [SweepResult] {
    let state = SharedState(State())
    let count = sweep.runs.count
    Workers.run(min(jobs, count)) { [self] worker in
      while !isInterrupted() {
        let number = state.value.withLock { state in
          defer { state.next += 1 }
          return state.next
        }
        guard number < count else { return }
        let result = make(
          number, isInterrupted: isInterrupted,
          passed: { share in
            progress(
              state.value.withLock { state in
                state.underWay[worker] = share
                return Self.progress(of: state, count: count)
              })
          })
        progress(
          state.value.withLock { state in
            state.results[number] = result
            state.underWay[worker] = nil
            if result.isBad { state.failed += 1 }
            return Self.progress(of: state, count: count)
          })
      }
    }
    return state.value.withLock { state in (0..<count).map { state.results[$0] ?? .notBegun } }
  }

  private static func progress(of state: State, count: Int) -> SweepProgress {
    let passed = Double(state.results.count) + state.underWay.values.reduce(0, +)
    return SweepProgress(
      ended: state.results.count, total: count, failed: state.failed, share: min(passed / Double(count), 1))
  }

  private func make(
    _ number: Int, isInterrupted: () -> Bool, passed: (_ share: Double) -> Void
  ) -> SweepResult {
    let item = sweep.runs[number]
    let values = item.choices.map(\.label)
    do {
      let run = try ExperimentRun(item.spec, directory: "\(directory)/\(names[number])")
      let outcome = try run.run(
        isInterrupted: isInterrupted, progress: { passed($0.total > .zero ? $0.done.seconds / $0.total.seconds : 1) })
      guard outcome.isComplete || outcome.report.verdict == .fail else { return .cutShort }
      return .complete(try SweepMeasures(outcome, values: values))
    } catch {
      return .failed(values, reason: "\(error)")
    }
  }
}

extension SweepResult {
  /// Whether the run failed or broke a check.
  var isBad: Bool {
    switch self {
    case .complete(let measures): measures.verdict == .fail
    case .failed: true
    case .cutShort, .notBegun: false
    }
  }
}

/// Lets threads share a lock; a mutex itself cannot be captured.
private final class SharedState<Value>: Sendable {
  let value: Mutex<Value>

  init(_ value: sending Value) { self.value = Mutex(value) }
}
