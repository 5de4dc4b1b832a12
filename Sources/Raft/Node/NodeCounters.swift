/// How often a node took the rarer paths of the protocol since it started; for statistics and for a fuzzer's coverage.
public struct NodeCounters: Sendable, Hashable {
  /// Reads that a lease answered without a round.
  public var leaseReads = 0
  /// Reads that a round confirmed.
  public var roundReads = 0
  /// Reads that waited for the first commit of a term.
  public var readsHeldForTerm = 0
  /// Times that a leader stepped down because it had not heard from a quorum.
  public var quorumStepDowns = 0
  /// Times that a leader stepped down because nothing was committed for too long.
  public var stallStepDowns = 0
  /// Appends that were rejected because the logs did not agree.
  public var appendsRejected = 0
  /// Messages of a leader that did not count as a sign of life, since their round had been seen.
  public var roundsRepeated = 0
  /// Requests for votes that leader stickiness ignored.
  public var campaignsIgnored = 0
  /// Commit indices learnt from voters that refused a vote.
  public var commitsLearntFromVoters = 0
  /// Snapshots that turned out to be unnecessary when they arrived.
  public var snapshotsUnneeded = 0
  /// Commands to campaign at once that came too late.
  public var transfersOverdue = 0
  /// Batches handed to secretaries.
  public var batchesRelayed = 0
  /// Followers that the leader went on with directly, since what a secretary was to pass on did not arrive.
  public var relaysTakenOver = 0

  /// Nothing counted yet.
  public init() {}

  /// Both counts together.
  public static func + (left: NodeCounters, right: NodeCounters) -> NodeCounters {
    var sum = left
    sum.leaseReads += right.leaseReads
    sum.roundReads += right.roundReads
    sum.readsHeldForTerm += right.readsHeldForTerm
    sum.quorumStepDowns += right.quorumStepDowns
    sum.stallStepDowns += right.stallStepDowns
    sum.appendsRejected += right.appendsRejected
    sum.roundsRepeated += right.roundsRepeated
    sum.campaignsIgnored += right.campaignsIgnored
    sum.commitsLearntFromVoters += right.commitsLearntFromVoters
    sum.snapshotsUnneeded += right.snapshotsUnneeded
    sum.transfersOverdue += right.transfersOverdue
    sum.batchesRelayed += right.batchesRelayed
    sum.relaysTakenOver += right.relaysTakenOver
    return sum
  }
}
