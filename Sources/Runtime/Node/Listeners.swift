import Experiment
import NIOCore
import NIOPosix
import NIOSSL

/// The sockets that a node listens on.
struct Listeners: Sendable {
  /// All of them.
  var all: [any Channel] = []
  /// Where other nodes connect.
  var nodes: NetworkAddress
  /// Where clients connect that speak RESP2.
  var clients: NetworkAddress?
  /// Where the status page is.
  var status: NetworkAddress?

  /// Opens the sockets that the host's configuration asks for, all or none.
  static func open(for host: NodeHost, group: any EventLoop) -> EventLoopFuture<Listeners> {
    let configuration = host.configuration
    let addresses: [(Kind, NetworkAddress?)] = [
      (.nodes, configuration.listen), (.clients, configuration.clients), (.status, configuration.status),
    ]
    let wanted = addresses.compactMap { kind, address in address.map { (kind: kind, address: $0) } }
    let opened = wanted.map { kind, address in open(kind, address, host, group) }
    return EventLoopFuture.whenAllComplete(opened, on: group).flatMapThrowing { results in
      var listeners = Listeners(nodes: configuration.listen)
      var failure: (any Error)?
      for (want, result) in zip(wanted, results) {
        switch result {
        case .success(let channel): listeners.note(want.kind, want.address, channel)
        case .failure(let error):
          failure =
            failure ?? NodeRefusal.network("cannot listen on \(want.address) for \(want.kind.rawValue): \(error)")
        }
      }
      if let failure {
        for channel in listeners.all { channel.close(promise: nil) }
        throw failure
      }
      return listeners
    }
  }

  private enum Kind: String {
    case nodes
    case clients
    case status
  }

  private mutating func note(_ kind: Kind, _ address: NetworkAddress, _ channel: any Channel) {
    all.append(channel)
    let bound = NetworkAddress(host: address.host, port: UInt16(channel.localAddress?.port ?? Int(address.port)))
    switch kind {
    case .nodes: nodes = bound
    case .clients: clients = bound
    case .status: status = bound
    }
  }

  private static func open(
    _ kind: Kind, _ address: NetworkAddress, _ host: NodeHost, _ group: any EventLoop
  ) -> EventLoopFuture<any Channel> {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: NodeHost.choke)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          switch kind {
          case .status: try StatusPage.attach(to: pipeline, host: host)
          case .nodes:
            if let security = host.security { try pipeline.addHandler(security.serverHandler()) }
            try pipeline.addHandler(FrameConnection(host: host, to: nil))
          case .clients:
            if let security = host.security { try pipeline.addHandler(security.serverHandler()) }
            try pipeline.addHandler(RESPHandler(host: host))
          }
        }
      }
      .bind(host: address.host, port: Int(address.port))
  }
}
