import KeyValue
import Raft
import Server

/// Moves the keys that change groups from one routing to the next, without I/O: it asks the leaders of the groups, one
/// request at a time, until every key is where the new routing has it.
///
/// The host calls ``start(at:)`` once, ``receive(_:from:at:)`` with every reply, ``advance(to:)`` when ``nextDeadline``
/// is reached, and after each of them delivers and clears ``sends``.
///
/// Groups that get keys learn of the routing first, then each group that loses keys sets them aside, and they are
/// carried over part by part. Nothing of that depends on the mover's memory: all that a group is asked for takes effect
/// once, so that requests are repeated until they are answered, and another mover may begin anew at any time. A key that
/// moves waits from when its old group sets it aside until its new one has it all; to clients that know the new routing
/// by then, those of the groups whose turn is still to come wait too.
public struct KeyMover: Sendable {
  /// The name under which movers ask; no client has it.
  public static let client = ClientID(.max)

  /// A request on its way to a server.
  public struct Send: Hashable, Sendable {
    /// The server asked.
    public var to: NodeID
    /// What is asked.
    public var request: ShardRequest
  }

  /// What a move has carried so far.
  public struct Progress: Hashable, Sendable {
    /// Keys that were installed where they belong.
    public var keys = 0
    /// Their parts.
    public var parts = 0
    /// Requests sent, repeated ones included.
    public var requests = 0
  }

  /// The routing that was in force.
  public let old: KeyRouter
  /// The routing that is to be in force.
  public let new: KeyRouter
  /// Requests to deliver, in order; the host clears it.
  public var sends: ContiguousArray<Send> = []
  /// When ``advance(to:)`` is to be called next; `distantFuture` when nothing is to come.
  public private(set) var nextDeadline = Instant.distantFuture
  /// What was carried so far.
  public private(set) var progress = Progress()

  private let settings: KeyMoverSettings
  private var steps: MoveSteps
  private var tables: [GroupID: ServerTable]
  private var sequence: SequenceNumber
  private var state = State.idle
  /// How many servers of the group are passed over, since they turned the request away.
  private var skipped = 0

  private enum State: Sendable {
    case idle
    /// Waits for the answer of a server.
    case waiting(NodeID)
    /// Waits before it asks again.
    case pausing
    case done
  }

  /// Makes a mover.
  ///
  /// - Parameters:
  ///   - old: The routing in force in all of its groups.
  ///   - new: The routing that follows it: one with a group more or less.
  ///   - servers: Each group's servers to ask, nearest first; those of all groups of both routings, none empty.
  ///   - settings: How long to wait.
  public init(
    from old: KeyRouter, to new: KeyRouter, servers: [GroupID: [NodeID]], settings: KeyMoverSettings = .init()
  ) {
    precondition(
      (old.groups + new.groups).allSatisfy { servers[$0]?.isEmpty == false }, "a group's servers are not named")
    self.old = old
    self.new = new
    self.settings = settings
    steps = MoveSteps(from: old, to: new)
    tables = servers.mapValues { ServerTable($0) }
    // Answers to an earlier mover's requests fit none of this one.
    sequence = SequenceNumber(new.version.rawValue << 32)
  }

  /// Whether every key is where the new routing has it.
  public var isDone: Bool { if case .done = state { true } else { false } }

  // MARK: Inputs

  /// Begins; a second call does nothing.
  public mutating func start(at now: Instant) {
    if case .idle = state { ask(at: now) }
  }

  /// Tells the mover that time has come to `now`.
  public mutating func advance(to now: Instant) {
    guard now >= nextDeadline else { return }
    if case .waiting(let server) = state, let group = steps.current?.group {
      tables[group]?.noteSilence(of: server, at: now, avoidance: settings.serverAvoidance)
    }
    ask(at: now)
  }

  /// Takes a server's answer.
  public mutating func receive(_ reply: ClientReply, from server: NodeID, at now: Instant) {
    guard reply.client == KeyMover.client, reply.sequence == sequence, case .waiting(server) = state,
      let group = steps.current?.group
    else { return }
    tables[group]?.noteAnswer(of: server)
    switch reply.outcome {
    case .sharded(let answer):
      tables[group]?.leader = server
      skipped = 0
      take(answer, at: now)
    case .redirect(let hint?), .unknown(let hint?):
      let isNew = hint != server && tables[group]?.leader != hint
      tables[group]?.leader = hint == server ? nil : hint
      if isNew { ask(at: now) } else { askAnother(at: now) }
    case .redirect(nil), .unknown(nil):
      tables[group]?.leader = nil
      askAnother(at: now)
    case .busy, .done, .moved, .sessionExpired:
      pause(at: now)
    }
  }

  // MARK: Steps

  private mutating func take(_ answer: ShardAnswer, at now: Instant) {
    if case .install(let part)? = steps.current, answer == .done {
      progress.keys += part.keyCount
      progress.parts += 1
    }
    guard steps.take(answer) else { return pause(at: now) }
    ask(at: now)
  }

  /// Sends what the step at hand asks for.
  private mutating func ask(at now: Instant) {
    guard let step = steps.current, let table = tables[step.group] else {
      state = .done
      nextDeadline = .distantFuture
      return
    }
    sequence = SequenceNumber(sequence.rawValue + 1)
    let target = table.leader ?? table.pick(skipping: skipped, at: now)
    sends.append(
      Send(to: target, request: ShardRequest(mover: KeyMover.client, sequence: sequence, order: step.order(old, new))))
    progress.requests += 1
    state = .waiting(target)
    nextDeadline = now + settings.attemptTimeout
  }

  private mutating func askAnother(at now: Instant) {
    skipped += 1
    pause(at: now)
  }

  private mutating func pause(at now: Instant) {
    state = .pausing
    nextDeadline = now + settings.pause
  }
}

/// How long whoever moves keys waits.
public struct KeyMoverSettings: Hashable, Sendable {
  /// How long a request waits for its answer before it is sent again; positive.
  public var attemptTimeout: TimeSpan = .seconds(2)
  /// The pause after a request was turned away; positive.
  public var pause: TimeSpan = .milliseconds(50)
  /// How long a server that did not answer in time is passed over when another one will do; not negative.
  public var serverAvoidance: TimeSpan = .seconds(2)

  /// The documented defaults.
  public init() {}
}
