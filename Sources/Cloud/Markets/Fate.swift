import Raft

/// What only the provider knows about an instance.
struct Fate: Sendable {
  /// The place of its market in the settings.
  let market: Int
  /// Whether the signals are lost on their way to it, drawn once, at its launch.
  var noticeIsLost = false
  var rebalanceIsLost = false
  /// When and why it will be killed, as decided so far.
  var sentence: Sentence?
  var random: RandomSource

  init(market: Int, random: RandomSource) {
    self.market = market
    self.random = random
  }

  /// A decided revocation and when it is announced; nil where it is not.
  struct Sentence: Hashable, Sendable {
    var kill: Instant
    var cause: RevocationCause
    var notice: Instant?
    var rebalance: Instant?
  }

  /// Draws what is drawn at the launch, always the same number of times.
  mutating func drawSignals(_ rule: NoticeRule) {
    noticeIsLost = random.nextBool(probability: rule.notice?.lost ?? 0)
    rebalanceIsLost = random.nextBool(probability: rule.rebalance?.lost ?? 0)
  }

  /// Plans the announcements of a kill that is decided at `now`.
  ///
  /// A signal comes late, at once, when its lead does not fit any more; at the instant of the kill none is sent.
  func sentence(kill: Instant, cause: RevocationCause, rule: NoticeRule, now: Instant) -> Sentence {
    func time(_ instant: Instant) -> Instant? {
      let time = max(now, instant)
      return time < kill ? time : nil
    }
    let due = kill - (rule.notice?.lead ?? .zero)
    return Sentence(
      kill: kill, cause: cause,
      notice: rule.notice == nil || noticeIsLost ? nil : time(due),
      rebalance: rule.rebalance.flatMap { rebalanceIsLost ? nil : time(due - $0.lead) })
  }
}

/// What a market has given out as spot instances, and its draws.
struct Pool: Sendable {
  /// The running ones, in order of their launch.
  var running: [InstanceID] = []
  /// Until when it gives out nothing after a shock.
  var droughtEnd: Instant = .zero
  var random: RandomSource

  init(random: RandomSource) { self.random = random }
}
