import Policies
import Raft

/// `external`: a policy in any language. A command reads one observation a line as JSON from its standard input and
/// answers each with its actions, a JSON list on one line, on its standard output.
///
/// The simulation waits for the answer, in wall-clock time, up to ``Settings/timeout``. What goes wrong is a
/// ``PolicyFault`` of that epoch, the epoch has no actions, and the run goes on:
///
/// * no answer in time, an answer that is too long or that ``ActionJSON`` does not take: after the third such epoch in
///   a row the command is killed, and started again for the next epoch;
/// * a command that has ended or cannot be started is started again for the next epoch;
/// * there is one restart in a run. When it is used up and either happens again, the command is left off: no more
///   epochs are sent to it, and ``PolicyFault/leftOff`` is the last fault.
///
/// Standard error is read and forgotten but for its last line, which is told when the command ends. The command and all
/// that it started end with this object.
///
/// A run with an external policy can be repeated only as far as the command answers alike and in time.
public final class ExternalPolicy: MembershipPolicy {
  /// The name that specs use.
  public static let name = "external"
  /// What it does, in one line.
  public static let summary = "asks a command: an observation a line of JSON in, its actions a line of JSON out"

  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// The command and its arguments; it is looked up in `PATH`.
    public var command: [String]
    /// How long an answer may take; by default 5 s.
    public var timeout: TimeSpan
    /// How many epochs to come the command is told about; by default none.
    public var foresight: Foresight
    /// The longest answer that is read, in bytes; by default ``ActionJSON/longestAnswer``.
    public var longestAnswer: Int

    /// Makes settings.
    public init(
      command: [String], timeout: TimeSpan = .seconds(5), foresight: Foresight = .epochs(0),
      longestAnswer: Int = ActionJSON.longestAnswer
    ) {
      self.command = command
      self.timeout = timeout
      self.foresight = foresight
      self.longestAnswer = longestAnswer
    }
  }

  /// Epochs in a row without a useful answer after which the command is started again.
  public static let patience = 3

  private enum State {
    case toStart
    case atWork(Conversation)
    case leftOff
  }

  /// The settings.
  public let settings: Settings
  private var state = State.toStart
  private var hasRestarted = false
  private var failuresInARow = 0
  private var faults: [PolicyFault] = []

  /// Makes the policy; the command starts with the first observation.
  public init(_ settings: Settings) { self.settings = settings }

  deinit {
    if case .atWork(let conversation) = state { conversation.end() }
  }

  /// As the settings say.
  public var foresight: Foresight { settings.foresight }

  /// What the command answers; nothing when it does not answer.
  public func decide(_ observation: Observation) -> [ProposedAction] {
    do {
      guard let conversation = try conversation() else { return [] }
      let milliseconds = max(1, Int(settings.timeout.nanoseconds / 1_000_000))
      let answer = try conversation.ask(ObservationJSON.encode(observation), milliseconds: milliseconds)
      let actions = try Self.decoded(answer, in: observation)
      failuresInARow = 0
      return actions
    } catch {
      record(error)
      return []
    }
  }

  /// What went wrong since the last call.
  public func takeFaults() -> [PolicyFault] {
    defer { faults.removeAll() }
    return faults
  }

  /// The command at work, started when need be; nil when it has been left off.
  private func conversation() throws(PolicyFault) -> Conversation? {
    switch state {
    case .leftOff: return nil
    case .atWork(let conversation): return conversation
    case .toStart:
      let conversation = try Conversation(settings.command, longestLine: settings.longestAnswer)
      state = .atWork(conversation)
      return conversation
    }
  }

  private static func decoded(
    _ answer: [UInt8], in observation: Observation
  ) throws(PolicyFault) -> [ProposedAction] {
    do {
      return try ActionJSON.decode(answer, in: observation)
    } catch {
      throw .badAnswer(error)
    }
  }

  private func record(_ fault: PolicyFault) {
    faults.append(fault)
    failuresInARow += 1
    switch fault {
    case .ended, .notStarted: break
    case .timedOut, .answerTooLong, .badAnswer, .leftOff: if failuresInARow < Self.patience { return }
    }
    if case .atWork(let conversation) = state { conversation.end() }
    failuresInARow = 0
    if hasRestarted {
      faults.append(.leftOff)
      state = .leftOff
    } else {
      hasRestarted = true
      state = .toStart
    }
  }
}
