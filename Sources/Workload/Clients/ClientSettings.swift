import Raft

/// How clients ask, wait and retry.
public struct ClientSettings: Hashable, Sendable {
  /// How long an attempt waits for its answer before the next one is made; positive.
  public var attemptTimeout: TimeSpan = .seconds(1)
  /// How long after its intended start an operation is given up; positive.
  public var operationDeadline: TimeSpan = .seconds(10)
  /// The most attempts of one operation; at least 1.
  public var maximumAttempts = 64
  /// The pause after the first refusal; doubles with each further one of the operation. Positive.
  public var firstBackoff: TimeSpan = .milliseconds(10)
  /// The longest pause after a refusal; not shorter than the first.
  public var longestBackoff: TimeSpan = .milliseconds(500)
  /// The sessions of one site in an open loop, in 1 ... ``SiteClients/maximumSessions``: so many operations are under
  /// way at most, further ones wait in the queue.
  public var openLoopSessions = 1_024
  /// The most operations of an open loop that wait for a session; one more fails at once. In 1 ... 2^24.
  public var queueLimit = 100_000
  /// The most keys that a scan reads; their number is uniform from 1. In 1 ... 1,000.
  public var longestScan = 10
  /// Whom linearizable reads ask.
  public var linearizableReads = ReadRouting.leader
  /// How long a server that did not answer in time is passed over when another one will do; not negative.
  public var serverAvoidance: TimeSpan = .seconds(2)
  /// Whether a refusal proves that the attempt has no effect. False where the network may deliver a request twice:
  /// then the copy may take effect after the refusal, and a write that was sent never counts as failed.
  public var trustsRefusals = true

  /// Whom linearizable reads ask.
  public enum ReadRouting: String, Hashable, Sendable, CaseIterable {
    /// The server believed to lead.
    case leader
    /// The nearest server, which asks the leader for a read index.
    case nearest
  }

  /// The settings that may be out of range.
  public enum Name: String, Hashable, Sendable {
    case attemptTimeout, operationDeadline, maximumAttempts, firstBackoff, longestBackoff, openLoopSessions, queueLimit
    case longestScan, serverAvoidance
  }

  /// The documented defaults.
  public init() {}

  func validate() throws(LoadError) {
    guard attemptTimeout > .zero else { throw .badSetting(.attemptTimeout) }
    guard operationDeadline > .zero else { throw .badSetting(.operationDeadline) }
    guard maximumAttempts >= 1 else { throw .badSetting(.maximumAttempts) }
    guard firstBackoff > .zero else { throw .badSetting(.firstBackoff) }
    guard longestBackoff >= firstBackoff else { throw .badSetting(.longestBackoff) }
    guard (1...SiteClients.maximumSessions).contains(openLoopSessions) else { throw .badSetting(.openLoopSessions) }
    guard (1...1 << 24).contains(queueLimit) else { throw .badSetting(.queueLimit) }
    guard (1...1_000).contains(longestScan) else { throw .badSetting(.longestScan) }
    guard serverAvoidance >= .zero else { throw .badSetting(.serverAvoidance) }
  }
}
