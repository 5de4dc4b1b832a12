@testable import Raft

/// How far an exploration goes. What is not named here is not bounded.
struct Bounds: Sendable {
  /// The nodes on the table, at most four.
  var nodes = 3
  /// How many of them, the first ones, vote at the start; the others know the group and are no members yet.
  var voters = 3
  /// The highest term in which anyone may campaign, at most four.
  var terms = 2
  /// The commands that may be proposed, each by any leader at any time.
  var proposals = 1
  /// The crashes, each of any node at any time; it loses any end of what is not durable and starts again.
  var crashes = 1
  /// The heartbeat timers of leaders that may fire, beside the heartbeats of every new leader.
  var heartbeats = 0
  /// The changes of the configuration that may be proposed, each once, by any leader at any time.
  var changes: [ConfigurationChange] = []
  /// What the disks hold at the start, if not nothing at all.
  var disks: [DurableState]?
  /// The entries that fit in one append message.
  var entriesPerMessage = 1_024
  /// Whether a write is durable as soon as it is issued; otherwise each waits for a step of its own.
  var writesAtOnce = false
  /// Whether each node is checked on its own, too; otherwise only what the group shows counts.
  var checksNodes = true
  /// Whether nodes ask for pre-votes.
  var usesPreVote = false
  /// The steps after which a search does not go on.
  var depth = Int.max
  /// The states after which a search gives up.
  var states = Int.max

  /// Settings under which time decides nothing: every span is zero and the clock stands still, so that every timer may
  /// fire whenever its node is asked, and nobody is believed because of when it spoke.
  var settings: Settings {
    var settings = Settings()
    settings.electionTimeout = .zero ... .zero
    settings.heartbeatInterval = .zero
    settings.readBatchInterval = .zero
    settings.usesPreVote = usesPreVote
    settings.checksQuorum = false
    settings.maximumEntriesPerMessage = entriesPerMessage
    return settings
  }

  var configuration: Configuration { Configuration(voters: (0..<voters).map(n)) }

  /// What the disks hold at the start.
  var start: [DurableState] { disks ?? (0..<nodes).map { _ in DurableState(bootstrap: configuration) } }

  /// Whether the nodes can be exchanged for each other: all begin alike, and no step names one of them.
  var isSymmetric: Bool { voters == nodes && changes.isEmpty && disks == nil }

  /// Entries are applied as soon as they may be, unless it matters when: configurations take effect then.
  var appliesLate: Bool { !changes.isEmpty }

  /// Which rounds can make a difference.
  ///
  /// Rounds refresh timers and confirm reads, neither of which there is here. Beside that, the round of a heartbeat's
  /// answer is compared with that of the last append, and a leader that was removed counts answers of later rounds.
  enum RoundUse { case none, heartbeats, all }

  var rounds: RoundUse { !changes.isEmpty ? .all : heartbeats > 0 ? .heartbeats : .none }
}
