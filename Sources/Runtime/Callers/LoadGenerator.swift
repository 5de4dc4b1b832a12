import Emulation
import Experiment
import NIOCore
import NIOPosix
import Raft
import Server
import Wire
import Workload

/// Drives the nodes of a real group with the clients of one site, the same clients as in the simulation.
public struct LoadGenerator: Sendable {
  /// The cluster.
  public var cluster: ClusterID
  /// The nodes that clients may ask, nearest first.
  public var nodes: [KnownNode]
  /// The site where the clients stand.
  public var site: String
  /// The names of all sites; a site's place in the list is its number.
  public var sites: [String]
  /// The links between the sites, both ways of which the clients' side delays; nil for none.
  public var links: LinkPlan?
  /// The certificate, when the nodes want one.
  public var tls: TLSFiles?

  /// Makes a generator.
  public init(
    cluster: ClusterID, nodes: [KnownNode], site: String, sites: [String], links: LinkPlan? = nil, tls: TLSFiles? = nil
  ) {
    self.cluster = cluster
    self.nodes = nodes
    self.site = site
    self.sites = sites
    self.links = links
    self.tls = tls
  }

  /// Runs the clients for a time and until their last operations have ended, or until `stop` is called on the handle that `started` is given.
  ///
  /// The run counts from `origin`, by the machine's monotonic clock, or from now. `observe` is called with each operation's record, on the generator's own thread. Throws ``NodeRefusal`` when it cannot
  /// begin.
  public func run(
    _ clients: SiteClients, for duration: TimeSpan, from origin: Instant? = nil, seed: UInt64,
    started: (LoadHandle) -> Void = { _ in },
    observe: @escaping @Sendable (OperationRecord) -> Void
  ) async throws(NodeRefusal) {
    let security: TransportSecurity?
    do throws(SecurityRefusal) {
      security = try tls.map { files throws(SecurityRefusal) in try TransportSecurity(files) }
    } catch {
      throw .security(error)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let host = LoadHost(
      loop: group.next(), clients: clients, generator: self, security: security, random: RandomSource(seed: seed),
      observe: observe)
    do throws(NodeRefusal) {
      try host.layLines(seed: seed)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
    started(LoadHandle(host: host))
    try? await host.run(for: duration, from: origin).get()
    try? await group.shutdownGracefully()
  }
}

/// Ends a load before its time.
public struct LoadHandle: Sendable {
  fileprivate let host: LoadHost

  /// Lets no further operation begin; those under way end.
  public func stop() { host.loop.execute { host.stop() } }

  /// Ends the load at once: what is under way ends without an answer.
  public func abandon() { host.loop.execute { host.abandon() } }

  /// Adds nodes that may be asked, or replaces where they are.
  public func introduce(_ node: KnownNode) { host.loop.execute { host.introduce(node) } }

  /// Replaces the members to ask, nearest first.
  public func setServers(_ nodes: [NodeID]) { host.loop.execute { host.change { $0.setServers(nodes) } } }

  /// Replaces the observers to ask first when nothing is to be written.
  public func setReaders(_ nodes: [NodeID]) { host.loop.execute { host.change { $0.setReaders(nodes) } } }

  /// Sets the link to a node anew, or the one back from it.
  public func setLink(_ update: LinkUpdate, isBack: Bool) {
    host.loop.execute { host.setLink(update, isBack: isBack) }
  }
}

/// The clients of one site on an event loop.
final class LoadHost: @unchecked Sendable {
  let loop: any EventLoop
  private var clients: SiteClients
  private let generator: LoadGenerator
  private let security: TransportSecurity?
  private let observe: (OperationRecord) -> Void
  private var random: RandomSource
  private var connections: ContiguousArray<LoadConnection?> = []
  private var touched: ContiguousArray<LoadConnection> = []
  /// What is on its way to nodes, and what is on its way back.
  private var requests: LinkShaper<ByteBuffer>?
  private var replies: LinkShaper<ClientReply>?
  private var isTurnScheduled = false
  private var timer: Scheduled<Void>?
  private var timerDue = Instant.distantFuture
  private let done: EventLoopPromise<Void>
  private var isDone = false
  /// When no further operation begins.
  private var endsAt = Instant.distantFuture
  /// When operations that have not ended are given up, once the load was stopped.
  private var stopsAt: Instant?

  init(
    loop: any EventLoop, clients: SiteClients, generator: LoadGenerator, security: TransportSecurity?,
    random: RandomSource, observe: @escaping (OperationRecord) -> Void
  ) {
    self.loop = loop
    self.clients = clients
    self.generator = generator
    self.security = security
    self.random = random
    self.observe = observe
    done = loop.makePromise()
    for known in generator.nodes {
      while connections.count <= known.node.slot { connections.append(nil) }
      connections[known.node.slot] = LoadConnection(known)
    }
  }

  func layLines(seed: UInt64) throws(NodeRefusal) {
    guard let plan = generator.links else { return }
    var (there, back) = (LinkShaper<ByteBuffer>(seed: seed), LinkShaper<ClientReply>(seed: ~seed))
    do {
      let table = try plan.table(sites: generator.sites)
      let own = siteID(generator.site)
      for known in generator.nodes {
        let site = siteID(known.site)
        try there.addPeer(known.node.slot, over: table[own, site], now: MonotonicClock.now)
        try back.addPeer(known.node.slot, over: table[site, own], now: MonotonicClock.now)
      }
    } catch {
      throw .configuration("links: \(error)")
    }
    (requests, replies) = (there, back)
  }

  private func siteID(_ name: String) -> SiteID { SiteID(UInt16(clamping: generator.sites.firstIndex(of: name) ?? 0)) }

  /// Runs until the clients are done.
  func run(for duration: TimeSpan, from origin: Instant?) -> EventLoopFuture<Void> {
    loop.execute {
      let now = origin ?? MonotonicClock.now
      self.endsAt = now + duration
      self.clients.start(at: now)
      self.scheduleTurn()
    }
    return done.futureResult
  }

  func stop() {
    let now = MonotonicClock.now
    clients.stop(at: now)
    stopsAt = now + .seconds(10)
    scheduleTurn()
  }

  func abandon() {
    let now = MonotonicClock.now
    clients.abandon(at: now)
    stopsAt = now
    scheduleTurn()
  }

  // MARK: What drivers change

  func change(_ body: (inout SiteClients) -> Void) {
    body(&clients)
    scheduleTurn()
  }

  func introduce(_ known: KnownNode) {
    let slot = known.node.slot
    while connections.count <= slot { connections.append(nil) }
    guard connections[slot]?.known != known else { return }
    connections[slot]?.connection?.close()
    connections[slot] = LoadConnection(known)
    guard requests?.knows(slot) == false, let table = try? generator.links?.table(sites: generator.sites) else {
      return
    }
    let (own, site, now) = (siteID(generator.site), siteID(known.site), MonotonicClock.now)
    try? requests?.addPeer(slot, over: table[own, site], now: now)
    try? replies?.addPeer(slot, over: table[site, own], now: now)
  }

  func setLink(_ update: LinkUpdate, isBack: Bool) {
    let now = MonotonicClock.now
    if isBack { try? replies?.set(update, at: now) } else { try? requests?.set(update, at: now) }
  }

  // MARK: Turns

  private func scheduleTurn() {
    guard !isTurnScheduled, !isDone else { return }
    isTurnScheduled = true
    loop.execute { self.turn() }
  }

  private func turn() {
    isTurnScheduled = false
    guard !isDone else { return }
    let now = MonotonicClock.now
    takeDueReplies(at: now)
    if now >= clients.nextDeadline { clients.advance(to: now) }
    if let stopsAt, now >= stopsAt { clients.abandon(at: now) }
    for send in clients.sends { pass(send, at: now) }
    clients.sends.removeAll(keepingCapacity: true)
    sendDueRequests(at: now)
    for record in clients.records { observe(record) }
    clients.records.removeAll(keepingCapacity: true)
    while let connection = touched.popLast() { connection.flush() }
    if clients.isDrained, now >= endsAt || stopsAt != nil { return finish() }
    rearm(now)
  }

  private func finish() {
    isDone = true
    timer?.cancel()
    for connection in connections { connection?.connection?.close() }
    done.succeed()
  }

  private func rearm(_ now: Instant) {
    var due = clients.nextDeadline
    if now < endsAt { due = min(due, endsAt) }
    if let requests { due = min(due, requests.nextDue) }
    if let replies { due = min(due, replies.nextDue) }
    if let stopsAt { due = min(due, stopsAt) }
    guard due < timerDue || timerDue <= now else { return }
    timer?.cancel()
    timerDue = due
    guard due < .distantFuture else { return }
    timer = loop.scheduleTask(in: .nanoseconds(max(0, (due - MonotonicClock.now).nanoseconds))) { [weak self] in
      self?.timerDue = .distantFuture
      self?.scheduleTurn()
    }
  }

  // MARK: To nodes

  private func pass(_ send: ClientSend, at now: Instant) {
    guard send.to.slot < connections.count, let connection = connections[send.to.slot] else { return }
    guard requests != nil else { return write(send.request, to: connection, now) }
    var frame = ByteBufferAllocator().buffer(capacity: 256)
    frame.writeFrame(.clientRequest(send.request))
    if requests!.take(frame, bytes: frame.readableBytes, for: send.to.slot, at: now) {
      write(send.request, to: connection, now)
    }
  }

  private func write(_ request: ClientRequest, to connection: LoadConnection, _ now: Instant) {
    dialIfNeeded(connection, now)
    connection.outgoing.writeFrame(.clientRequest(request))
    touch(connection)
  }

  private func sendDueRequests(at now: Instant) {
    guard requests != nil else { return }
    while var frame = requests!.popDue(at: now) {
      guard let connection = connections[frame.peer] else { continue }
      dialIfNeeded(connection, now)
      connection.outgoing.writeBuffer(&frame.payload)
      touch(connection)
    }
  }

  private func touch(_ connection: LoadConnection) {
    guard !connection.isTouched else { return }
    connection.isTouched = true
    touched.append(connection)
  }

  private func dialIfNeeded(_ connection: LoadConnection, _ now: Instant) {
    guard connection.connection == nil, connection.pause.isOver(at: now) else { return }
    let node = connection.known.node
    let hello = Hello(cluster: generator.cluster, receiver: node, sender: .client, groupCount: 1)
    connection.connection = CallerConnection.open(
      to: connection.known.address, hello, security: security, on: loop,
      CallerConnection.Callbacks(
        ready: { _ in
          connection.isReady = true
          connection.pause.succeed()
          connection.flush()
        },
        frame: { frame, bytes in
          if case .clientReply(let reply) = frame { self.take(reply, from: node, bytes: bytes) }
        },
        chunkEnd: { self.scheduleTurn() },
        closed: { _ in
          connection.isReady = false
          connection.connection = nil
          connection.outgoing.clear()
          connection.pause.fail(at: MonotonicClock.now, &self.random)
        }))
  }

  // MARK: From nodes

  private func take(_ reply: ClientReply, from node: NodeID, bytes: Int) {
    let now = MonotonicClock.now
    if replies == nil || replies!.take(reply, bytes: bytes, for: node.slot, at: now) {
      clients.receive(reply, from: node, at: now)
    }
  }

  private func takeDueReplies(at now: Instant) {
    guard replies != nil else { return }
    while let frame = replies!.popDue(at: now) {
      clients.receive(frame.payload, from: NodeID(UInt32(frame.peer)), at: now)
    }
  }
}

/// The way from a site's clients to one node.
private final class LoadConnection {
  let known: KnownNode
  var connection: CallerConnection?
  var isReady = false
  var pause = Backoff()
  var outgoing = ByteBufferAllocator().buffer(capacity: 0)
  var isTouched = false

  /// What may wait for a connection that is being opened: the clients ask again anyway.
  private static let limit = 4 << 20

  init(_ known: KnownNode) { self.known = known }

  func flush() {
    isTouched = false
    guard outgoing.readableBytes > 0 else { return }
    guard isReady, let connection else {
      if outgoing.readableBytes > LoadConnection.limit { outgoing.clear() }
      return
    }
    connection.send(outgoing)
    outgoing = ByteBufferAllocator().buffer(capacity: 0)
  }
}
