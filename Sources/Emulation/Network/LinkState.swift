import Raft

/// One direction of a link at work: its parameters unpacked for the path of a message, its queue, route and streams.
///
/// It holds no reference, so that using it in place in a table costs no retain.
struct LinkState: Sendable {
  /// What the network asks the link: when does a message leave it, and when does it arrive?
  enum Passage {
    case once(Instant)
    case twice(Instant, Instant)
    case lost
  }

  /// The most times that a segment is sent again before its connection gives it up.
  static let mostRetransmissions = 8
  /// The longest wait for one retransmission, whatever the doubling says (RFC 6298, 2.5).
  static let longestRetransmission = TimeSpan.seconds(60)
  /// The payload of a full segment: 1500 bytes less the headers of IPv4 and TCP with timestamps.
  static let segmentBytes = 1_448

  private var loss: Double
  private var duplication: Double
  /// Zero means unlimited.
  private var bitsPerSecond: UInt64
  /// How long the bytes that may wait take to send.
  private var queueSpan: TimeSpan
  private(set) var isOrdered: Bool
  /// When the line has sent all that it was given.
  private var freeAt = Instant.zero
  /// The delay and jitter of the route in use.
  private var travel: TimeSpan
  private var jitter: Jitter
  private var draws: RandomSource
  private(set) var route: RouteState
  var counters = LinkCounters()

  /// Makes the link in one direction; its two streams depend on the seed and the two sites only.
  init(_ model: LinkModel, from: SiteID, to: SiteID, seed: UInt64, start: Instant) {
    let stream = UInt64(from.rawValue) << 32 | UInt64(to.rawValue) << 8
    loss = 0
    duplication = 0
    bitsPerSecond = 0
    queueSpan = .zero
    isOrdered = true
    travel = .zero
    jitter = .none
    draws = RandomSource(seed: seed, stream: stream)
    route = RouteState(draws: RandomSource(seed: seed, stream: stream | 1))
    route.begin(model.routes, at: start)
    adopt(model)
  }

  /// Takes over a model's values except its routes; what is queued keeps its place.
  mutating func adopt(_ model: LinkModel) {
    loss = model.loss
    duplication = model.duplication
    bitsPerSecond = model.bandwidth?.bitsPerSecond ?? 0
    queueSpan = model.bandwidth?.time(forBytes: model.queueLimit) ?? .zero
    isOrdered = model.ordering == .ordered
    takeRoute(of: model)
  }

  /// Starts the model's routes anew.
  mutating func restartRoutes(_ routes: RouteClasses?, at now: Instant) { route.begin(routes, at: now) }

  /// Whether the route in use ends at or before `now`.
  @inline(__always)
  func routeIsOver(at now: Instant) -> Bool { route.until <= now }

  /// Moves on to the route in use at `now`.
  mutating func advanceRoute(of model: LinkModel, to now: Instant) {
    guard let routes = model.routes else { return }
    route.advance(routes, to: now)
    takeRoute(of: model)
  }

  private mutating func takeRoute(of model: LinkModel) {
    travel = model.delay
    jitter = model.jitter
    guard let class_ = model.routes?.classes[route.index] else { return }
    travel = TimeSpan(nanoseconds: Int64((Double(model.delay.nanoseconds) * class_.factor).rounded())) + class_.extra
    jitter = class_.jitter ?? model.jitter
  }

  /// How long a message that is sent now waits until the line is free for it.
  func wait(at now: Instant) -> TimeSpan { bitsPerSecond > 0 && freeAt > now ? freeAt - now : .zero }

  /// Takes one message over the link, in order of the calls; `retransmission` is the first wait for a lost segment.
  ///
  /// A random loss takes no capacity, nor does a retransmission: losses are rare where this model fits.
  @inline(__always)
  mutating func pass(bytes: Int, at now: Instant, retransmission: TimeSpan) -> Passage {
    counters.messages &+= 1
    counters.bytes &+= UInt64(truncatingIfNeeded: bytes)
    var delay = travel
    if loss > 0 {
      guard let extra = delayOfLosses(bytes: bytes, first: retransmission) else {
        counters.lost &+= 1
        return .lost
      }
      delay = delay + extra
    }
    var departure = now
    if bitsPerSecond > 0 {
      guard let sent = occupyLine(bytes: bytes, at: now) else { return .lost }
      departure = sent
    }
    guard jitter != .none || duplication > 0 else { return .once(departure + delay) }
    let arrival = departure + (delay + jitter.sample(&draws))
    guard duplication > 0, !isOrdered, draws.nextBool(probability: duplication) else { return .once(arrival) }
    counters.duplicated &+= 1
    let copy = departure + (delay + jitter.sample(&draws))
    return .twice(min(arrival, copy), max(arrival, copy))
  }

  /// What random losses add to the delay: nothing, the retransmissions' waits, or nil when the message is lost.
  private mutating func delayOfLosses(bytes: Int, first: TimeSpan) -> TimeSpan? {
    guard isOrdered else { return draws.nextBool(probability: loss) ? nil : .zero }
    var extra = TimeSpan.zero
    var wait = first
    var chance = Self.chanceOfAnyLoss(loss, segments: 1 + max(0, bytes - 1) / Self.segmentBytes)
    var lost = 0
    while draws.nextBool(probability: chance) {
      guard lost < Self.mostRetransmissions else { return nil }
      lost += 1
      extra = extra + wait
      wait = min(wait * 2, Self.longestRetransmission)
      chance = loss
    }
    if lost > 0 { counters.retransmitted &+= 1 }
    return extra
  }

  /// `1 - (1 - loss)^segments` by squaring: plain products have the same last bit on every machine.
  static func chanceOfAnyLoss(_ loss: Double, segments: Int) -> Double {
    if segments <= 1 { return loss }
    var kept = 1.0
    var power = 1 - loss
    var exponent = segments
    while exponent > 0 {
      if exponent & 1 == 1 { kept *= power }
      power *= power
      exponent >>= 1
    }
    return 1 - kept
  }

  /// When the last bit has left: behind all that came before; nil when the queue is full and drops.
  private mutating func occupyLine(bytes: Int, at now: Instant) -> Instant? {
    let duration = TimeSpan(
      nanoseconds: Bandwidth.nanoseconds(bytes: UInt64(clamping: bytes), bitsPerSecond: bitsPerSecond))
    if freeAt > now {
      // What waits is what the line has not sent yet, and this message.
      let backlog = freeAt - now
      if backlog > queueSpan || duration > queueSpan - backlog {
        counters.overflowed &+= 1
        if !isOrdered { return nil }
      }
      freeAt = freeAt + duration
    } else {
      freeAt = now + duration
    }
    return freeAt
  }
}

/// Where a link stands in its chain of routes.
struct RouteState: Sendable {
  /// The route in use.
  private(set) var index = 0
  /// When it ends.
  private(set) var until = Instant.distantFuture
  private var draws: RandomSource

  init(draws: RandomSource) { self.draws = draws }

  /// Starts with the first route; no routes, or a single one, never change.
  mutating func begin(_ routes: RouteClasses?, at now: Instant) {
    index = 0
    until = .distantFuture
    if let routes, routes.classes.count > 1 { until = now + hold(routes.classes[0]) }
  }

  mutating func advance(_ routes: RouteClasses, to now: Instant) {
    let classes = routes.classes
    while until <= now {
      index = successor(in: classes)
      until = until + hold(classes[index])
    }
  }

  /// Another route than the one in use, by weight.
  private mutating func successor(in classes: [RouteClass]) -> Int {
    var total = 0.0
    for other in classes.indices where other != index { total += classes[other].weight }
    var rest = draws.nextUnit() * total
    var last = index
    for other in classes.indices where other != index {
      last = other
      rest -= classes[other].weight
      if rest < 0 { break }
    }
    return last
  }

  /// How long a route stays, at least a microsecond so that time goes on.
  private mutating func hold(_ route: RouteClass) -> TimeSpan {
    let nanoseconds = (Double(route.hold.nanoseconds) * draws.nextExponential()).rounded()
    return TimeSpan(nanoseconds: max(1_000, Int64(min(nanoseconds, 9e18))))
  }
}
