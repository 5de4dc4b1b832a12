import Raft

/// A quantity that keeps its value until it changes, over the time of a run.
///
/// Before its first step it has the first value. After its last one it keeps the last value or, with a `period`, starts
/// again from the beginning.
public struct StepSeries<Value: Hashable & Sendable>: Hashable, Sendable {
  /// One step: from `at`, counted from the start of the series, the value holds.
  public struct Step: Hashable, Sendable {
    /// When the value comes into force.
    public var at: TimeSpan
    /// The value.
    public var value: Value

    /// Makes a step.
    public init(at: TimeSpan, value: Value) {
      self.at = at
      self.value = value
    }
  }

  /// The steps in order of time; the first is at zero, and neighbours differ.
  public let steps: [Step]
  /// After how long the series starts again, or nil when it does not.
  public let period: TimeSpan?

  /// A value that never changes.
  public static func constant(_ value: Value) -> StepSeries {
    StepSeries(steps: [Step(at: .zero, value: value)], period: nil)
  }

  /// Makes a series from steps in order of time; of several at one instant the last holds.
  ///
  /// Returns nil when there is no step, a step is negative or earlier than the one before it, or the period does not
  /// end after the last step.
  public init?(_ steps: [Step], period: TimeSpan? = nil) {
    guard let first = steps.first, let last = steps.last, first.at >= .zero else { return nil }
    if let period, period <= last.at { return nil }
    var kept: [Step] = []
    for step in steps {
      if let latest = kept.last {
        guard latest.at <= step.at else { return nil }
        if latest.at == step.at { kept.removeLast() }
      }
      kept.append(step)
    }
    kept[0].at = .zero
    var distinct: [Step] = []
    for step in kept where distinct.last?.value != step.value { distinct.append(step) }
    self.init(steps: distinct, period: period)
  }

  private init(steps: [Step], period: TimeSpan?) {
    self.steps = steps
    self.period = period
  }

  /// The value in force at an instant.
  public func value(at instant: Instant) -> Value { steps[index(at: offset(of: instant))].value }

  /// The next instant strictly after `instant` at which the value changes, or nil when it never does again.
  public func change(after instant: Instant) -> (at: Instant, value: Value)? {
    let offset = offset(of: instant)
    let base = instant - offset
    let next = index(at: offset) + 1
    if next < steps.count { return (base + steps[next].at, steps[next].value) }
    guard let period, steps.count > 1 else { return nil }
    let restart = base + period
    guard restart < .distantFuture else { return nil }
    // The last value may be the first one again; then the wrap itself changes nothing.
    return steps[0].value == steps[next - 1].value
      ? (restart + steps[1].at, steps[1].value) : (restart, steps[0].value)
  }

  /// The first instant at or after `instant` whose value is accepted, or nil when there is none.
  public func first(from instant: Instant, where accepts: (Value) -> Bool) -> Instant? {
    if accepts(value(at: instant)) { return instant }
    var latest = instant
    // One round through a repeating series sees every value.
    for _ in 0...steps.count {
      guard let change = change(after: latest) else { return nil }
      if accepts(change.value) { return change.at }
      latest = change.at
    }
    return nil
  }

  private func offset(of instant: Instant) -> TimeSpan {
    let elapsed = max(instant.nanoseconds, 0)
    return TimeSpan(nanoseconds: period.map { elapsed % $0.nanoseconds } ?? elapsed)
  }

  /// The last step at or before the offset.
  private func index(at offset: TimeSpan) -> Int {
    var low = 0
    var high = steps.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if steps[middle].at <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

/// The price of a market over the time of a run.
public typealias PriceSeries = StepSeries<HourlyRate>
