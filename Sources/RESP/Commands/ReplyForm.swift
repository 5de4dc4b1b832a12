/// How an operation's result is to be shown.
public enum ReplyForm: UInt8, Hashable, Sendable {
  /// As the result's own kind: a value, a number, `OK`, or an array of values.
  case natural
  /// `OK`, or nil when the condition did not hold.
  case okOrNil
  /// 1, or 0 when it was not done.
  case flag
  /// What the key held before.
  case oldValue
}
