import Glibc
import Raft

/// The machine's monotonic clock, which all processes of a machine share.
///
/// Hosts read it once a turn and pass the instant on: nothing below them looks at a clock.
public enum MonotonicClock {
  /// The time since the machine started, in nanoseconds.
  public static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
