import NIOCore
import NIOHTTP1
import NIOPosix
import Raft
import Wire

/// Serves a node's metrics (`/metrics`, Prometheus text format) and its status (`/status`, JSON) on loopback.
final class StatusPage: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private unowned let host: NodeHost
  private var head: HTTPRequestHead?

  init(host: NodeHost) { self.host = host }

  /// Puts the page on a connection; requests are bounded by the HTTP decoder and have no body worth reading.
  static func attach(to pipeline: ChannelPipeline.SynchronousOperations, host: NodeHost) throws {
    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
    try pipeline.addHandler(StatusPage(host: host))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      self.head = nil
      answer(head, context)
    }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var status = HTTPResponseStatus.ok
    var type = "text/plain; charset=utf-8"
    let text: String
    switch (head.method, head.uri) {
    case (.GET, "/metrics"):
      type = "text/plain; version=0.0.4; charset=utf-8"
      text = host.metricsText()
    case (.GET, "/status"):
      type = "application/json"
      text = host.statusText()
    case (.GET, "/"):
      text = "eraft node \(host.introduction.node.rawValue): /metrics for Prometheus, /status for JSON\n"
    case (.GET, _):
      status = .notFound
      text = "found \(head.uri.prefix(128)), expected /metrics or /status\n"
    default:
      status = .methodNotAllowed
      text = "found \(head.method.rawValue), expected GET\n"
    }
    var body = context.channel.allocator.buffer(capacity: text.utf8.count)
    body.writeString(text)
    var headers = HTTPHeaders()
    headers.add(name: "Content-Type", value: type)
    headers.add(name: "Content-Length", value: "\(body.readableBytes)")
    if !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: status, headers: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    let isLast = !head.isKeepAlive
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      if isLast { bound.value.close(promise: nil) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
