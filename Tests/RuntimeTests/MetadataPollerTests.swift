import Experiment
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Raft
import Synchronization
import Testing
import Wire

@testable import Runtime

/// The metadata service of a spot machine, in both of its versions, as a real HTTP server on loopback.
@Suite(.serialized) struct MetadataPollerTests {
  @Test(arguments: [true, false]) func anObserverLearnsOfItsInterruption(wantsToken: Bool) async throws {
    let service = try await MetadataService.start(wantsToken: wantsToken)
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    try await group.start(NodeID(11), .observer) {
      var source = InterruptionSource()
      source.metadata = NetworkAddress(host: "127.0.0.1", port: UInt16(service.port))
      source.interval = .milliseconds(20)
      $0.interruption = source
    }
    try await eventually("the service is not asked") { service.questions.withLock { $0 } >= 3 }
    #expect(try await !group.status(of: NodeID(11)).isRetiring)
    service.isInterrupted.withLock { $0 = true }
    try await eventually("the node does not know") { try await group.status(of: NodeID(11)).isRetiring }
    await group.stopAll()
    try await service.stop()
  }
}

/// A server that speaks as the EC2 instance metadata service does.
final class MetadataService: Sendable {
  let port: Int
  let isInterrupted = Mutex(false)
  let questions = Mutex(0)
  private let wantsToken: Bool
  private let channel: any Channel

  private init(_ channel: any Channel, wantsToken: Bool) {
    self.channel = channel
    self.wantsToken = wantsToken
    port = channel.localAddress!.port!
  }

  static func start(wantsToken: Bool) async throws -> MetadataService {
    let box = Mutex<MetadataService?>(nil)
    let shared = Box(box)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Answerer(shared))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let service = MetadataService(channel, wantsToken: wantsToken)
    shared.set(service)
    return service
  }

  func stop() async throws { try await channel.close() }

  private final class Box: Sendable {
    private let value: Mutex<MetadataService?>
    init(_ value: consuming Mutex<MetadataService?>) { self.value = value }
    func set(_ service: MetadataService) { value.withLock { $0 = service } }
    var service: MetadataService? { value.withLock { $0 } }
  }

  private final class Answerer: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let box: Box
    private var head: HTTPRequestHead?

    init(_ box: Box) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): self.head = head
      case .body: break
      case .end:
        let (status, text) = answer()
        var body = context.channel.allocator.buffer(capacity: text.utf8.count)
        body.writeString(text)
        let headers = HTTPHeaders([("Content-Length", "\(text.utf8.count)")])
        context.write(
          wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }

    private func answer() -> (HTTPResponseStatus, String) {
      guard let service = box.service, let head else { return (.internalServerError, "") }
      if head.uri == "/latest/api/token" {
        guard service.wantsToken else { return (.methodNotAllowed, "") }
        return head.method == .PUT ? (.ok, "the-token") : (.badRequest, "")
      }
      guard head.uri == "/latest/meta-data/spot/instance-action" else { return (.notFound, "") }
      service.questions.withLock { $0 += 1 }
      if service.wantsToken, head.headers.first(name: "X-aws-ec2-metadata-token") != "the-token" {
        return (.unauthorized, "")
      }
      guard service.isInterrupted.withLock({ $0 }) else { return (.notFound, "") }
      return (.ok, "{\"action\":\"terminate\",\"time\":\"2017-09-18T08:22:00Z\"}")
    }
  }
}
