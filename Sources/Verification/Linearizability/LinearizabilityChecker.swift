import KeyValue

/// Checks whether a history of key-value operations is linearizable (Herlihy, Wing: Linearizability, 1990).
///
/// A history is linearizable when each key's part of it is, so keys are checked one by one. An operation of unknown
/// outcome may take effect at any time after its invocation, also after its client's next operations, or never; one
/// that never does is one that no order needs. Operations of which one returned in the very nanosecond in which the
/// other was invoked count as concurrent, which can hide a violation but never invents one; those of one client come
/// in the order of its sequence numbers.
///
/// The search is bounded in time and memory. Beyond its ``Limits`` the verdict is unknown.
public struct LinearizabilityChecker: Sendable {
  /// How far a search may go before it is given up.
  public struct Limits: Hashable, Sendable {
    /// The most operations placed for one key, taken back ones included, beyond eight for each operation; 64 times as
    /// many may be looked at for it.
    public var stepsPerKey = 20_000_000
    /// The most operations placed for all keys together, taken back ones included.
    public var steps = 400_000_000
    /// The most that is remembered for one key: configurations and states that the search discovers, of 100 to 350
    /// bytes each. A configuration counts once more for every 512 operations of unknown outcome that the key has.
    public var configurations = 4_000_000

    /// Beyond any number of steps that a search could take, and far from what would overflow.
    static let most = 1 << 48

    /// The documented defaults.
    public init() {}
  }

  /// How far a search may go.
  public var limits: Limits

  /// Makes a checker.
  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Checks a history. A violation outweighs keys that were given up; keys are taken in the order of their first
  /// appearance, and the first violation is reported.
  public func check(_ history: borrowing History) -> LinearizabilityReport {
    let (places, starts) = partition(history)
    var search = KeySearch(valueCount: history.values.strings.count)
    var reason: LinearizabilityVerdict.UnknownReason?
    for key in 0..<history.keyCount where starts[key] < starts[key + 1] {
      let slice = places[starts[key]..<starts[key + 1]]
      let name = Key(history.keys.strings[key])
      search.key.load(slice, key: key, of: history)
      let left = min(limits.steps, Limits.most) - search.steps
      let limit = min(left, min(limits.stepsPerKey, Limits.most) + 8 * slice.count)
      switch limit > 0 ? search.run(stepLimit: limit, configurationLimit: limits.configurations) : .outOfSteps {
      case .linearizable: break
      case .violation:
        return LinearizabilityReport(
          verdict: .violation(violation(of: search, key: name, operations: slice.count, in: history)),
          counts: history.counts, steps: search.steps)
      case .outOfSteps:
        reason = reason ?? .steps(key: name, limit: limit > 0 ? limit : limits.steps)
        // Without steps left no other key can be looked at either.
        if left <= 0 {
          return LinearizabilityReport(verdict: .unknown(reason!), counts: history.counts, steps: search.steps)
        }
      case .outOfConfigurations:
        reason = reason ?? .configurations(key: name, limit: limits.configurations)
      }
    }
    return LinearizabilityReport(
      verdict: reason.map { .unknown($0) } ?? .linearizable, counts: history.counts, steps: search.steps)
  }

  /// The operations' places grouped by key, in their order within a key, and where each key's group begins.
  private func partition(_ history: borrowing History) -> (places: ContiguousArray<Int32>, starts: [Int]) {
    var starts = [Int](repeating: 0, count: history.keyCount + 1)
    for operation in history.operations { starts[Int(operation.key) + 1] += 1 }
    for key in 0..<history.keyCount { starts[key + 1] += starts[key] }
    var free = starts
    var places = ContiguousArray(repeating: Int32(0), count: history.operations.count)
    for (place, operation) in history.operations.enumerated() {
      places[free[Int(operation.key)]] = Int32(place)
      free[Int(operation.key)] += 1
    }
    return (places, starts)
  }

  private func violation(
    of search: borrowing KeySearch, key: Key, operations: Int, in history: borrowing History
  ) -> LinearizabilityViolation {
    let end = search.best
    func words(_ list: ContiguousArray<Int32>, _ places: ContiguousArray<Int32>, _ history: borrowing History)
      -> [String]
    {
      var lines: [String] = []
      for operation in list {
        lines.append(StepText.text(of: history.operations[Int(places[Int(operation)])], in: history))
      }
      return lines
    }
    return LinearizabilityViolation(
      key: key, operations: operations, longestPrefix: end.placed,
      lastPlaced: words(end.last, search.key.places, history),
      state: state(at: end, of: search.key, in: history), stuck: words(end.stuck, search.key.places, history))
  }

  /// What the key holds at a dead end, in words. A state may stand for many values; then the operation that left it
  /// knows which it is.
  private func state(
    at end: borrowing KeySearch.DeadEnd, of key: borrowing KeyOperations, in history: borrowing History
  ) -> String {
    if end.writer >= 0 {
      switch history.operations[Int(key.places[Int(end.writer)])].step {
      case .write(let value), .exchange(_, let value): return StepText.text(of: value, in: history)
      default: break
      }
    }
    return key.table.text(of: end.state, in: history) ?? "a value that nobody expects"
  }
}
