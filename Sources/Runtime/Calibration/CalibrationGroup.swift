import Emulation
import Experiment
import KeyValue
import Logging
import NIOCore
import NIOPosix
import Raft
import Server
import Synchronization
import Wire
import Workload

/// Three voters in this process, for measurements.
struct CalibrationGroup {
  private let cluster: ClusterID
  private let nodes: [RunningNode]
  private let known: [KnownNode]

  /// Starts the nodes, with data under a directory, and waits until one leads.
  static func start(in directory: String) async throws -> CalibrationGroup {
    var generator = SystemRandomNumberGenerator()
    let cluster = ClusterID(high: generator.next(), low: generator.next())
    let ports = try await freePorts(3)
    let known = ports.enumerated().map { place, port in
      var node = KnownNode()
      node.node = NodeID(UInt32(place + 1))
      node.address = NetworkAddress(host: "127.0.0.1", port: port)
      return node
    }
    var nodes: [RunningNode] = []
    for node in known {
      var configuration = NodeConfiguration()
      (configuration.cluster, configuration.node, configuration.listen) = (cluster, node.node, node.address)
      configuration.data = "\(directory)/n\(node.node.rawValue)"
      configuration.nodes = known
      let log = Logger(label: "calibrate") { _ in SwiftLogNoOpLogHandler() }
      nodes.append(try await RunningNode.start(configuration, creates: true, log: log))
    }
    let group = CalibrationGroup(cluster: cluster, nodes: nodes, known: known)
    for _ in 0..<600 {
      if try await group.hasLeader() { return group }
      try await Task.sleep(for: .milliseconds(50))
    }
    await group.stop()
    throw NodeRefusal.network("no node leads within 30 s")
  }

  /// Ports that nobody listened on a moment ago.
  private static func freePorts(_ count: Int) async throws -> [UInt16] {
    var channels: [any Channel] = []
    for _ in 0..<count {
      channels.append(
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get())
    }
    let ports = channels.compactMap { $0.localAddress?.port }.map { UInt16($0) }
    for channel in channels { try await channel.close() }
    return ports
  }

  private func hasLeader() async throws -> Bool {
    for node in nodes where try await node.host.loop.submit({ node.host.status.part == .leader }).get() { return true }
    return false
  }

  /// Stops the nodes.
  func stop() async {
    for node in nodes { await node.stop() }
  }

  /// Drives the group with closed loops; answers what each node did meanwhile, and the operations per second.
  func drive(
    _ mix: OperationMix, clients: Int, bytes: Int, for span: TimeSpan
  ) async throws -> (works: [NodeWork], perSecond: Double) {
    let phase = LoadPhase(
      start: .zero, mix: mix, arrival: .closed(clients: clients, think: .zero), keys: .uniform, keyCount: 1_000,
      value: .constant(bytes), consistency: .linearizable)
    var load = try SiteClients(
      site: SiteID(0), place: SitePlace(index: 0, of: 1), servers: known.map(\.node), phases: [phase], stop: span,
      random: RandomSource(seed: 1))
    load.continueSessions(above: SequenceNumber(UInt64(MonotonicClock.now.nanoseconds)))
    var before: [NodeWork] = []
    for node in nodes { before.append(try await node.work()) }
    let count = Mutex(0)
    let began = MonotonicClock.now
    let generator = LoadGenerator(cluster: cluster, nodes: known, site: "local", sites: ["local"])
    try await generator.run(load, for: span, seed: 1) { record in
      if case .ok = record.outcome { count.withLock { $0 += 1 } }
    }
    let seconds = (MonotonicClock.now - began).seconds
    var works: [NodeWork] = []
    for (node, start) in zip(nodes, before) { works.append(try await node.work() - start) }
    return (works, Double(count.withLock { $0 }) / seconds)
  }

  /// The median round trip of a ping over a connection of its own.
  func roundTrip() async throws -> TimeSpan {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    return try await loop.flatSubmit {
      let pinger = Pinger(loop, pings: 500)
      pinger.start(to: known[0].address, of: cluster)
      return pinger.done.futureResult
    }.get()
  }
}

/// Sends pings over one connection, each after the answer to the one before. Confined to its loop.
private final class Pinger: @unchecked Sendable {
  let done: EventLoopPromise<TimeSpan>
  private let loop: any EventLoop
  private let pings: Int
  private var connection: CallerConnection?
  private var times: [TimeSpan] = []

  init(_ loop: any EventLoop, pings: Int) {
    self.loop = loop
    self.pings = pings
    done = loop.makePromise()
  }

  func start(to address: NetworkAddress, of cluster: ClusterID) {
    connection = CallerConnection.open(
      to: address, Hello(cluster: cluster, receiver: nil, sender: .client, groupCount: 1), security: nil, on: loop,
      CallerConnection.Callbacks(
        ready: { _ in self.ping() },
        frame: { frame, _ in
          guard case .pong(let pong) = frame else { return }
          self.times.append(MonotonicClock.now - pong.pingSentAt)
          if self.times.count < self.pings { self.ping() } else { self.connection?.close() }
        },
        chunkEnd: {},
        closed: { reason in
          guard !self.times.isEmpty else {
            return self.done.fail(NodeRefusal.network(reason ?? "the connection was closed"))
          }
          self.times.sort()
          self.done.succeed(self.times[self.times.count / 2])
          self.connection = nil
        }))
  }

  private func ping() {
    var frame = ByteBufferAllocator().buffer(capacity: 32)
    frame.writeFrame(.ping(Ping(sentAt: MonotonicClock.now)))
    connection?.send(frame)
  }
}
