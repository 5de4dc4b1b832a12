import Emulation
import HeapModule
import Raft
import Wire

/// Delays what a node sends as the link to the receiver would: the testbed's wide-area network, applied in the sender.
///
/// Every frame goes through the same link models as in the simulation, under this node's clock; each peer has a line of
/// its own, so that a bandwidth holds for the pair of nodes. Frames wait in the order of their due time, and those of one
/// ordered line never overtake each other. The shaper is a value: the host asks when the next frame is due, and takes
/// what is.
struct LinkShaper<Payload> {
  /// A frame on its way.
  struct Frame {
    /// When it leaves.
    var due: Instant
    /// The peer's slot.
    var peer: Int
    /// What is sent.
    var payload: Payload
  }

  /// The way to one peer: a network of two sites, this node at the first.
  private struct Line {
    var network: Network
    var isCut = false
  }

  private static var here: SiteID { SiteID(0) }
  private static var there: SiteID { SiteID(1) }
  private static var own: EndpointID { EndpointID(0) }
  private static var other: EndpointID { EndpointID(1) }

  private let seed: UInt64
  private var lines: ContiguousArray<Line?> = []
  private var waiting = Heap<Waiting>()
  private var nextOrder: UInt64 = 0

  /// A frame in the order of its due time, and of its arrival among equals.
  private struct Waiting: Comparable {
    var frame: Frame
    var order: UInt64
    static func < (left: Waiting, right: Waiting) -> Bool {
      left.frame.due != right.frame.due ? left.frame.due < right.frame.due : left.order < right.order
    }
    static func == (left: Waiting, right: Waiting) -> Bool { left.order == right.order }
  }

  /// A shaper without lines.
  init(seed: UInt64) { self.seed = seed }

  // MARK: Lines

  /// Whether there is a line to a peer.
  func knows(_ peer: Int) -> Bool { peer < lines.count && lines[peer] != nil }

  /// Lays a line to a peer.
  ///
  /// Throws ``NetworkError`` when a value of the model is out of range.
  mutating func addPeer(_ peer: Int, over model: LinkModel, now: Instant) throws(NetworkError) {
    while lines.count <= peer { lines.append(nil) }
    var table = LinkTable(LatencyMatrix.pair)
    table[LinkShaper.here, LinkShaper.there] = model
    var network = try Network(table, seed: seed ^ UInt64(peer) << 32, start: now)
    for site in [LinkShaper.here, LinkShaper.there] { _ = try network.addEndpoint(at: site) }
    lines[peer] = Line(network: network)
  }

  /// Sets the line to a peer anew.
  ///
  /// Throws ``NetworkError`` when a value is out of range; the line then stays as it was.
  mutating func set(_ update: LinkUpdate, at now: Instant) throws(NetworkError) {
    let peer = update.peer.slot
    if !knows(peer) { try addPeer(peer, over: LinkModel(delay: .zero), now: now) }
    var line = lines[peer]!
    for effect in update.effects {
      _ = try line.network.apply(LinkChange(.from([LinkShaper.here], to: [LinkShaper.there]), effect), at: now)
    }
    line.isCut = update.isPartitioned
    lines[peer] = line
  }

  /// Forgets what is on its way to a peer, as a connection that broke does.
  mutating func reset(_ peer: Int) {
    guard knows(peer) else { return }
    waiting = Heap(waiting.unordered.filter { $0.frame.peer != peer })
    lines[peer]!.network.resetConnections(of: LinkShaper.other)
  }

  // MARK: Frames

  /// Takes a frame of `bytes` bytes for a peer.
  ///
  /// - Returns: Whether the host is to send it at once, as for peers without a line.
  mutating func take(_ payload: Payload, bytes: Int, for peer: Int, at now: Instant) -> Bool {
    guard knows(peer) else { return true }
    guard !lines[peer]!.isCut else { return false }
    switch lines[peer]!.network.transmit(
      from: LinkShaper.own, to: LinkShaper.other, bytes: bytes, at: now)
    {
    case .deliver(let due): push(Frame(due: due, peer: peer, payload: payload))
    case .twice(let first, let second):
      push(Frame(due: first, peer: peer, payload: payload))
      push(Frame(due: second, peer: peer, payload: payload))
    case .lost, .blocked: break
    }
    return false
  }

  /// When the next frame is due; never when none is on its way.
  var nextDue: Instant { waiting.min?.frame.due ?? .distantFuture }

  /// Takes the next frame that is due and whose line is not cut.
  mutating func popDue(at now: Instant) -> Frame? {
    while nextDue <= now, let frame = waiting.popMin()?.frame {
      if let line = lines[frame.peer], !line.isCut { return frame }
    }
    return nil
  }

  private mutating func push(_ frame: Frame) {
    waiting.insert(Waiting(frame: frame, order: nextOrder))
    nextOrder += 1
  }
}

extension LatencyMatrix {
  /// Two sites at no distance: the models that are laid between them say how far they are.
  fileprivate static let pair = try! LatencyMatrix(sites: ["here", "there"], roundTrip: .zero, within: .zero)
}

extension LinkUpdate {
  /// What the update does to a link.
  var effects: [LinkEffect] {
    [
      .setDelay(delay), .setJitter(model), .setLoss(Double(lossPerMillion) / 1e6),
      .setBandwidth(bitsPerSecond.map { Bandwidth(bitsPerSecond: $0) }),
    ]
  }

  private var model: Emulation.Jitter {
    switch jitter {
    case .none: .none
    case .normal(let deviation): .normal(deviation: deviation)
    case .lognormal(let median, let sigma): .lognormal(median: median, sigma: sigma)
    case .gamma(let shape, let scale): .gamma(shape: shape, scale: scale)
    case .pareto(let shape, let scale): .pareto(shape: shape, scale: scale)
    }
  }
}
