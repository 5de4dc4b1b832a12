/// Which of a node's writes are durable, and the promises that wait for them.
///
/// Every promise passes through one gate: it leaves when all writes issued before it are durable (traps 28, 29, 32).
@usableFromInline
struct WriteTracker: Sendable {
  /// The last write issued.
  private(set) var issued = WriteSequence(0)
  /// The last write known to be durable.
  private(set) var completed = WriteSequence(0)
  /// The last index that is durable and still part of the log.
  @usableFromInline private(set) var durableIndex: LogIndex
  /// The highest commit index that is durable.
  @usableFromInline private(set) var durableCommit: LogIndex
  /// Whether term, vote or commit changed since the last write.
  var isHardStateDirty = false

  private var pending = Queue<Pending>()
  private var gated = Queue<Gated>()

  private struct Pending: Sendable {
    var sequence: WriteSequence
    var lastIndex: LogIndex
    var commit: LogIndex
  }

  /// What waits for the writes before it.
  enum Promise: Sendable {
    case send(Envelope)
    /// The candidate's vote for itself in this term (trap 1).
    case ownVote(Term)
  }

  private struct Gated: Sendable {
    var after: WriteSequence
    var promise: Promise
  }

  init(durableIndex: LogIndex, durableCommit: LogIndex) {
    self.durableIndex = durableIndex
    self.durableCommit = durableCommit
  }

  /// Whether nothing issued is still under way.
  var isSettled: Bool { completed == issued }

  mutating func issue(lastIndex: LogIndex, commit: LogIndex) -> WriteSequence {
    issued = WriteSequence(issued.rawValue + 1)
    pending.append(Pending(sequence: issued, lastIndex: lastIndex, commit: commit))
    return issued
  }

  mutating func gate(_ promise: consuming Promise) { gated.append(Gated(after: issued, promise: promise)) }

  /// Takes the completion of every write up to `sequence`; a number that was never issued counts as the last one.
  mutating func complete(through sequence: WriteSequence) {
    let sequence = min(sequence, issued)
    guard sequence > completed else { return }
    completed = sequence
    while !pending.isEmpty, pending[0].sequence <= sequence {
      let first = pending.removeFirst()
      durableIndex = max(durableIndex, first.lastIndex)
      durableCommit = max(durableCommit, first.commit)
    }
  }

  /// The next promise that may leave now.
  mutating func release() -> Promise? {
    guard !gated.isEmpty, gated[0].after <= completed else { return nil }
    return gated.removeFirst().promise
  }

  /// Entries from `first` on are no longer part of the log: completions of their writes say nothing (trap 30).
  mutating func truncate(from first: LogIndex, forgetsPending: Bool = true) {
    let limit = first.previous
    durableIndex = min(durableIndex, limit)
    guard forgetsPending else { return }
    for offset in 0..<pending.count where pending[offset].lastIndex > limit { pending[offset].lastIndex = limit }
  }

  /// The host made a snapshot durable that stands for the whole log.
  mutating func reset(to snapshot: LogIndex) {
    for offset in 0..<pending.count { pending[offset].lastIndex = .zero }
    durableIndex = snapshot
    durableCommit = max(durableCommit, snapshot)
  }
}
