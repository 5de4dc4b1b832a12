/// A site with all its endpoints, or one endpoint.
public enum Place: Hashable, Sendable {
  /// Every endpoint at the site, also those added later.
  case site(SiteID)
  /// One endpoint, wherever it is.
  case endpoint(EndpointID)
}

/// A cut of the network.
///
/// An endpoint that is named itself belongs where it is named, not where its site is. Endpoints that no group names
/// keep contact with all. An endpoint never loses contact with itself.
public enum Partition: Hashable, Sendable {
  /// Nothing passes between endpoints of different groups, in either direction.
  case groups([[Place]])
  /// Nothing passes from the first places to the second; the way back is open.
  case oneWay(from: [Place], to: [Place])
  /// Nothing passes to or from the endpoint.
  case isolated(EndpointID)
}

/// Names a partition that is in force, for healing it.
public struct PartitionID: Hashable, Comparable, Sendable {
  /// The number; never used twice in one network.
  public let rawValue: UInt64
  /// Orders by number, which is the order in which the partitions began.
  public static func < (left: PartitionID, right: PartitionID) -> Bool { left.rawValue < right.rawValue }
}

/// The partitions in force and, for each endpoint, what they cut.
///
/// A barrier is a bit: whoever has it set in `outward` reaches nobody who has it set in `inward`. A partition into k
/// groups is k barriers, one around each group; a one-way cut is one. So the question on the path of every message is
/// one `and`, whatever the number of endpoints.
struct Partitions: Sendable {
  private var inForce: [(id: PartitionID, partition: Partition)] = []
  private var nextID: UInt64 = 0
  private var outward: [SIMD4<UInt64>] = []
  private var inward: [SIMD4<UInt64>] = []
  private var isolated: [Bool] = []

  /// Whether any partition is in force.
  private(set) var isAny = false

  /// The partitions in force, oldest first.
  var identifiers: [PartitionID] { inForce.map(\.id) }

  @inline(__always)
  func isBlocked(_ from: Int, _ to: Int) -> Bool {
    guard isAny, from != to else { return false }
    return isolated[from] || isolated[to] || (outward[from] & inward[to]) != SIMD4<UInt64>.zero
  }

  mutating func begin(_ partition: Partition, sites: [SiteID], siteCount: Int) throws(NetworkError) -> PartitionID {
    try partition.check(endpointCount: sites.count, siteCount: siteCount)
    guard inForce.reduce(partition.barriers, { $0 + $1.partition.barriers }) <= Network.mostBarriers else {
      throw .tooManyPartitions
    }
    let id = PartitionID(rawValue: nextID)
    nextID += 1
    inForce.append((id, partition))
    rebuild(sites: sites)
    return id
  }

  mutating func heal(_ id: PartitionID, sites: [SiteID]) -> Bool {
    guard let index = inForce.firstIndex(where: { $0.id == id }) else { return false }
    inForce.remove(at: index)
    rebuild(sites: sites)
    return true
  }

  mutating func healAll(sites: [SiteID]) {
    inForce = []
    rebuild(sites: sites)
  }

  /// Works out every endpoint's barriers; `sites` holds the endpoints' sites by slot.
  mutating func rebuild(sites: [SiteID]) {
    isAny = !inForce.isEmpty
    outward = []
    inward = []
    isolated = []
    guard isAny else { return }
    outward = Array(repeating: .zero, count: sites.count)
    inward = outward
    isolated = Array(repeating: false, count: sites.count)
    var barrier = 0
    for (_, partition) in inForce {
      switch partition {
      case .groups(let groups):
        for (endpoint, group) in Self.members(of: groups, sites: sites) {
          outward[endpoint].raise(barrier + group)
          for other in groups.indices where other != group { inward[endpoint].raise(barrier + other) }
        }
      case .oneWay(let from, let to):
        for (endpoint, _) in Self.members(of: [from], sites: sites) { outward[endpoint].raise(barrier) }
        for (endpoint, _) in Self.members(of: [to], sites: sites) { inward[endpoint].raise(barrier) }
      case .isolated(let endpoint): isolated[endpoint.slot] = true
      }
      barrier += partition.barriers
    }
  }

  /// The endpoints that belong to a group, each with the group's index.
  private static func members(of groups: [[Place]], sites: [SiteID]) -> [(endpoint: Int, group: Int)] {
    var ofSite: [SiteID: Int] = [:]
    var ofEndpoint: [Int: Int] = [:]
    for (index, group) in groups.enumerated() {
      for place in group {
        switch place {
        case .site(let site): ofSite[site] = index
        case .endpoint(let endpoint): ofEndpoint[endpoint.slot] = index
        }
      }
    }
    return sites.indices.compactMap { endpoint in
      (ofEndpoint[endpoint] ?? ofSite[sites[endpoint]]).map { (endpoint, $0) }
    }
  }
}

extension Partition {
  /// How many barriers it takes.
  fileprivate var barriers: Int {
    switch self {
    case .groups(let groups): groups.count
    case .oneWay: 1
    case .isolated: 0
    }
  }

  fileprivate func check(endpointCount: Int, siteCount: Int) throws(NetworkError) {
    let groups: [[Place]]
    switch self {
    case .groups(let listed):
      guard listed.count >= 2 else { throw .tooFewGroups }
      groups = listed
      var seen: Set<Place> = []
      for place in listed.joined() where !seen.insert(place).inserted { throw .inTwoGroups(place) }
    case .oneWay(let from, let to): groups = [from, to]
    case .isolated(let endpoint): groups = [[.endpoint(endpoint)]]
    }
    for group in groups {
      guard !group.isEmpty else { throw .tooFewGroups }
      for place in group {
        switch place {
        case .site(let site): guard site.slot < siteCount else { throw .unknownSite(site) }
        case .endpoint(let endpoint):
          guard endpoint.slot < endpointCount else { throw .unknownEndpoint(endpoint) }
        }
      }
    }
  }
}

extension SIMD4<UInt64> {
  /// Sets the bit with this number.
  fileprivate mutating func raise(_ bit: Int) { self[bit >> 6] |= 1 << UInt64(bit & 63) }
}
