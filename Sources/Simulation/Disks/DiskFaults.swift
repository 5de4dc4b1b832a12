/// What happens to writes that were under way when a machine crashed.
public enum DiskTail: Hashable, Sendable {
  /// None of them survives.
  case lost
  /// A random number of the oldest survive; the next one is torn, which recovery detects and discards.
  case torn
}

/// A moment of a durable write at which a machine can be made to crash.
public enum DiskCrashPoint: Hashable, Sendable, CaseIterable {
  /// Before a durable write starts; what the turn sends that promises nothing has left.
  case beforeWrite
  /// A durable write is on the medium, and the server has not heard of it.
  case afterWrite
  /// The server has heard of a durable write, and nothing of what follows from it has left the machine.
  case beforeMessages
}

/// How often faults of disks had an effect, over all machines since the start.
public struct DiskFaultCounts: Hashable, Sendable {
  /// Durable writes that failed.
  public internal(set) var writesFailed = 0
  /// Crashes that tore a write that was under way.
  public internal(set) var tornTails = 0
  /// Crashes that lost writes that were under way, and tore none.
  public internal(set) var lostTails = 0
  /// Bits that were flipped.
  public internal(set) var corruptions = 0
  /// Starts that were refused because of a damaged record.
  public internal(set) var corruptionsDetected = 0
  /// Torn records that a start discarded.
  public internal(set) var tornRecordsDiscarded = 0
  /// Starts that were refused because the disk was wiped.
  public internal(set) var wipedStartsRefused = 0
  /// Starts that found the disk unreadable.
  public internal(set) var unreadableStarts = 0
  /// Crashes before a durable write.
  public internal(set) var crashesBeforeWrite = 0
  /// Crashes after a durable write that the server had not heard of.
  public internal(set) var crashesAfterWrite = 0
  /// Crashes after the server heard of a durable write, before its messages left.
  public internal(set) var crashesBeforeMessages = 0

  /// The counts with their names, in the order in which they are declared.
  public var named: [(name: String, count: Int)] {
    [
      ("writes failed", writesFailed), ("torn tails", tornTails), ("lost tails", lostTails),
      ("corruptions", corruptions), ("corruptions detected", corruptionsDetected),
      ("torn records discarded", tornRecordsDiscarded), ("wiped starts refused", wipedStartsRefused),
      ("unreadable starts", unreadableStarts), ("crashes before a write", crashesBeforeWrite),
      ("crashes after a write", crashesAfterWrite), ("crashes before messages", crashesBeforeMessages),
    ]
  }

  mutating func note(_ point: DiskCrashPoint) {
    switch point {
    case .beforeWrite: crashesBeforeWrite += 1
    case .afterWrite: crashesAfterWrite += 1
    case .beforeMessages: crashesBeforeMessages += 1
    }
  }
}

/// A way for hosts to treat their disks wrongly: known-bad variants, only there to show that checkers find them.
package enum DiskDefect: Hashable, Sendable, CaseIterable {
  /// Recovery does not look at checksums: what is damaged is used.
  case ignoresChecksums
  /// Recovery drops a damaged record and everything behind it without a word.
  case dropsDamage
  /// A write that failed is taken for a completed one.
  case ignoresWriteFailures
  /// A wiped disk is set up anew under the old identity.
  case reusesIdentity
}
