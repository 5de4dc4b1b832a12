import Experiment
import Raft

/// Two clocks of a run: that of the world, whose times stand in traces, and that of markets and policies.
///
/// They differ only where epochs are sampled: then the world goes through the beginning of each epoch, and the markets
/// through all of it.
struct RunClock {
  let sampling: Sampling?

  /// The world's time for a moment of the run; a moment that is not simulated is that of the end of its epoch's part.
  func world(_ moment: TimeSpan) -> TimeSpan {
    guard let sampling else { return moment }
    let epochs = moment.nanoseconds / sampling.epoch.nanoseconds
    let within = min(TimeSpan(nanoseconds: moment.nanoseconds % sampling.epoch.nanoseconds), sampling.window)
    return sampling.window * epochs + within
  }

  /// The markets' time for a moment of the world.
  func market(_ now: Instant) -> Instant {
    guard let sampling else { return now }
    let windows = now.nanoseconds / sampling.window.nanoseconds
    return .zero + sampling.epoch * windows + TimeSpan(nanoseconds: now.nanoseconds % sampling.window.nanoseconds)
  }

  /// The world's time of an event of the markets.
  func world(_ at: Instant) -> Instant { .zero + world(at - .zero) }
}
