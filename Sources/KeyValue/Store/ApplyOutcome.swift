import Raft

/// What became of a command that was applied.
public enum ApplyOutcome: Hashable, Sendable {
  /// It was executed now, with this result.
  case executed(OperationResult)
  /// It had been executed before, with this result; nothing was done now.
  case repeated(OperationResult)
  /// Not executed: the session has moved on to a higher number, so the client no longer waits for this one. Whether
  /// an earlier attempt was executed is not remembered.
  case stale(last: SequenceNumber)
  /// Not executed: the store does not know the session, and sessions that expired had reached this number, so that
  /// an earlier attempt may have been executed. A command with a higher number opens the session anew.
  case sessionExpired(above: SequenceNumber)
  /// Not executed: another group has the key, by this routing.
  case moved(KeyRouter)
  /// Not executed: the key is still to come from the group that had it.
  case awaited
  /// Not executed: the store's state contains this position of the log already.
  case alreadyApplied(through: LogIndex)

  /// The result that the client is to have; nil when there is none.
  public var result: OperationResult? {
    switch self {
    case .executed(let result), .repeated(let result): result
    case .stale, .sessionExpired, .moved, .awaited, .alreadyApplied: nil
    }
  }
}
