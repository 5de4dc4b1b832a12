import Glibc

/// The processor time of the calling thread, which other load on the machine does not lengthen as it does wall time.
enum ThreadClock {
  /// Seconds of processor time that the thread has used.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The processor time that `body` takes, in seconds.
  static func measure(_ body: () -> Void) -> Double {
    let start = seconds
    body()
    return seconds - start
  }
}

extension [Double] {
  /// The middle value; the upper one of two. Zero when there is none.
  var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}
