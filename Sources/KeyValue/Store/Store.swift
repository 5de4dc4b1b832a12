import Raft

/// The replicated state machine: keys and values, and the sessions that make commands take effect exactly once
/// (Raft thesis, 6.3).
///
/// A store is a value. A copy taken is a consistent state of one moment that later commands do not change; the two
/// share their storage until one of them is written to. Two stores that applied the same commands at the same
/// positions are equal in every respect, expiry of sessions included.
///
/// A client's first command opens its session. Clients send commands with rising numbers, one at a time, and repeat
/// a command with its number until they have its result or give up on it. Commands of ``ClientID/sessionless`` open no
/// session and are executed as often as they are applied.
public struct Store: Sendable {
  /// A value and the hash of its entry.
  struct Slot: Sendable {
    var value: Value
    var hash: UInt64
  }

  /// The bounds, equal on all replicas.
  public let limits: StoreLimits
  /// The position of the last command that was applied.
  public internal(set) var appliedIndex: LogIndex
  var slots: [Key: Slot] = [:]
  var sessions: SessionTable
  /// The group's share of the keys; nil while it has all that it is asked for.
  var shard: Shard?
  /// The sum of the entries' hashes.
  var hashSum: UInt64 = 0

  /// An empty store.
  public init(limits: StoreLimits = StoreLimits()) {
    self.init(limits: limits, appliedIndex: .zero, watermark: SequenceNumber(0))
  }

  init(limits: StoreLimits, appliedIndex: LogIndex, watermark: SequenceNumber) {
    self.limits = limits
    self.appliedIndex = appliedIndex
    sessions = SessionTable(capacity: limits.sessions, watermark: watermark)
  }

  /// How many keys have a value.
  public var keyCount: Int { slots.count }
  /// How many sessions are remembered.
  public var sessionCount: Int { sessions.count }
  /// The highest number that an expired session had reached; commands of unknown clients must be above it.
  public var expiryWatermark: SequenceNumber { sessions.watermark }

  /// Applies the command at a position of the log. Positions rise; those without a command are left out.
  public mutating func apply(_ command: Command, at index: LogIndex) -> ApplyOutcome {
    guard index > appliedIndex else { return .alreadyApplied(through: appliedIndex) }
    appliedIndex = index
    switch sessions.admission(of: command.client, command.sequence) {
    case .fresh:
      switch place(of: command.operation) {
      case .here: break
      case .moved(let router): return .moved(router)
      case .awaited: return .awaited
      }
      let result = execute(command.operation)
      sessions.remember(command.client, command.sequence, result, at: index)
      return .executed(result)
    case .repeated(let result):
      sessions.touch(command.client, at: index)
      return .repeated(result)
    case .stale(let last):
      return .stale(last: last)
    case .expired(let watermark):
      return .sessionExpired(above: watermark)
    }
  }

  #if Mutants
    /// Applies a command although it may have been applied before: a known-bad variant for checking the checkers.
    package mutating func applyRepeatedly(_ command: Command, at index: LogIndex) -> ApplyOutcome {
      guard index > appliedIndex else { return .alreadyApplied(through: appliedIndex) }
      appliedIndex = index
      let result = execute(command.operation)
      sessions.remember(command.client, command.sequence, result, at: index)
      return .executed(result)
    }
  #endif

  /// Applies an encoded command; throws, and leaves the state as it is, when the bytes are no command.
  public mutating func apply(_ bytes: [UInt8], at index: LogIndex) throws(CodingError) -> ApplyOutcome {
    apply(try Command(decoding: bytes), at: index)
  }

  /// The value of a key in this state; nil when the key is absent.
  public func read(_ key: Key) -> Value? { slots[key]?.value }

  /// What applying a command would answer without executing it; nil when it would be executed. A leader may answer
  /// a retry with it at once, since everything applied is committed.
  public func recall(_ client: ClientID, _ sequence: SequenceNumber) -> ApplyOutcome? {
    switch sessions.admission(of: client, sequence) {
    case .fresh: nil
    case .repeated(let result): .repeated(result)
    case .stale(let last): .stale(last: last)
    case .expired(let watermark): .sessionExpired(above: watermark)
    }
  }

  /// The keys in order, each with its value. Sorts; meant for checks and not for the path of a request.
  public var sortedContents: [(key: Key, value: Value)] {
    slots.keys.sorted().map { ($0, slots[$0]?.value ?? []) }
  }
}
