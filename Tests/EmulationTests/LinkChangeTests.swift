import Raft
import Testing

@testable import Emulation

struct LinkChangeTests {
  @Test(arguments: [
    (LinkSelection.all, 9), (.betweenSites, 6), (.withinSites, 3), (.from([a], to: [b, c]), 2),
    (.between([a], [b, c]), 4), (.between([a], [a]), 1), (.touching([b]), 4),
  ])
  func selectionsChangeTheirLinksOnly(selection: LinkSelection, count: Int) throws {
    let network = try Network.triangle()
    #expect(try network.apply(LinkChange(selection, .setDelay(.milliseconds(7))), at: .zero) == count)
    var changed = 0
    for from in [a, b, c] {
      for to in [a, b, c] {
        let isMeant = selection.contains(from, to)
        if isMeant { changed += 1 }
        let configured = from == to ? TimeSpan.microseconds(100) : .milliseconds(20)
        #expect(network.link(from: from, to: to).delay == (isMeant ? .milliseconds(7) : configured))
      }
    }
    #expect(changed == count)
  }

  @Test func aScaledDelayIsRelativeToTheConfiguredOne() throws {
    let network = try Network.triangle()
    let change = LinkChange(.from([a], to: [b]), .scaleDelay(2.5))
    try network.apply(change, at: .zero)
    #expect(try network.apply(change, at: .zero) == 0)
    #expect(network.arrival(0, 1, at: .zero) == .milliseconds(50))
    #expect(network.arrival(1, 0, at: .zero) == .milliseconds(20))
    try network.apply(LinkChange(.all, .scaleDelay(1)), at: .zero)
    // Order is kept with what was sent while the link was slow.
    #expect(network.arrival(0, 1, at: .milliseconds(1)) == .milliseconds(50))
    #expect(network.arrival(0, 1, at: .milliseconds(31)) == .milliseconds(51))
  }

  @Test func restoringUndoesEveryChange() throws {
    let network = try Network.triangle { $0.jitter = .normal(deviation: .milliseconds(1)) }
    let configured = network.link(from: a, to: b)
    let effects: [LinkEffect] = [
      .setDelay(.seconds(1)), .setJitter(.none), .setLoss(0.1), .setDuplication(0.2), .setQueueLimit(5),
      .setBandwidth(Bandwidth(bitsPerSecond: 1_000_000)), .setOrdering(.unordered), .setRoutes(.cloud),
    ]
    for effect in effects { #expect(try network.apply(LinkChange(.between([a], [b]), effect), at: .zero) == 2) }
    #expect(network.link(from: a, to: b).queueLimit == 5)
    #expect(try network.apply(LinkChange(.all, .restore), at: .zero) == 2)
    #expect(network.link(from: a, to: b) == configured)
  }

  @Test(arguments: [
    LinkEffect.setDelay(.seconds(-1)), .setDelay(.seconds(61)), .scaleDelay(-1), .scaleDelay(.nan),
    .scaleDelay(1e300), .setLoss(1.1), .setLoss(.nan), .setDuplication(-0.1), .setQueueLimit(-1),
    .setBandwidth(Bandwidth(bitsPerSecond: 0)), .setRoutes(RouteClasses([])),
    .setRoutes(RouteClasses([RouteClass(hold: .zero)])),
    .setRoutes(RouteClasses([RouteClass(factor: -1, hold: .seconds(1))])),
    .setRoutes(RouteClasses([RouteClass(hold: .seconds(1), weight: 0)])),
  ])
  func impossibleValuesChangeNothing(effect: LinkEffect) throws {
    let network = try Network.triangle()
    #expect(throws: NetworkError.self) { try network.apply(LinkChange(.betweenSites, effect), at: .zero) }
    #expect(network.link(from: a, to: b) == network.link(from: c, to: a))
    #expect(network.arrival(0, 1, at: .zero) == .milliseconds(20))
    #expect(throws: NetworkError.unknownSite(SiteID(7))) {
      try network.apply(LinkChange(.touching([SiteID(7)]), .restore), at: .zero)
    }
  }
}

struct RouteTests {
  static let two = RouteClasses([
    RouteClass(factor: 1, hold: .seconds(30)),
    RouteClass(factor: 1.5, extra: .milliseconds(1), hold: .seconds(10)),
  ])

  @Test func delaysFollowTheRouteInUse() throws {
    let network = try Network.triangle(seed: 12) { $0.routes = Self.two }
    #expect(network.arrival(0, 1, at: .zero) == .milliseconds(20))
    var seconds = [0, 0]
    var changes = 0
    var last = 0
    for second in 1...40_000 {
      let now = Instant.milliseconds(Int64(second) * 1_000)
      let arrival = try #require(network.arrival(0, 1, at: now))
      let route = network.route(from: a, to: b, at: now)
      if arrival - now != .milliseconds([20, 31][route]) { Issue.record("\(arrival - now) on route \(route)") }
      seconds[route] += 1
      if route != last { changes += 1 }
      last = route
    }
    // Three quarters of the time on the first; about a thousand visits to each (fewer seen: some are under a second).
    #expect((28_500...31_500).contains(seconds[0]), "\(seconds)")
    #expect((1_700...2_100).contains(changes), "\(changes)")
  }

  /// The schedule depends on the seed and the time, not on who asks how often.
  @Test func trafficDoesNotMoveRouteChanges() throws {
    func schedule(step: Int) throws -> [Int] {
      let network = try Network.triangle(seed: 5) {
        $0.routes = .cloud
        $0.jitter = .normal(deviation: .microseconds(5))
      }
      var routes: [Int] = []
      for second in stride(from: 0, through: 3_000, by: step) {
        let now = Instant.milliseconds(Int64(second) * 1_000)
        _ = network.arrival(0, 1, at: now)
        if second % 10 == 0 { routes.append(network.route(from: a, to: b, at: now)) }
      }
      return routes
    }
    let routes = try schedule(step: 1)
    #expect(try schedule(step: 10) == routes)
    #expect(Set(routes) == [0, 1, 2, 3])
  }

  @Test func aRouteMayHaveItsOwnJitter() throws {
    let routes = RouteClasses([
      RouteClass(jitter: .gamma(shape: 4, scale: .milliseconds(1)), hold: .seconds(1_000_000))
    ])
    let network = try Network.triangle { $0.routes = routes }
    #expect(try #require(network.arrival(0, 1, at: .zero)) > .milliseconds(20))
    try network.apply(LinkChange(.all, .setRoutes(nil)), at: .zero)
    #expect(network.arrival(0, 4, at: .zero) == .milliseconds(20))
  }

  @Test func changedRoutesBeginWithTheFirst() throws {
    let network = try Network.triangle()
    let later = Instant.milliseconds(3_600_000)
    try network.apply(LinkChange(.all, .setRoutes(Self.two)), at: later)
    #expect(network.route(from: a, to: b, at: later) == 0)
    var seen: Set<Int> = []
    for second in 0..<300 { seen.insert(network.route(from: a, to: b, at: later + .seconds(Int64(second)))) }
    #expect(seen == [0, 1])
  }
}
