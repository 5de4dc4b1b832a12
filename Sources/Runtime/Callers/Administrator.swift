import Experiment
import NIOCore
import NIOPosix
import Raft
import Wire

/// Asks nodes for their status and has them change the membership.
public struct Administrator: Sendable {
  /// The cluster that is administered.
  public var cluster: ClusterID
  private let security: TransportSecurity?
  private let group: any EventLoopGroup

  /// How long a node may take to answer.
  public static let patience = TimeSpan.seconds(10)

  /// Makes an administrator of a cluster; `tls` names its certificate, when the nodes want one.
  ///
  /// Throws ``SecurityRefusal`` when the files cannot be used.
  public init(
    of cluster: ClusterID, tls: TLSFiles?, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) throws(SecurityRefusal) {
    self.cluster = cluster
    self.group = group
    security = try tls.map { files throws(SecurityRefusal) in try TransportSecurity(files) }
  }

  /// Asks one node; throws ``AdministrationError`` when there is no answer.
  public func ask(_ order: AdminOrder, of address: NetworkAddress) async throws(AdministrationError) -> AdminAnswer {
    let loop = group.next()
    do {
      return try await loop.flatSubmit { self.ask(order, address, on: loop) }.get()
    } catch {
      throw (error as? AdministrationError) ?? AdministrationError(address: address, reason: "\(error)")
    }
  }

  private func ask(
    _ order: AdminOrder, _ address: NetworkAddress, on loop: any EventLoop
  ) -> EventLoopFuture<AdminAnswer> {
    let promise = loop.makePromise(of: AdminAnswer.self)
    let box = NIOLoopBoundBox<CallerConnection?>(nil, eventLoop: loop)
    let timeout = loop.scheduleTask(in: .nanoseconds(Administrator.patience.nanoseconds)) {
      promise.fail(AdministrationError(address: address, reason: "no answer within \(Administrator.patience)"))
    }
    let hello = Hello(cluster: cluster, receiver: nil, sender: .administrator, groupCount: 1)
    box.value = CallerConnection.open(
      to: address, hello, security: security, on: loop,
      CallerConnection.Callbacks(
        ready: { _ in
          var frame = ByteBufferAllocator().buffer(capacity: 128)
          frame.writeFrame(.adminRequest(AdminRequest(id: 1, order: order)))
          box.value?.send(frame)
        },
        frame: { frame, _ in
          if case .adminReply(let reply) = frame { promise.succeed(reply.answer) }
        },
        chunkEnd: {},
        closed: { reason in
          promise.fail(AdministrationError(address: address, reason: reason ?? "the connection was closed"))
        }))
    return promise.futureResult.always { _ in
      timeout.cancel()
      box.value?.close()
      box.value = nil
    }
  }
}

/// Why a node did not answer.
public struct AdministrationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The node's address.
  public var address: NetworkAddress
  /// What went wrong.
  public var reason: String

  /// The value as a sentence.
  public var description: String { "\(address) does not answer: \(reason)" }
}
