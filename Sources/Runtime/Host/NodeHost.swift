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
  var forwarding = Forwarding()
  /// The testbed's links between sites, and what is on its way over them.
  var linkTable: LinkTable?
  var shaper: LinkShaper<ByteBuffer>?
  var meters = NodeMeters()
  var random: RandomSource
  /// Whether the node takes nothing new: it is about to stop.
  var isStopping = false
  /// Whether the node has ended: it takes no turn any more.
  var hasEnded = false
  /// Whether the machine is to be interrupted.
  var isLeaving = false
  /// Whether the disk has only its reserve left, so that writes of clients are refused.
  var isDiskNearlyFull = false
  /// Called once when the server or its disk has failed for good.
  var onFailure: (String) -> Void = { _ in }
  /// Called when an administrator asks the node to stop.
  var onStopAsked: () -> Void = {}

  /// Where a driven node reports what happens; nil for others.
  var reports: ReportWriter?
  /// The disk of a member, once it is open.
  var disk: StorageWriter?
  private var isTurnScheduled = false
  /// The time of the turn under way: the clock is read once for each chunk of input.
  private var now: Instant
  private var timer: Scheduled<Void>?
  private var timerDue = Instant.distantFuture
  private var connections: [ObjectIdentifier: FrameConnection] = [:]
  private var touchedFrames: ContiguousArray<FrameConnection> = []
  private var touchedClients: ContiguousArray<RESPHandler> = []

  init(
    loop: any EventLoop, configuration: NodeConfiguration, introduction: NodeIntroduction, process: ServerProcess,
    security: TransportSecurity?, random: RandomSource, log: Logger
  ) {
    self.loop = loop
    self.configuration = configuration
    self.introduction = introduction
    self.process = process
    self.security = security
    self.random = random
    self.log = log
    now = MonotonicClock.now
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
    loop.execute { self.endTurn() }
  }

  private func endTurn() {
    isTurnScheduled = false
    guard !hasEnded else { return }
    now = MonotonicClock.now
    if now >= process.deadline { process.advance(to: now) }
    process.endTurn(at: now)
    meters.turns += 1
    carryOutEffects()
    sendDueFrames()
    flush()
    reports?.flush()
    rearm()
  }

  private func carryOutEffects() {
    if !process.effects.isEmpty {
      submitToDisk()
      for envelope in process.effects.messages { send(envelope) }
      for addressed in process.effects.replies { deliver(addressed) }
      for event in process.effects.events { take(event) }
      reports?.note(process.effects, at: now)
    }
    meters.operations += UInt64(process.effects.operations)
    process.effects.removeAll()
  }

  private func submitToDisk() {
    guard let disk, !(process.effects.writes.isEmpty && process.effects.snapshots.isEmpty) else { return }
    meters.writes += UInt64(process.effects.writes.count)
    disk.submit(process.effects.writes, process.effects.snapshots)
  }

  private func flush() {
    while let link = peers.touched.popLast() { flush(link) }
    while let connection = touchedFrames.popLast() { connection.flush() }
    while let client = touchedClients.popLast() { client.flush() }
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
    if isStopping || (isDiskNearlyFull && !request.operation.isRead) {
      let outcome = isStopping ? ClientReply.Outcome.redirect(to: nil) : .busy
      let reply = ClientReply(
        client: request.client, sequence: request.sequence, outcome: outcome, role: .follower)
      return deliver(AddressedReply(to: address, reply: reply))
    }
    process.take(request, from: address, at: now)
  }

  func deliver(_ addressed: AddressedReply) {
    switch addresses.destination(of: addressed.to) {
    case .connection(.frames(let connection), _):
      connection.outgoing.writeFrame(.clientReply(addressed.reply))
      touch(connection)
    case .connection(.resp(let client), let ticket):
      client.complete(ticket, completion(addressed.reply.outcome))
      touch(client)
    case .node(let node):
      guard let link = peers[node] else { return }
      writeDirectly(to: link) { $0.writeFrame(.clientReply(addressed.reply)) }
    case .nobody: meters.lateReplies += 1
    }
  }

  /// Remembers that a connection has something to flush at the turn's end.
  func touch(_ connection: FrameConnection) {
    guard !connection.isTouched else { return }
    connection.isTouched = true
    touchedFrames.append(connection)
    scheduleTurn()
  }

  /// Remembers that a client has something to flush at the turn's end.
  func touch(_ client: RESPHandler) {
    guard !client.isTouched else { return }
    client.isTouched = true
    touchedClients.append(client)
    scheduleTurn()
  }

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
