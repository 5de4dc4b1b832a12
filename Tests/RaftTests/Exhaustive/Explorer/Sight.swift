@testable import Raft

/// Something that was seen outside of the machines, and what may still happen to them.
enum Sight: Hashable {
  /// A message was sent. The network forgets none: it may arrive at any time, again and again, or never.
  case message(Envelope)
  /// A node told its vote; by asking for votes it tells that it votes for itself.
  case vote(NodeID, Term, candidate: NodeID)
  /// A node led a term.
  case leader(NodeID, Term)
  /// A machine may crash once more; numbered, since there may be several.
  case crashLeft(Int)
  /// A leader's heartbeat timer may fire once more.
  case heartbeatLeft(Int)
  /// The change of that number may be proposed.
  case changeLeft(Int)

  /// The vote that a message tells, if it does.
  init?(voteIn envelope: Envelope) {
    switch envelope.message {
    case .voteRequest(let message): self = .vote(envelope.from, message.term, candidate: envelope.from)
    case .voteResponse(let message) where message.isGranted:
      self = .vote(envelope.from, message.term, candidate: envelope.to)
    default: return nil
    }
  }

  var message: Envelope? { if case .message(let envelope) = self { envelope } else { nil } }

  func renamed(_ renaming: Renaming) -> Sight {
    switch self {
    case .message(let envelope):
      .message(Envelope(from: renaming(envelope.from), to: renaming(envelope.to), message: envelope.message))
    case .vote(let voter, let term, let candidate): .vote(renaming(voter), term, candidate: renaming(candidate))
    case .leader(let node, let term): .leader(renaming(node), term)
    case .crashLeft, .heartbeatLeft, .changeLeft: self
    }
  }

  /// The rule that the two cannot both keep, if there is one.
  func contradiction(to other: Sight) -> String? {
    switch (self, other) {
    case (.vote(let voter, let term, let candidate), .vote(let same, let again, let rival))
    where voter == same && term == again && candidate != rival:
      "one vote per term: \(voter) votes for \(candidate) and \(rival) in term \(term)"
    case (.leader(let node, let term), .leader(let rival, let again)) where term == again && node != rival:
      "one leader per term: \(node) and \(rival) lead term \(term)"
    default: nil
    }
  }
}

/// What the search needs to know of a sight at once.
struct SightFacts {
  /// Who is to hear it, or whose vote it is.
  var slot: Int?
  var isMessage: Bool
  /// The term of a vote.
  var voteTerm = 0
  /// Whether it can contradict others.
  var isClaim = false
  var crashes = false
  var beats = false
  var change: Int?

  init(_ sight: Sight) {
    isMessage = sight.message != nil
    switch sight {
    case .message(let envelope): slot = envelope.to.slot
    case .vote(let voter, let term, _):
      slot = voter.slot
      voteTerm = Int(term.rawValue)
      isClaim = true
    case .leader: isClaim = true
    case .crashLeft: crashes = true
    case .heartbeatLeft: beats = true
    case .changeLeft(let number): change = number
    }
  }
}

extension Envelope {
  /// The message without the rounds that make no difference.
  func keepingRounds(_ use: Bounds.RoundUse) -> Envelope {
    var result = self
    switch message {
    case .appendEntries(var message) where use != .all:
      message.round = .zero
      result.message = .appendEntries(message)
    case .appendAccepted(var message) where use != .all:
      message.round = .zero
      result.message = .appendAccepted(message)
    case .appendRejected(var message) where use != .all:
      message.round = .zero
      result.message = .appendRejected(message)
    case .heartbeat(var message) where use == .none:
      message.round = .zero
      result.message = .heartbeat(message)
    case .heartbeatResponse(var message) where use == .none:
      message.round = .zero
      result.message = .heartbeatResponse(message)
    default: break
    }
    return result
  }
}
