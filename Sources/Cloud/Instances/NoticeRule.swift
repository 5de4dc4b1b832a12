import Raft

/// What a provider says before it takes an instance back. Both signals are best effort.
public struct NoticeRule: Hashable, Sendable {
  /// A signal that may be lost on its way.
  public struct Signal: Hashable, Sendable {
    /// How long before what it announces it is sent.
    public var lead: TimeSpan
    /// The probability, in 0 ... 1, that it is not sent at all.
    public var lost: Double

    /// Makes a signal.
    public init(lead: TimeSpan, lost: Double = 0) {
      self.lead = lead
      self.lost = lost
    }
  }

  /// The notice of termination; its lead counts back from the kill. Nil: the kill comes unannounced.
  public var notice: Signal?
  /// The rebalance recommendation, a sign of a raised risk; its lead counts back from the instant of the notice (also
  /// of a lost one), or from the kill when the provider gives no notice. Nil: none is sent.
  public var rebalance: Signal?

  /// Makes a rule.
  public init(notice: Signal?, rebalance: Signal? = nil) {
    self.notice = notice
    self.rebalance = rebalance
  }

  /// No word before the kill.
  public static let none = NoticeRule(notice: nil)
  /// AWS: two minutes, best effort (EC2 user guide, "Spot Instance interruption notices").
  public static let aws = NoticeRule(notice: Signal(lead: .seconds(120)))
  /// GCP: 30 seconds between ACPI G2 and G3.
  public static let gcp = NoticeRule(notice: Signal(lead: .seconds(30)))
  /// Azure: at least 30 seconds (scheduled event `Preempt`).
  public static let azure = NoticeRule(notice: Signal(lead: .seconds(30)))

  /// How long before a kill the provider must have made up its mind.
  var horizon: TimeSpan { (notice?.lead ?? .zero) + (rebalance?.lead ?? .zero) }

  /// What is wrong with the rule, or nil: leads lie in 0 ... 1 day, probabilities in 0 ... 1.
  var fault: String? {
    for (name, signal) in [("notice", notice), ("rebalance signal", rebalance)] {
      guard let signal else { continue }
      if signal.lead < .zero || signal.lead > .seconds(86_400) {
        return "the \(name)'s lead is \(signal.lead); it must lie in 0s ... 86400s"
      }
      if !(signal.lost >= 0 && signal.lost <= 1) {
        return "the probability that a \(name) is lost is \(signal.lost); it must lie in 0 ... 1"
      }
    }
    return nil
  }
}
