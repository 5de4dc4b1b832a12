import Experiment
import NIOCore
import NIOPosix
import NIOSSL
import Raft
import Wire

/// A connection that a client or an administrator opens to a node's port.
final class CallerConnection: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What the caller is told.
  struct Callbacks {
    /// The node answered the greeting.
    var ready: (Welcome) -> Void
    /// A frame came.
    var frame: (Frame, _ bytes: Int) -> Void
    /// A chunk of input has been looked at.
    var chunkEnd: () -> Void
    /// The connection ended, or never came about; why, when that is known.
    var closed: (String?) -> Void
  }

  private let hello: Hello
  private let security: TransportSecurity?
  private let callbacks: Callbacks
  private var splitter = FrameSplitter(limits: FrameLimits())
  private let decoder = FrameDecoder()
  private(set) var channel: (any Channel)?
  private var isReady = false
  private var isClosed = false
  private var reason: String?

  private init(_ hello: Hello, _ security: TransportSecurity?, _ callbacks: Callbacks) {
    self.hello = hello
    self.security = security
    self.callbacks = callbacks
  }

  /// Opens a connection; everything happens on the loop.
  static func open(
    to address: NetworkAddress, _ hello: Hello, security: TransportSecurity?, on loop: any EventLoop,
    _ callbacks: Callbacks
  ) -> CallerConnection {
    let connection = CallerConnection(hello, security, callbacks)
    ClientBootstrap(group: loop)
      .connectTimeout(.seconds(2))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let security { try channel.pipeline.syncOperations.addHandler(security.clientHandler()) }
          try channel.pipeline.syncOperations.addHandler(connection)
        }
      }
      .connect(host: address.host, port: Int(address.port))
      .whenFailure { error in connection.end("\(error)") }
    return connection
  }

  /// Sends frames.
  func send(_ frames: ByteBuffer) { channel?.writeAndFlush(frames, promise: nil) }

  /// Ends the connection.
  func close() {
    channel?.close(promise: nil)
    end(nil)
  }

  // MARK: The channel

  func channelActive(context: ChannelHandlerContext) {
    channel = context.channel
    var greeting = context.channel.allocator.buffer(capacity: 128)
    greeting.writeFrame(.hello(hello))
    send(greeting)
    context.eventLoop.scheduleTask(in: FrameConnection.patience) { [weak self] in
      guard let self, !self.isReady else { return }
      self.reason = "no answer to the greeting"
      self.close()
    }
  }

  func channelInactive(context: ChannelHandlerContext) { end(reason) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    reason = "\(error)"
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withUnsafeReadableBytes { chunk in
      var cursor = 0
      do throws(WireError) {
        while !isClosed, let raw = try splitter.next(in: chunk, from: &cursor) {
          take(try decoder.frame(raw), bytes: FrameHeader.size + raw.body.count)
        }
      } catch {
        reason = "\(error)"
        close()
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { callbacks.chunkEnd() }

  private func take(_ frame: Frame, bytes: Int) {
    guard !isReady else { return callbacks.frame(frame, bytes) }
    switch frame {
    case .helloReply(.accepted(let welcome)):
      guard isGenuine(welcome.node.node) else {
        reason = "the other end says that it is \(welcome.node.node), but shows no certificate of it"
        return close()
      }
      isReady = true
      callbacks.ready(welcome)
    case .helloReply(.refused(let refusal)):
      reason = "\(refusal)"
      close()
    default:
      reason = "the other end did not greet"
      close()
    }
  }

  /// Whether the other end is the node that it says it is, and the one that was to be reached.
  private func isGenuine(_ node: NodeID) -> Bool {
    if let wanted = hello.receiver, wanted != node { return false }
    guard security != nil else { return true }
    let shown = try? channel?.pipeline.syncOperations.handler(type: NIOSSLHandler.self).peerCertificate
    return TransportSecurity.certificate(shown ?? nil, names: TransportSecurity.name(of: node))
  }

  private func end(_ reason: String?) {
    guard !isClosed else { return }
    isClosed = true
    channel = nil
    callbacks.closed(reason ?? self.reason)
  }
}
