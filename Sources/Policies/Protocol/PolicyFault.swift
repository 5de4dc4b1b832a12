/// Why a policy gave no answer for an epoch. The run goes on as if it had proposed nothing.
public enum PolicyFault: Error, Hashable, Sendable {
  /// The command could not be started; the system's words.
  case notStarted(String)
  /// No whole answer came within the limit, in milliseconds.
  case timedOut(milliseconds: Int)
  /// The command ended by itself, with this exit code, or killed by this signal.
  case ended(ProcessEnd, lastWords: String)
  /// The answer was longer than the limit, in bytes.
  case answerTooLong(limit: Int)
  /// The answer is no list of actions.
  case badAnswer(ActionDecodingError)
  /// The command used up its restart and failed again; it will not be asked any more.
  case leftOff

  /// How a process ended.
  public enum ProcessEnd: Hashable, Sendable {
    /// With an exit code.
    case exit(code: Int32)
    /// By a signal.
    case signal(Int32)
  }
}

extension PolicyFault: CustomStringConvertible {
  /// What went wrong, in one line.
  public var description: String {
    switch self {
    case .notStarted(let words): "the policy's command could not be started: \(words)"
    case .timedOut(let milliseconds): "the policy's command gave no answer within \(milliseconds) ms"
    case .ended(.exit(let code), let words): "the policy's command ended with exit code \(code)\(Self.quoted(words))"
    case .ended(.signal(let number), let words):
      "the policy's command was ended by signal \(number)\(Self.quoted(words))"
    case .answerTooLong(let limit): "the policy's answer is longer than \(limit) bytes; expected one line"
    case .badAnswer(let error): "the policy's answer is of no use: \(error)"
    case .leftOff: "the policy's command failed again after its restart; it is not asked any more"
    }
  }

  private static func quoted(_ words: String) -> String { words.isEmpty ? "" : "; it said: \(words)" }
}
