import KeyValue
import Raft
import Workload

/// Checks at the end of a run that every acknowledged write took effect exactly once, and no command twice.
///
/// The host reports what clients were told (``acknowledged(_:)``) and, for one replica's order, every command that had
/// an effect (``applied(client:sequence:at:)``; a retry that the session turned away had none). Sixteen bytes are kept
/// for an acknowledged write, twenty-four for an applied one.
public struct DurabilityAudit: Sendable {
  /// A client's command.
  public struct Command: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Whose command it is.
    public var client: ClientID
    /// Its number in the client's session.
    public var sequence: SequenceNumber

    /// Orders by client, then by number.
    public static func < (left: Command, right: Command) -> Bool {
      (left.client.rawValue, left.sequence.rawValue) < (right.client.rawValue, right.sequence.rawValue)
    }

    /// The command in words.
    public var description: String { "client \(client.rawValue) command \(sequence.rawValue)" }
  }

  private struct Effect {
    var command: Command
    var index: LogIndex
  }

  /// The most commands kept of each kind; beyond it the audit cannot conclude.
  public let capacity: Int
  private var promises: ContiguousArray<Command> = []
  private var effects: ContiguousArray<Effect> = []
  private var isOverfull = false

  /// An audit of nothing yet.
  public init(capacity: Int = 1 << 26) { self.capacity = capacity }

  /// Takes a client's record into account; only writes that ended well promise anything.
  public mutating func acknowledged(_ record: OperationRecord) {
    guard case .ok = record.outcome, !record.operation.isRead else { return }
    acknowledged(client: record.client, sequence: record.sequence)
  }

  /// A client was told that its write took effect.
  public mutating func acknowledged(client: ClientID, sequence: SequenceNumber) {
    guard promises.count < capacity else { return isOverfull = true }
    promises.append(Command(client: client, sequence: sequence))
  }

  /// A command had an effect on the replica that stands for all.
  public mutating func applied(client: ClientID, sequence: SequenceNumber, at index: LogIndex) {
    guard effects.count < capacity else { return isOverfull = true }
    effects.append(Effect(command: Command(client: client, sequence: sequence), index: index))
  }

  /// What the audit found.
  public struct Result: Hashable, Sendable {
    /// How many writes were acknowledged.
    public var acknowledged: Int
    /// How many commands had an effect.
    public var applied: Int
    /// Acknowledged writes without an effect, the first few in order.
    public var lost: [Command]
    /// How many acknowledged writes had no effect.
    public var lostCount: Int
    /// Commands with more than one effect and the indices of the first two, the first few in order.
    public var repeated: [Repetition]
    /// How many commands had more than one effect.
    public var repeatedCount: Int
    /// Whether there were more commands than the audit can hold.
    public var isOverfull: Bool

    /// Fail when a write was lost or repeated; unknown when there were too many to tell.
    public var verdict: Verdict {
      // With commands left out a loss cannot be told from one that was not kept; a repetition is certain.
      if repeatedCount > 0 || (lostCount > 0 && !isOverfull) { return .fail }
      return isOverfull ? .unknown : .pass
    }

    /// The findings, a line of text each.
    public var details: [String] {
      var lines = ["\(acknowledged) writes acknowledged, \(applied) commands applied"]
      if isOverfull { return lines + ["more commands than the audit holds"] + repeated.map(\.description) }
      lines += lost.map { "lost: \($0) was acknowledged and never applied" }
      if lostCount > lost.count { lines.append("lost: \(lostCount - lost.count) more") }
      lines += repeated.map(\.description)
      if repeatedCount > repeated.count { lines.append("repeated: \(repeatedCount - repeated.count) more") }
      return lines
    }
  }

  /// A command that took effect twice.
  public struct Repetition: Hashable, Sendable, CustomStringConvertible {
    /// The command.
    public var command: Command
    /// Where it took effect first.
    public var first: LogIndex
    /// Where it took effect again.
    public var second: LogIndex

    /// The repetition in words.
    public var description: String { "repeated: \(command) was applied at \(first) and again at \(second)" }
  }

  /// Compares what was promised with what happened.
  public func result(reporting limit: Int = 10) -> Result {
    var result = Result(
      acknowledged: promises.count, applied: effects.count, lost: [], lostCount: 0, repeated: [], repeatedCount: 0,
      isOverfull: isOverfull)
    let done = effects.sorted { ($0.command, $0.index) < ($1.command, $1.index) }
    for position in done.indices.dropFirst() where done[position].command == done[position - 1].command {
      // Count a command once, however often it was repeated.
      if position >= 2, done[position - 2].command == done[position].command { continue }
      result.repeatedCount += 1
      guard result.repeated.count < limit else { continue }
      result.repeated.append(
        Repetition(command: done[position].command, first: done[position - 1].index, second: done[position].index))
    }
    var cursor = 0
    for promise in promises.sorted() {
      while cursor < done.count, done[cursor].command < promise { cursor += 1 }
      if cursor < done.count, done[cursor].command == promise { continue }
      result.lostCount += 1
      if result.lost.count < limit { result.lost.append(promise) }
    }
    return result
  }
}
