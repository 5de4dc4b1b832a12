import Experiment
import NIOCore
import NIOSSL
import Raft
import Server
import Wire

/// One connection of the node port: with another node, a client or an administrator.
///
/// It lives on the host's loop. The first frame of whoever opened it must be a greeting, within a time limit and a small
/// size limit; a node must show a certificate that names it, where there is TLS. Frames are decoded where they lie;
/// anything that is no frame ends the connection, since where the next one begins is not to be believed.
final class FrameConnection: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Who is at the other end.
  enum Stage {
    /// Nobody has greeted yet.
    case callersGreeting
    /// This node greeted the node that the link leads to, and waits for the answer.
    case welcome(PeerLink)
    /// A node.
    case node(PeerLink)
    /// A client of the store, or whoever moves keys, under the number of the connection.
    case client(slot: Int)
    /// An administrator.
    case administrator
    /// It is over.
    case closed
  }

  /// How long a caller may take to greet, and a node to answer.
  static let patience = TimeAmount.seconds(5)

  private unowned let host: NodeHost
  private(set) var stage: Stage
  private var splitter = FrameSplitter(limits: .greeting)
  private var decoder = FrameDecoder(limits: .greeting)
  private(set) var channel: (any Channel)?
  private var patience: Scheduled<Void>?
  /// The last time anything came.
  private(set) var lastHeard: Instant
  /// The last time a ping was sent.
  var lastAsked = Instant(nanoseconds: 0)
  /// Answers of this turn.
  var outgoing: ByteBuffer
  /// Whether `outgoing` is to be flushed at the end of the turn.
  var isTouched = false
  /// Whether this node opened the connection.
  let wasOpenedHere: Bool

  /// A connection that somebody else opened, or one that this node opened to the node of a link.
  init(host: NodeHost, to link: PeerLink?) {
    self.host = host
    wasOpenedHere = link != nil
    stage = link.map { .welcome($0) } ?? .callersGreeting
    outgoing = ByteBufferAllocator().buffer(capacity: 0)
    lastHeard = MonotonicClock.now
  }

  // MARK: The channel

  func channelActive(context: ChannelHandlerContext) {
    // Descriptors that the log needs are not given to callers.
    guard wasOpenedHere || host.hasRoom else { return context.close(promise: nil) }
    channel = context.channel
    host.noteOpened(self)
    patience = context.eventLoop.scheduleTask(in: FrameConnection.patience) { [weak self] in self?.losePatience() }
    if case .welcome(let link) = stage {
      outgoing.writeFrame(.hello(host.greeting(for: link.node)))
      flush()
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    host.note("connection with \(peerName): \(error)")
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    lastHeard = host.turnTime()
    if case .node(let link) = stage { link.counters.bytesIn += UInt64(bytes.readableBytes) }
    bytes.withUnsafeReadableBytes { chunk in
      var cursor = 0
      do throws(WireError) {
        while let frame = try splitter.next(in: chunk, from: &cursor) {
          try take(frame)
          if case .closed = stage { return }
        }
      } catch {
        host.note("connection with \(peerName) is closed: \(error)")
        close()
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    host.scheduleTurn()
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    // A client that does not read its answers is not read from either.
    if case .client = stage {
      context.channel.setOption(.autoRead, value: context.channel.isWritable).whenFailure { _ in }
    }
    context.fireChannelWritabilityChanged()
  }

  /// Ends the connection.
  func close() {
    let channel = channel
    end()
    channel?.close(promise: nil)
  }

  private func losePatience() {
    switch stage {
    case .callersGreeting, .welcome: close()
    case .node, .client, .administrator, .closed: break
    }
  }

  private func end() {
    patience?.cancel()
    patience = nil
    let before = stage
    stage = .closed
    channel = nil
    host.noteClosed(self, before)
  }

  /// Sends what was written in this turn.
  func flush() {
    isTouched = false
    guard outgoing.readableBytes > 0 else { return }
    guard let channel else { return outgoing.clear() }
    let size = outgoing.readableBytes
    channel.writeAndFlush(outgoing, promise: nil)
    // The channel holds the bytes now; writing on into the same buffer would copy them.
    outgoing = channel.allocator.buffer(capacity: min(size, NodeHost.largestReserve))
  }

  private var peerName: String {
    switch stage {
    case .welcome(let link), .node(let link): "\(link.node)"
    case .callersGreeting: "a caller"
    case .client: "a client"
    case .administrator: "an administrator"
    case .closed: "nobody"
    }
  }

  // MARK: Frames

  private func take(_ frame: RawFrame) throws(WireError) {
    switch stage {
    case .node(let link):
      link.counters.framesIn += 1
      try takeFromNode(frame, link)
    case .client(let slot):
      host.meters.clientFrames += 1
      host.meters.clientBytes += UInt64(FrameHeader.size + frame.body.count)
      try takeFromClient(frame, slot)
    case .administrator: try takeFromAdministrator(frame)
    case .callersGreeting: try takeGreeting(frame)
    case .welcome(let link): try takeWelcome(frame, link)
    case .closed: break
    }
  }

  private func takeFromNode(_ frame: RawFrame, _ link: PeerLink) throws(WireError) {
    if let envelope = try decoder.envelope(frame) {
      // Nobody speaks for another: a relay passes on appends of the leader, and carries responses as its own message.
      guard envelope.sender == link.node, envelope.receiver == host.introduction.node else {
        host.meters.misaddressed += 1
        return
      }
      return host.process.take(envelope, at: lastHeard)
    }
    switch try decoder.frame(frame) {
    case .ping(let ping): answer(ping)
    case .pong(let pong): link.counters.roundTrip = lastHeard - pong.pingSentAt
    case .clientRequest(let request):
      // A node passes on what a client asked it for.
      host.take(request, from: ClientAddressBook.address(ofNode: link.node), at: lastHeard)
    case .clientReply(let reply): host.takeForwarded(reply, from: link.node)
    case .adminRequest(let request):
      // Nodes tell each other where others are, and nothing else is for them to order.
      guard case .introduce(let nodes) = request.order else { return refuse(frame) }
      host.learn(nodes)
    case .hello, .helloReply, .message, .shardRequest, .adminReply: refuse(frame)
    }
  }

  private func takeFromClient(_ frame: RawFrame, _ slot: Int) throws(WireError) {
    let address = host.addresses.address(of: slot)
    switch try decoder.frame(frame) {
    case .clientRequest(let request):
      // Answers of one turn are bounded too: a single look at the socket may bring hundreds of requests for large values.
      guard outgoing.readableBytes < NodeHost.choke.high else {
        return host.refuse(.busy, request.client, request.sequence, address)
      }
      host.take(request, from: address, at: lastHeard)
    case .shardRequest(let request): host.take(request, from: address, at: lastHeard)
    case .ping(let ping): answer(ping)
    default: refuse(frame)
    }
  }

  private func takeFromAdministrator(_ frame: RawFrame) throws(WireError) {
    switch try decoder.frame(frame) {
    case .adminRequest(let request):
      outgoing.writeFrame(.adminReply(AdminReply(id: request.id, answer: host.answer(request.order, at: lastHeard))))
      host.touch(self)
    case .ping(let ping): answer(ping)
    default: refuse(frame)
    }
  }

  private func answer(_ ping: Ping) {
    outgoing.writeFrame(.pong(Pong(pingSentAt: ping.sentAt, sentAt: lastHeard)))
    host.touch(self)
  }

  private func refuse(_ frame: RawFrame) {
    host.note("\(peerName) sent a frame of kind \(frame.header.kind) that is not for it to send")
    close()
  }

  // MARK: Greeting

  private func takeGreeting(_ frame: RawFrame) throws(WireError) {
    guard case .hello(let hello) = try decoder.frame(frame) else { return refuse(frame) }
    let answer = host.answer(to: hello, certificate: peerCertificate)
    outgoing.writeFrame(.helloReply(answer))
    flush()
    // The flush may have found the connection ended.
    if case .closed = stage { return }
    guard case .accepted = answer else { return closeAfterFlush() }
    patience?.cancel()
    take(limits: host.limits)
    switch hello.sender {
    case .node(let introduction):
      guard let link = host.link(to: introduction) else { return close() }
      stage = .node(link)
      host.attach(self, to: link)
    case .client: stage = host.addresses.add(.frames(self)).map { .client(slot: $0) } ?? .closed
    case .administrator: stage = .administrator
    }
    if case .closed = stage { close() }
  }

  private func takeWelcome(_ frame: RawFrame, _ link: PeerLink) throws(WireError) {
    guard case .helloReply(let reply) = try decoder.frame(frame) else { return refuse(frame) }
    switch reply {
    case .refused(let refusal):
      host.note("\(link.node) at \(link.address?.description ?? "an unknown address") refused this node: \(refusal)")
      close()
    case .accepted(let welcome):
      guard welcome.node.node == link.node, host.accepts(peerCertificate, of: link.node),
        !host.isAnotherStorage(welcome.node)
      else {
        host.note("\(link.address?.description ?? "a caller") says it is \(welcome.node.node), expected \(link.node)")
        return close()
      }
      patience?.cancel()
      take(limits: host.limits)
      stage = .node(link)
      _ = host.link(to: welcome.node)
      host.attach(self, to: link)
    }
  }

  private func take(limits: FrameLimits) {
    splitter.limits = limits
    decoder = FrameDecoder(limits: limits)
  }

  private func closeAfterFlush() {
    let channel = channel
    end()
    // Everything written so far is sent first.
    channel?.close(mode: .output, promise: nil)
    channel?.eventLoop.scheduleTask(in: .milliseconds(200)) { channel?.close(promise: nil) }
  }

  /// The certificate that the other end showed; nil without TLS.
  private var peerCertificate: NIOSSLCertificate? {
    guard let channel else { return nil }
    return try? channel.pipeline.syncOperations.handler(type: NIOSSLHandler.self).peerCertificate
  }
}
