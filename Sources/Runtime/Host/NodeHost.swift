import Emulation
import Experiment
import KeyValue
import Logging
import NIOCore
import NIOSSL
import Raft
import Server
import Storage
import Wire

/// Runs one server on one event loop: sockets and the disk are its inputs and outputs, turns are its steps.
///
/// Whatever arrives while the loop looks at its sockets belongs to one turn. At the turn's end the server's effects leave
/// together: one submission to the disk, one write and flush for each peer and for each client. Everything here is
/// confined to the loop; the disk's thread reports by a task on it.
final class NodeHost: @unchecked Sendable {
  let loop: any EventLoop
  let configuration: NodeConfiguration
  /// Who the node is.
  let introduction: NodeIntroduction
  /// What runs.
  let process: ServerProcess
  let limits = FrameLimits()
  let security: TransportSecurity?
  let log: Logger
  let allocator = ByteBufferAllocator()
  var peers = PeerTable()
  var addresses = ClientAddressBook()
  var forwarding: Forwarding
  /// The testbed's links between sites, and what is on its way over them.
  var linkTable: LinkTable?
  var shaper: LinkShaper<ByteBuffer>?
  var meters = NodeMeters()
  var random: RandomSource
  /// Where the node listens for others.
  var listenAddress: NetworkAddress
  /// Whether the node takes nothing new: it is about to stop.
  var isStopping = false
  /// Whether the node has ended: it takes no turn any more.
  var hasEnded = false
  /// Whether the machine is to be interrupted.
  var isLeaving = false
  /// Whether the disk has only its reserve left, so that writes of clients are refused.
  var isDiskNearlyFull = false
  /// The most connections at once.
  let connectionLimit = DescriptorLimit.connections
  /// Called when the server or its disk has failed for good; the first call counts.
  var onFailure: (String) -> Void = { _ in }
  /// Called when an administrator asks the node to stop.
  var onStopAsked: () -> Void = {}

  /// Where a driven node reports what happens; nil for others.
  var reports: ReportWriter?
  /// The disk of a member, once it is open.
  var disk: StorageWriter?
  private var isTurnScheduled = false
  /// Whether a turn is ending: what is written meanwhile is flushed by it.
  private var isEndingTurn = false
  /// What the server wanted at the end of the turn, taken out before it is carried out: what is carried out may give the
  /// server new input, whose effects are others.
  private var effects = ServerEffects()
  /// The time of the turn under way: the clock is read once for each chunk of input.
  private var now: Instant
  private var timer: Scheduled<Void>?
  private var timerDue = Instant.distantFuture
  private var connections: [ObjectIdentifier: FrameConnection] = [:]
  private var touchedFrames: ContiguousArray<FrameConnection> = []
  private var touchedClients: ContiguousArray<RESPHandler> = []

  init(
    loop: any EventLoop, configuration: NodeConfiguration, introduction: NodeIntroduction, process: ServerProcess,
    security: TransportSecurity?, random: RandomSource, life: UInt64, log: Logger
  ) {
    self.loop = loop
    self.configuration = configuration
    self.introduction = introduction
    self.process = process
    self.security = security
    self.random = random
    listenAddress = configuration.listen
    self.log = log
    now = MonotonicClock.now
    forwarding = Forwarding(life: life)
    for known in configuration.nodes where known.node != introduction.node {
      guard let link = peers.link(to: known.node, allocator: allocator) else { continue }
      link.address = known.address
      link.clients = known.clients
    }
  }

  deinit { process.deallocate() }

  /// The time to stamp input with.
  func turnTime() -> Instant {
    if !isTurnScheduled { now = MonotonicClock.now }
    return now
  }

  // MARK: Turns

  /// Makes sure that the turn ends once the loop has looked at all sockets.
  func scheduleTurn() {
    guard !isTurnScheduled else { return }
    isTurnScheduled = true
    now = MonotonicClock.now
    loop.execute { self.endTurn() }
  }

  private func endTurn() {
    isTurnScheduled = false
    guard !hasEnded else { return }
    now = MonotonicClock.now
    if now >= process.deadline { process.advance(to: now) }
    process.endTurn(at: now)
    meters.turns += 1
    isEndingTurn = true
    carryOutEffects()
    sendDueFrames()
    flush()
    isEndingTurn = false
    // Answers may have let clients' next requests through.
    if !process.effects.isEmpty { scheduleTurn() }
    reports?.flush()
    rearm()
  }

  private func carryOutEffects() {
    swap(&effects, &process.effects)
    if !effects.isEmpty {
      submitToDisk()
      for envelope in effects.messages { send(envelope) }
      for addressed in effects.replies { deliver(addressed) }
      for event in effects.events { take(event) }
      reports?.note(effects, at: now)
    }
    meters.operations += UInt64(effects.operations)
    effects.removeAll()
  }

  private func submitToDisk() {
    guard let disk, !(effects.writes.isEmpty && effects.snapshots.isEmpty) else { return }
    meters.writes += UInt64(effects.writes.count)
    disk.submit(effects.writes, effects.snapshots)
  }

  private func flush() {
    // A client that takes up reading again may ask for something that is passed on.
    repeat {
      while let client = touchedClients.popLast() { client.flush() }
      while let link = peers.touched.popLast() { flush(link) }
      while let connection = touchedFrames.popLast() { connection.flush() }
    } while !touchedClients.isEmpty
  }

  /// Sets the one timer to whatever is due first; a timer that fires early looks again.
  private func rearm() {
    var due = process.deadline
    if let shaper { due = min(due, shaper.nextDue) }
    guard due < timerDue || timerDue <= now else { return }
    timer?.cancel()
    timer = nil
    timerDue = due
    guard due < .distantFuture else { return }
    let wait = max(0, (due - MonotonicClock.now).nanoseconds)
    timer = loop.scheduleTask(in: .nanoseconds(wait)) { [weak self] in self?.timerFired() }
  }

  private func timerFired() {
    timer = nil
    timerDue = .distantFuture
    scheduleTurn()
  }

  // MARK: The disk

  /// Takes what the disk's thread reports, on the loop.
  func take(_ report: StorageReport) {
    switch report {
    case .durable(let through, let snapshots, let space):
      isDiskNearlyFull = space == .nearlyFull
      meters.durableReports += 1
      let now = turnTime()
      for save in snapshots { process.server.snapshotSaved(save, at: now) }
      process.server.writesCompleted(through: through, at: now)
    case .failed(let error):
      process.server.writeFailed(at: turnTime())
      fail("the disk failed: \(error)")
    }
    scheduleTurn()
  }

  func fail(_ reason: String) {
    note(reason)
    onFailure(reason)
  }

  // MARK: Clients

  /// Takes a client's request that came here directly.
  func take(_ request: ClientRequest, from address: ClientAddress, at now: Instant) {
    if let refusal = refusal(isRead: request.operation.isRead) {
      return refuse(refusal, request.client, request.sequence, address)
    }
    process.take(request, from: address, at: now)
    scheduleTurn()
  }

  /// Takes a request of whoever moves keys.
  func take(_ request: ShardRequest, from address: ClientAddress, at now: Instant) {
    if let refusal = refusal(isRead: false) { return refuse(refusal, request.mover, request.sequence, address) }
    process.take(request, from: address, at: now)
    scheduleTurn()
  }

  /// Why nothing of the kind is taken now; nil when it is.
  private func refusal(isRead: Bool) -> ClientReply.Outcome? {
    if isStopping || (isLeaving && !introduction.role.isMember) { return .redirect(to: nil) }
    return isDiskNearlyFull && !isRead ? .busy : nil
  }

  /// Answers without asking the server.
  func refuse(
    _ outcome: ClientReply.Outcome, _ client: ClientID, _ sequence: SequenceNumber, _ address: ClientAddress
  ) {
    deliver(
      AddressedReply(
        to: address, reply: ClientReply(client: client, sequence: sequence, outcome: outcome, role: .follower)))
  }

  func deliver(_ addressed: AddressedReply) {
    switch addresses.destination(of: addressed.to) {
    case .connection(.frames(let connection), _):
      let before = connection.outgoing.readableBytes
      connection.outgoing.writeFrame(.clientReply(addressed.reply))
      meters.clientFrames += 1
      meters.clientBytes += UInt64(connection.outgoing.readableBytes - before)
      touch(connection)
    case .connection(.resp(let client), let ticket):
      client.complete(ticket, completion(addressed.reply.outcome))
      touch(client)
    case .node(let node):
      guard let link = peers[node] else { return }
      // How many there can be is bounded by what was taken in; nobody would repeat one that is lost.
      writeDirectly(to: link, evenIfChoked: true) { $0.writeFrame(.clientReply(addressed.reply)) }
    case .nobody: meters.lateReplies += 1
    }
  }

  /// Remembers that a connection has something to flush at the turn's end.
  func touch(_ connection: FrameConnection) {
    guard !connection.isTouched else { return }
    connection.isTouched = true
    touchedFrames.append(connection)
    scheduleFlush()
  }

  /// Remembers that a client has something to flush at the turn's end.
  func touch(_ client: RESPHandler) {
    guard !client.isTouched else { return }
    client.isTouched = true
    touchedClients.append(client)
    scheduleFlush()
  }

  /// Makes sure that what was written is flushed: by the turn that is ending, or by the next.
  func scheduleFlush() {
    if !isEndingTurn { scheduleTurn() }
  }

  /// Whether new clients are taken in.
  var takesClients: Bool { !isStopping && !(isLeaving && !introduction.role.isMember) && hasRoom }

  // MARK: What happened

  private func take(_ event: Event) {
    switch event {
    case .roleChanged(let role, let term):
      meters.roleChanges += 1
      log.info("role changed", metadata: ["role": "\(role)", "term": "\(term)"])
    case .leaderChanged(let leader, let term):
      log.info("leader changed", metadata: ["leader": "\(leader.map { "\($0)" } ?? "none")", "term": "\(term)"])
    case .stopped(let fault): fail("the server stopped for good: \(fault)")
    default: log.debug("event", metadata: ["what": "\(event)"])
    }
  }

  /// Notes something that an operator may want to know.
  func note(_ text: String) { log.notice("\(text)") }

  // MARK: Connections

  func noteOpened(_ connection: FrameConnection) { connections[ObjectIdentifier(connection)] = connection }

  /// All connections of the node port; in no order that matters.
  var openConnections: [FrameConnection] { Array(connections.values) }

  /// Whether one more connection may be taken in: descriptors are kept back for the log and for connections that this
  /// node opens.
  var hasRoom: Bool { connections.count + addresses.count < connectionLimit }

  func noteClosed(_ connection: FrameConnection, _ before: FrameConnection.Stage) {
    connections[ObjectIdentifier(connection)] = nil
    switch before {
    case .welcome(let link):
      link.isDialling = false
      link.pause.fail(at: MonotonicClock.now, &random)
    case .node(let link):
      link.detach(connection)
      if link.connection == nil {
        shaper?.reset(link.node.slot)
        link.pause.fail(at: MonotonicClock.now, &random)
        giveUpForwarded(to: link.node)
      }
    case .client(let slot): addresses.remove(slot)
    case .callersGreeting, .administrator, .closed: break
    }
  }
}
