import Experiment
import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Raft
import Server
import Storage
import Synchronization
import Wire

/// A node of a real group: one process, one event loop, and for members one thread that writes the log.
public final class RunningNode: Sendable {
  private let group: MultiThreadedEventLoopGroup
  let host: NodeHost
  private let servers: [any Channel]
  private let disk: StorageWriter?
  private let poller: MetadataPoller?
  private let end: EventLoopPromise<NodeEnd>
  private let isStopping = Mutex(false)

  /// The address where the node listens for other nodes; the port that the system chose, when it was to.
  public let address: NetworkAddress
  /// The address where the node listens for clients that speak RESP2.
  public let clients: NetworkAddress?
  /// The address of the status page.
  public let status: NetworkAddress?

  /// How a node ends.
  public enum NodeEnd: Sendable, Hashable {
    /// It was asked to.
    case asked
    /// It stopped rather than risk what was committed, or its disk failed.
    case failed(String)
  }

  private init(
    _ group: MultiThreadedEventLoopGroup, _ host: NodeHost, _ listeners: Listeners, disk: StorageWriter?,
    poller: MetadataPoller?, end: EventLoopPromise<NodeEnd>
  ) {
    self.group = group
    self.host = host
    self.disk = disk
    self.poller = poller
    self.end = end
    servers = listeners.all
    address = listeners.nodes
    clients = listeners.clients
    status = listeners.status
  }

  /// Starts a node.
  ///
  /// A member's directory must have been set up before, unless `creates` says that this is its first start: a member that
  /// lost its disk must not come back as if nothing had happened.
  ///
  /// Throws ``NodeRefusal`` when it cannot start.
  public static func start(
    _ configuration: NodeConfiguration, creates: Bool = false, log: Logger
  ) async throws(NodeRefusal) -> RunningNode {
    try await start(NodeBirth(configuration, creates: creates), log: log)
  }

  /// Starts a node whose directory is open.
  static func start(_ birth: NodeBirth, log: Logger) async throws(NodeRefusal) -> RunningNode {
    let security: TransportSecurity?
    do throws(SecurityRefusal) {
      security = try birth.configuration.tls.map { files throws(SecurityRefusal) in try TransportSecurity(files) }
    } catch {
      throw .security(error)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      return try await loop.flatSubmit {
        Self.start(birth, security, group, loop, log)
      }.get()
    } catch {
      birth.abandon()
      try? await group.shutdownGracefully()
      throw (error as? NodeRefusal) ?? .network("\(error)")
    }
  }

  /// Waits until the node has ended by itself or was asked to stop by an administrator.
  public func waitForEnd() async -> NodeEnd {
    (try? await end.futureResult.get()) ?? .asked
  }

  /// Ends the wait of ``waitForEnd()``.
  public func askToStop() { end.succeed(.asked) }

  /// Tells the node that its machine is to go.
  public func interrupt() {
    host.loop.execute { self.host.leave(.signal, at: MonotonicClock.now) }
  }

  /// Reports something to the driver, in order with what happens to the node.
  func report(_ report: NodeReport) {
    host.loop.execute {
      self.host.reports?.note(report)
      self.host.reports?.flush()
    }
  }

  /// Reports what the node did so far.
  func reportSample() { host.loop.execute { self.host.reportSample() } }

  /// Stops in good order: hands leadership over, lets what is under way end, closes connections and the log. Once it was
  /// called, further calls do nothing.
  public func stop() async {
    guard
      isStopping.withLock({ before in
        defer { before = true }
        return !before
      })
    else { return }
    try? await host.loop.flatSubmit {
      self.poller?.stop()
      return self.host.windDown()
    }.get()
    for server in servers { try? await server.close() }
    try? await host.loop.submit { self.host.closeEverything() }.get()
    if let disk { await RunningNode.join(disk) }
    end.succeed(.asked)
    try? await group.shutdownGracefully()
  }

  /// Waits for the thread that writes the log to end, on a thread that may wait.
  private static func join(_ disk: StorageWriter) async {
    await withCheckedContinuation { done in
      Thread.detachNewThread {
        disk.stop()
        done.resume()
      }
    }
  }

  // MARK: Starting

  private static func start(
    _ birth: NodeBirth, _ security: TransportSecurity?, _ group: MultiThreadedEventLoopGroup, _ loop: any EventLoop,
    _ log: Logger
  ) -> EventLoopFuture<RunningNode> {
    let configuration = birth.configuration
    let host: NodeHost
    do {
      host = NodeHost(
        loop: loop, configuration: configuration, introduction: birth.introduction, process: try birth.process(),
        security: security, random: birth.random, life: birth.life, log: log)
      try host.layLines()
    } catch {
      return loop.makeFailedFuture(error)
    }
    host.reports = birth.reports
    let end = loop.makePromise(of: NodeEnd.self)
    host.onFailure = { end.succeed(.failed($0)) }
    host.onStopAsked = { end.succeed(.asked) }
    let disk = birth.openDisk { report in loop.execute { host.take(report) } }
    host.disk = disk
    host.placesChanged()
    let poller = configuration.interruption.map { source in
      MetadataPoller(loop, source.metadata, every: source.interval) { host.leave($0, at: MonotonicClock.now) }
    }
    return Listeners.open(for: host, group: loop).map { listeners in
      host.listenAddress = listeners.nodes
      poller?.start()
      host.startCare()
      host.scheduleTurn()
      return RunningNode(group, host, listeners, disk: disk, poller: poller, end: end)
    }.flatMapError { error in
      // Nothing is left of a node that cannot listen: the log's lock is given back, and nobody waits for its end.
      host.closeEverything()
      end.succeed(.asked)
      let failure = loop.makePromise(of: RunningNode.self)
      Task.detached {
        if let disk { await join(disk) }
        failure.fail(error)
      }
      return failure.futureResult
    }
  }
}

/// Why a node cannot start.
public enum NodeRefusal: Error, Sendable, CustomStringConvertible {
  /// The configuration lacks something.
  case configuration(String)
  /// The files of mutual TLS cannot be used.
  case security(SecurityRefusal)
  /// The disk cannot be used.
  case storage(StorageError)
  /// What the disk holds is no state to start from.
  case server(ServerRefusal)
  /// An address cannot be listened on.
  case network(String)

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .configuration(let text): text
    case .security(let refusal): "\(refusal)"
    case .storage(let error): "\(error)"
    case .server(let refusal): "\(refusal)"
    case .network(let text): text
    }
  }
}
