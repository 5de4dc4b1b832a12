import Emulation
import Raft

/// Something that breaks or changes, and when.
public struct TimedFault: Hashable, Sendable {
  /// When it strikes.
  public var timing: Timing
  /// What strikes.
  public var fault: Fault

  /// When a fault strikes, counted from the start of the run.
  public enum Timing: Hashable, Sendable {
    /// Once.
    case once(at: TimeSpan)
    /// At `from` and every `period` after it, before `until`; nil means: before the end of the run.
    case every(period: TimeSpan, from: TimeSpan, until: TimeSpan?)
  }

  /// Makes a timed fault.
  public init(timing: Timing, fault: Fault) {
    self.timing = timing
    self.fault = fault
  }

  /// The moments at which the fault strikes in a run of a given length, in order.
  public func times(within duration: TimeSpan) -> [TimeSpan] {
    switch timing {
    case .once(let moment): return moment <= duration ? [moment] : []
    case .every(let period, let from, let until):
      let end = min(until ?? duration, duration)
      return Array(stride(from: from.nanoseconds, to: end.nanoseconds, by: Int(period.nanoseconds)))
        .map(TimeSpan.nanoseconds)
    }
  }
}

/// What can break or change.
public enum Fault: Hashable, Sendable {
  /// The target loses its memory and what its disk had not made durable; it starts again after a while, or not.
  case crash(Target, restartAfter: TimeSpan?)
  /// The target, which is down, starts again.
  case restart(Target)
  /// The target stands still and goes on later, as after a long stall of its machine.
  case pause(Target, for: TimeSpan)
  /// Messages between parts of the network are lost, for a while or until healed.
  case partition(Partition, for: TimeSpan?)
  /// All partitions and changed links are as at the start again.
  case heal
  /// Links change, for a while or until healed.
  case link(LinkPatch, for: TimeSpan?)
  /// The leader hands its leadership to the target.
  case transfer(to: Target)
  /// A new node joins the group at a site.
  case add(site: String, as: Membership)
  /// The target leaves the group.
  case remove(Target)
  /// The target, a learner, becomes a voter.
  case promote(Target)
  /// The target's clock runs fast (positive) or slow (negative) by a fraction, for a while or for good.
  case clock(Target, error: Double, for: TimeSpan?)
  /// The target's disk misbehaves, for a while or for good.
  case disk(Target, DiskFault, for: TimeSpan?)

  /// The target, a secretary or an observer, loses its instance; its node is told this long before.
  case revoke(Target, notice: TimeSpan)

  /// What a new node becomes.
  public enum Membership: String, Hashable, Sendable, CaseIterable {
    /// A member that has a vote.
    case voter
    /// A member that receives the log and does not vote.
    case learner
  }

  /// The kinds, as the keys that a spec names them by.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case crash, restart, pause, partition, heal, link, transfer, add, remove, promote, clock, disk, revoke

    /// What the kind does, in one sentence.
    public var summary: String {
      switch self {
      case .crash: "the target loses its memory and what its disk had not made durable"
      case .restart: "the target, which is down, starts again"
      case .pause: "the target stands still and goes on later"
      case .partition: "messages between parts of the network are lost"
      case .heal: "all partitions and changed links are as at the start again"
      case .link: "links change their delay, jitter, loss, duplication, bandwidth or order"
      case .transfer: "the leader hands its leadership to the target"
      case .add: "a new node joins the group at a site"
      case .remove: "the target leaves the group"
      case .promote: "the target, a learner, becomes a voter"
      case .clock: "the target's clock runs fast or slow"
      case .disk: "the target's disk misbehaves"
      case .revoke: "the target, a secretary or an observer, loses its instance"
      }
    }
  }

  /// The fault's kind.
  public var kind: Kind {
    switch self {
    case .crash: .crash
    case .restart: .restart
    case .pause: .pause
    case .partition: .partition
    case .heal: .heal
    case .link: .link
    case .transfer: .transfer
    case .add: .add
    case .remove: .remove
    case .promote: .promote
    case .clock: .clock
    case .disk: .disk
    case .revoke: .revoke
    }
  }

  /// How long the fault lasts before it undoes itself; nil when it does not.
  public var span: TimeSpan? {
    switch self {
    case .crash(_, let span), .partition(_, let span), .link(_, let span), .clock(_, _, let span),
      .disk(_, _, let span):
      span
    case .pause(_, let span): span
    case .restart, .heal, .transfer, .add, .remove, .promote, .revoke: nil
    }
  }
}

/// Which messages a partition loses.
public enum Partition: Hashable, Sendable {
  /// Those from one part to another; what no part names can talk to all.
  case groups([[Target]])
  /// Those from the first targets to the second; the way back stays open.
  case oneWay(from: [Target], to: [Target])
}

/// How a disk misbehaves.
public enum DiskFault: Hashable, Sendable {
  /// Every durable write takes this much longer.
  case slow(by: TimeSpan)
  /// No write becomes durable while it lasts.
  case stall
  /// At the next crash the last write that was under way is cut in its middle.
  case tornTail
  /// At the next crash writes that were under way are lost, whichever they are.
  case lostTail
  /// Reading the disk at the next restart fails.
  case readError

  /// The words that specs name disk faults by.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case slow, stall, tornTail = "torn-tail", lostTail = "lost-tail", readError = "read-error"
  }

  /// The fault's kind.
  public var kind: Kind {
    switch self {
    case .slow: .slow
    case .stall: .stall
    case .tornTail: .tornTail
    case .lostTail: .lostTail
    case .readError: .readError
    }
  }
}
