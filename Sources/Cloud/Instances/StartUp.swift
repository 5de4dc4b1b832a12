import Raft

/// How long it takes until a requested instance is of use.
public struct StartUp: Hashable, Sendable {
  /// From the request until the instance exists; not billed.
  public var pending: TimeSpan
  /// From then until its node can work; billed, and revocable.
  public var boot: TimeSpan

  /// Makes a delay.
  public init(pending: TimeSpan, boot: TimeSpan) {
    self.pending = pending
    self.boot = boot
  }

  /// At once.
  public static let immediate = StartUp(pending: .zero, boot: .zero)

  /// What is wrong with the delays, or nil: both lie in 0 ... 1 day.
  var fault: String? {
    let allowed = TimeSpan.zero...TimeSpan.seconds(86_400)
    if !allowed.contains(pending) { return "pending is \(pending); it must lie in 0s ... 86400s" }
    return allowed.contains(boot) ? nil : "boot is \(boot); it must lie in 0s ... 86400s"
  }
}
