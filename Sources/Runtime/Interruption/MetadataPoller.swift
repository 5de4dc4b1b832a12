import Experiment
import NIOCore
import NIOHTTP1
import NIOPosix
import Raft

/// Asks a spot machine's metadata service again and again whether the machine is to be interrupted.
///
/// It speaks both versions of the EC2 service: it asks for a session token first (`PUT /latest/api/token`) and goes on
/// without one where there is no such thing. `/latest/meta-data/spot/instance-action` is 404 until the notice, and then
/// says what happens and when. A service that does not answer is asked again at the next interval.
final class MetadataPoller: @unchecked Sendable {
  private let loop: any EventLoop
  private let target: NetworkAddress
  private let interval: TimeAmount
  private let onNotice: (InterruptionNoticeSource) -> Void
  private var isStopped = false
  /// Whether a token is asked for first; turned over when a conversation ends without an answer.
  private var asksForToken = true

  /// Makes a poller that calls `onNotice` on the loop, once.
  init(
    _ loop: any EventLoop, _ target: NetworkAddress, every interval: TimeSpan,
    onNotice: @escaping (InterruptionNoticeSource) -> Void
  ) {
    self.loop = loop
    self.target = target
    self.interval = .nanoseconds(interval.nanoseconds)
    self.onNotice = onNotice
  }

  /// Begins to ask; call it on the loop.
  func start() { ask() }

  /// Ends; call it on the loop.
  func stop() { isStopped = true }

  private func ask() {
    guard !isStopped else { return }
    let exchange = MetadataExchange(host: target.host, asksForToken: asksForToken)
    let asked = ClientBootstrap(group: loop)
      .connectTimeout(.seconds(1))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(exchange)
        }
      }
      .connect(host: target.host, port: Int(target.port))
    asked.whenFailure { _ in self.askLater() }
    asked.whenSuccess { channel in
      // A service that hangs is given up.
      let patience = self.loop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
      channel.closeFuture.whenComplete { _ in
        patience.cancel()
        if let notice = exchange.notice, !self.isStopped {
          self.isStopped = true
          self.onNotice(notice)
        } else {
          if !exchange.hasAnswer { self.asksForToken.toggle() }
          self.askLater()
        }
      }
    }
  }

  private func askLater() {
    guard !isStopped else { return }
    loop.scheduleTask(in: interval) { self.ask() }
  }
}

/// One conversation with the service: a token where there are tokens, then the question.
private final class MetadataExchange: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private enum Step { case token, action }

  /// The most bytes of an answer that are read.
  private static let limit = 4_096

  private let host: String
  private var step = Step.token
  private var token: String?
  private var status = HTTPResponseStatus.notFound
  private var body: [UInt8] = []
  private(set) var notice: InterruptionNoticeSource?
  /// Whether the service answered the question.
  private(set) var hasAnswer = false

  init(host: String, asksForToken: Bool) {
    self.host = host
    if !asksForToken { step = .action }
  }

  func channelActive(context: ChannelHandlerContext) {
    guard case .token = step else { return askForAction(context) }
    send(.PUT, "/latest/api/token", [("X-aws-ec2-metadata-token-ttl-seconds", "60")], context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = head.status
      body = []
    case .body(let bytes):
      guard body.count + bytes.readableBytes <= MetadataExchange.limit else { return context.close(promise: nil) }
      body.append(contentsOf: bytes.readableBytesView)
    case .end: answered(context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func answered(_ context: ChannelHandlerContext) {
    switch step {
    case .token:
      if status == .ok, let text = String(validating: body, as: UTF8.self), !text.utf8.contains(where: { $0 < 32 }) {
        token = text
      }
      step = .action
      askForAction(context)
    case .action:
      hasAnswer = true
      if status == .ok, let text = String(validating: body, as: UTF8.self) { notice = Self.notice(in: text) }
      context.close(promise: nil)
    }
  }

  private func askForAction(_ context: ChannelHandlerContext) {
    let headers = token.map { [("X-aws-ec2-metadata-token", $0)] } ?? []
    send(.GET, "/latest/meta-data/spot/instance-action", headers, context)
  }

  /// What `{"action":"terminate","time":"2017-09-18T08:22:00Z"}` says; nil for anything else.
  static func notice(in text: String) -> InterruptionNoticeSource? {
    func field(_ name: String) -> String? {
      guard let start = text.firstRange(of: "\"\(name)\"") else { return nil }
      let rest = text[start.upperBound...].drop { $0 == " " || $0 == ":" }
      guard rest.first == "\"" else { return nil }
      return String(rest.dropFirst().prefix { $0 != "\"" }.prefix(64))
    }
    guard let action = field("action"), let time = field("time") else { return nil }
    return .metadata(action: action, time: time)
  }

  private func send(
    _ method: HTTPMethod, _ path: String, _ fields: [(String, String)], _ context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders(fields)
    headers.add(name: "Host", value: host)
    headers.add(name: "Content-Length", value: "0")
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
