import Emulation
import Experiment
import NIOCore
import NIOPosix
import Raft
import Server
import Wire

/// What goes to other nodes, and the connections that it goes over.
extension NodeHost {
  /// How much may wait in a connection before frames for it are lost: what a follower cannot take in time is repeated
  /// anyway, and memory is bounded.
  static let choke = ChannelOptions.Types.WriteBufferWaterMark(low: 4 << 20, high: 16 << 20)
  /// The most bytes that are set aside for what a turn will say to a node.
  static let largestReserve = 256 << 10
  /// The time between two looks at all connections.
  static let careInterval = TimeSpan.milliseconds(500)
  /// A connection over which nothing came for this long is asked for a sign of life.
  static let quiet = TimeSpan.seconds(1)
  /// A connection over which nothing came for this long is closed.
  static let dead = TimeSpan.seconds(5)

  // MARK: Sending

  /// Sends a message to the node that gets it first.
  func send(_ envelope: Envelope) {
    guard let link = peers[envelope.receiver] else {
      meters.unknownReceivers += 1
      return
    }
    let size = FrameEncoder.size(of: envelope)
    guard isReady(link) else { return }
    if shaper == nil {
      link.outgoing.writeMessage(envelope, size: size)
      touch(link, bytes: size)
    } else {
      var frame = allocator.buffer(capacity: size)
      frame.writeMessage(envelope, size: size)
      shape(frame, to: link)
    }
  }

  /// Sends a frame as the link's model lets it through. Its delay counts from now, not from the beginning of the turn: a loop
  /// that was busy must not make a link shorter.
  private func shape(_ frame: ByteBuffer, to link: PeerLink) {
    var frame = frame
    let size = frame.readableBytes
    guard shaper!.take(frame, bytes: size, for: link.node.slot, at: MonotonicClock.now) else { return }
    link.outgoing.writeBuffer(&frame)
    touch(link, bytes: size)
  }

  /// Writes a frame that is no message of the protocol; false when the link is down or choked, and nothing was written.
  @discardableResult
  func writeDirectly(to link: PeerLink, evenIfChoked: Bool = false, _ write: (inout ByteBuffer) -> Void) -> Bool {
    guard isReady(link) || (evenIfChoked && link.isUp) else { return false }
    if shaper == nil {
      let before = link.outgoing.readableBytes
      write(&link.outgoing)
      touch(link, bytes: link.outgoing.readableBytes - before)
    } else {
      var frame = allocator.buffer(capacity: 256)
      write(&frame)
      shape(frame, to: link)
    }
    scheduleFlush()
    return true
  }

  /// Moves what the links' models let through by now to the connections.
  func sendDueFrames() {
    guard shaper != nil else { return }
    let now = MonotonicClock.now
    while var frame = shaper!.popDue(at: now) {
      guard let link = peers.linkAtSlot(frame.peer), isReady(link) else { continue }
      let size = frame.payload.readableBytes
      link.outgoing.writeBuffer(&frame.payload)
      touch(link, bytes: size)
    }
  }

  private func touch(_ link: PeerLink, bytes: Int) {
    link.counters.framesOut += 1
    link.counters.bytesOut += UInt64(bytes)
    guard !link.isTouched else { return }
    link.isTouched = true
    peers.touched.append(link)
  }

  func flush(_ link: PeerLink) {
    link.isTouched = false
    guard let channel = link.connection?.channel else { return link.outgoing.clear() }
    let size = link.outgoing.readableBytes
    channel.writeAndFlush(link.outgoing, promise: nil)
    // The channel holds the bytes now: writing on into the same buffer would copy them. The next turn is like this one.
    link.outgoing = allocator.buffer(capacity: min(size, NodeHost.largestReserve))
  }

  /// Whether a frame can be sent now; begins to open a connection where there is none.
  func isReady(_ link: PeerLink) -> Bool {
    if let channel = link.connection?.channel, channel.isWritable { return true }
    link.counters.dropped += 1
    if link.connection == nil { dial(link) }
    return false
  }

  // MARK: Opening connections

  func dial(_ link: PeerLink) {
    guard !link.isDialling, link.connection == nil, !isStopping, let address = link.address, address.port > 0,
      link.pause.isOver(at: MonotonicClock.now)
    else { return }
    link.isDialling = true
    let connection = FrameConnection(host: self, to: link)
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(.seconds(2))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.writeBufferWaterMark, value: NodeHost.choke)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let security = self.security {
            try channel.pipeline.syncOperations.addHandler(security.clientHandler())
          }
          try channel.pipeline.syncOperations.addHandler(connection)
        }
      }
    bootstrap.connect(host: address.host, port: Int(address.port)).whenFailure { _ in
      // A channel that never became active says nothing of its end.
      guard case .welcome = connection.stage, connection.channel == nil else { return }
      link.isDialling = false
      link.pause.fail(at: MonotonicClock.now, &self.random)
    }
  }

  /// Takes a connection whose other end is known into use.
  func attach(_ connection: FrameConnection, to link: PeerLink) {
    link.isDialling = false
    let superfluous = link.attach(connection, own: introduction.node)
    superfluous?.close()
    guard superfluous !== connection else { return }
    link.pause.succeed()
    link.counters.connections += 1
    // What this node knows of others may be news to that one.
    writeDirectly(to: link) { $0.writeFrame(.adminRequest(AdminRequest(id: 0, order: .introduce(knownAddresses)))) }
  }

  /// The link to a node that called.
  func link(to caller: NodeIntroduction) -> PeerLink? {
    guard let link = peers.link(to: caller.node, allocator: allocator) else { return nil }
    let before = link.introduction
    link.introduction = caller
    // The connection of an earlier life is over, whether or not its end has been noticed.
    if let before, before.incarnation != caller.incarnation { link.connection?.close() }
    if before?.incarnation != caller.incarnation { spreadAddresses() }
    if before?.role != caller.role || before?.locality != caller.locality { placesChanged() }
    return link
  }

  // MARK: Care

  /// Looks after the connections, now and again and again: a node that is to be asked for its vote should not have to be
  /// called first.
  func startCare() {
    for link in peers.links { dial(link) }
    careLater()
  }

  private func careLater() {
    loop.scheduleTask(in: .nanoseconds(NodeHost.careInterval.nanoseconds)) { [weak self] in
      guard let self else { return }
      self.care()
      self.careLater()
    }
  }

  private func care() {
    let now = MonotonicClock.now
    for link in peers.links {
      guard let connection = link.connection else {
        dial(link)
        continue
      }
      let silence = now - connection.lastHeard
      if silence >= NodeHost.dead {
        note("\(link.node) was silent for \(silence): the connection is closed")
        connection.close()
      } else if silence >= NodeHost.quiet, now - connection.lastAsked >= NodeHost.quiet {
        connection.lastAsked = now
        writeDirectly(to: link) { $0.writeFrame(.ping(Ping(sentAt: now))) }
      }
    }
    giveUpForwarded(before: now)
  }
}
