import Emulation
import KeyValue
import Raft
import Server
import Simulation
import Verification
import Workload

/// From what the simulation saw to coverage, history and timeline.
extension FuzzRun {
  mutating func observe() {
    let breach = simulation.violation
    for happening in simulation.observations.happenings {
      // A node that stopped before the breach is the nearer cause.
      if let breach, breach.at < happening.at { break }
      note(happening)
    }
    if let breach { fail(breach.property, [breach.text], at: breach.at) }
    for observation in simulation.observations.applied where observation.command.index > lastAudited {
      if observation.command.client == FuzzRun.prober { probeWasApplied = true }
      lastAudited = observation.command.index
      audit.applied(
        client: observation.command.client, sequence: observation.command.sequence, at: observation.command.index)
    }
    for record in simulation.observations.records { note(record) }
    simulation.observations.removeAll()
  }

  private mutating func note(_ happening: NodeHappening) {
    let slot = happening.node.slot
    switch happening.event {
    case .campaignStarted(let campaign, _):
      campaigns[slot] = campaign
      coverage.count(campaign == .preVote ? .preVoteCampaigns : .voteCampaigns)
    case .roleChanged(.leader, _):
      switch campaigns[slot] {
      case .transfer: coverage.count(.electionsByTransfer)
      default: coverage.count(plan.setup.raft.usesPreVote ? .electionsAfterPreVote : .electionsWithoutPreVote)
      }
    case .roleChanged, .leaderChanged: break
    case .logTruncated: coverage.count(.conflictsTruncated)
    case .configurationApplied(let configuration, _):
      coverage.count(configuration.isJoint ? .jointConfigurationsApplied : .plainConfigurationsApplied)
    case .secretaryHired: coverage.count(.secretariesHired)
    case .secretaryRetiring: coverage.count(.secretariesRetiring)
    case .secretaryLost: coverage.count(.secretariesLost)
    case .learnerCaughtUp: coverage.count(.learnersCaughtUp)
    case .transferAborted: coverage.count(.transfersAborted)
    case .snapshotStarted: coverage.count(.snapshotsSent)
    case .snapshotInstalled: coverage.count(.snapshotsInstalled)
    case .stopped(let fault):
      if case .durableWriteFailed = fault, isDoomed[happening.node.slot] { break }
      fail(FuzzFailure.Check.nodeFault, ["\(happening.node) stopped: \(fault)"], at: happening.at)
    }
    timeline?.note(happening, simulation)
  }

  private mutating func note(_ record: OperationRecord) {
    history.append(record)
    audit.acknowledged(record)
    if record.attempts > 1 { coverage.count(.operationsRetried) }
    switch record.outcome {
    case .ok:
      coverage.count(record.operation.isRead ? .readsAnswered : .writesAnswered)
      if record.role == .follower, record.operation.isRead { coverage.count(.readsByFollowers) }
      if record.role == .observer { coverage.count(.readsByObservers) }
    case .failed: coverage.count(.operationsFailed)
    case .unknown: coverage.count(.operationsUnknown)
    }
    timeline?.note(record)
  }

  /// What is counted once, at the end.
  mutating func collectCoverage() {
    collectFleetCoverage()
    let nodes = simulation.nodeCounters
    coverage.count(.readsByLease, nodes.leaseReads)
    coverage.count(.readsByRound, nodes.roundReads)
    coverage.count(.readsHeldForTerm, nodes.readsHeldForTerm)
    coverage.count(.quorumStepDowns, nodes.quorumStepDowns)
    coverage.count(.stallStepDowns, nodes.stallStepDowns)
    coverage.count(.appendsRejected, nodes.appendsRejected)
    coverage.count(.roundsRepeated, nodes.roundsRepeated)
    coverage.count(.campaignsIgnored, nodes.campaignsIgnored)
    coverage.count(.commitsLearntFromVoters, nodes.commitsLearntFromVoters)
    coverage.count(.snapshotsUnneeded, nodes.snapshotsUnneeded)
    coverage.count(.transfersOverdue, nodes.transfersOverdue)
    let links = simulation.linkCounters
    coverage.count(.messagesLost, Int(links.lost))
    coverage.count(.messagesDuplicated, Int(links.duplicated))
    coverage.count(.messagesBlocked, Int(links.blocked))
    coverage.count(.messagesRetransmitted, Int(links.retransmitted))
    let disks = simulation.diskFaultCounts
    coverage.count(.tailsLost, disks.lostTails)
    coverage.count(.tailsTorn, disks.tornTails)
    coverage.count(.tornRecordsDiscarded, disks.tornRecordsDiscarded)
    coverage.count(.writesFailed, disks.writesFailed)
    coverage.count(.damageRefused, disks.corruptionsDetected)
    coverage.count(.wipedStartsRefused, disks.wipedStartsRefused)
    coverage.count(.crashesBeforeWrite, disks.crashesBeforeWrite)
    coverage.count(.crashesAfterWrite, disks.crashesAfterWrite)
    coverage.count(.crashesBeforeMessages, disks.crashesBeforeMessages)
  }
}
