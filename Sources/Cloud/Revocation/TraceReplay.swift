import Raft

/// `trace`: replays what a market did once. Time zero of the trace is time zero of the run.
public enum TraceReplay: Hashable, Sendable {
  /// Whether an instance could be had (true) or not; every instance of the market dies when it becomes false.
  ///
  /// Such a trace answers "could I get one?", which is not quite "was mine taken?".
  case availability(StepSeries<Bool>)
  /// How many instances somebody else's fleet had, and how that is applied to ours.
  case counts(StepSeries<Int>, CountRule)
}

/// What a recorded count of instances means for a fleet of another size.
///
/// The provider decides about a fall as long before it as the market's leads ask for, and chooses among what runs then;
/// what is launched between the decision and the fall, and is too much, dies unannounced.
public enum CountRule: String, Hashable, Sendable, CaseIterable {
  /// The count is the market's capacity: whatever runs above it dies, and nothing is given out at or above it.
  case capacity
  /// A fall from n to m takes the share (n - m) / n of what runs (rounded up or down at random so that the mean is
  /// right); nothing is given out while the count is zero.
  case share
}
