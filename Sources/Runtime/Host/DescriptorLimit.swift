import Glibc

/// How many descriptors the process may have.
enum DescriptorLimit {
  /// What is kept back for the log, its snapshots, listening sockets and connections that the node opens itself.
  private static let reserve = 64

  /// The most connections of callers: what the system allows once the limit is raised as far as it goes, less the reserve.
  static let connections: Int = {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
    if limit.rlim_cur < limit.rlim_max {
      var raised = limit
      raised.rlim_cur = limit.rlim_max
      if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
    }
    return max(1, Int(min(limit.rlim_cur, 50_000)) - reserve)
  }()
}
