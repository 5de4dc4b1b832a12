@testable import Raft

/// What the checks and the choice of actions need to know of a machine.
struct MachineFacts {
  var slot: Int
  var term: Int
  var storedTerm: Int
  var isLeader: Bool
  var commit: Int
  var log: PackedLog
  /// The log on the disk.
  var disk: PackedLog
  var configuration: Configuration
  var waitingWrites: Int
  /// Whether its election timer makes it campaign within the bound.
  var mayCampaign: Bool
  var canApply: Bool

  init(_ machine: Machine, bounds: Bounds) {
    let node = machine.node
    slot = node.id.slot
    term = Int(node.term.rawValue)
    storedTerm = Int(machine.disk.hardState.term.rawValue)
    isLeader = node.role == .leader
    commit = Int(node.commitIndex.rawValue)
    log = PackedLog(node.log.entries[node.log.head...], changes: bounds.changes)
    disk = PackedLog(machine.disk.entries, changes: bounds.changes)
    configuration = node.configuration
    waitingWrites = machine.writes.count
    mayCampaign = !isLeader && term < bounds.terms && node.isPromotable
    canApply = node.appliedIndex < node.applicableIndex
  }
}

extension Machine {
  /// Whether a message can make no difference to the machine any more, now or ever: an answer to a campaign or a
  /// leadership that is over.
  ///
  /// The term on the disk never falls, and a node leads only a term that it raised its own to. Once the disk has the
  /// answer's term, an answer can therefore neither raise the term nor reach a campaign or leadership of that term,
  /// unless the node is in it. What a voter knows to be committed is news until the disk knows it too.
  func isDone(with envelope: Envelope, _ bounds: Bounds) -> Bool {
    func isOver(_ term: Term) -> Bool {
      term <= disk.hardState.term && !(node.term == term && (node.role == .candidate || node.role == .leader))
    }
    switch envelope.message {
    case .voteResponse(let message):
      if message.committed.index > disk.hardState.commit { return false }
      if isOver(message.term) { return true }
      // A voter's answer counts once; but another configuration counts all answers anew.
      return message.term <= disk.hardState.term && bounds.changes.isEmpty
        && (node.role == .leader || node.ballots[envelope.from.slot] != .missing)
    case .heartbeatResponse(let message): return isOver(message.term)
    case .appendAccepted(let message): return isOver(message.term)
    case .appendRejected(let message): return isOver(message.term)
    default: return false
    }
  }
}
