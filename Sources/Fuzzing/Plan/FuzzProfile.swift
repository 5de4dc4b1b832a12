import Raft

/// What the seeds of a campaign draw from: which kinds of trouble, and how often which features are on.
public struct FuzzProfile: Sendable, Hashable {
  /// The name that people use.
  public var name: String
  /// What it looks for, in a few words.
  public var summary: String
  /// The kinds of trouble that a seed may draw, each with its weight.
  public var weights: [Weight]
  /// How likely a seed's leaders serve reads by lease.
  public var leases = 0.3
  /// How likely links lose, repeat or reorder messages beside what troubles add.
  public var noise = 0.6
  /// How likely a kind of trouble is part of a seed (swarm testing: what a seed leaves out makes the rest go deeper).
  public var presence = 0.5
  /// How many voters a group has at most.
  public var mostVoters = 9

  /// Whether there are secretaries and observers.
  public var hasFleet: Bool { weights.contains { $0.kind.concernsFleet } }

  /// A kind of trouble and how often it is drawn beside the others.
  public struct Weight: Sendable, Hashable {
    /// The kind.
    public var kind: FaultKind
    /// Its weight; positive.
    public var weight: UInt64
  }

  init(_ name: String, _ summary: String, _ weights: [(FaultKind, UInt64)]) {
    self.name = name
    self.summary = summary
    self.weights = weights.map { Weight(kind: $0.0, weight: $0.1) }
  }

  /// Everything.
  public static let standard = FuzzProfile(
    "default", "everything: crashes, disks, pauses, clocks, partitions, bad links, membership, transfers",
    FaultKind.allCases.filter { !$0.concernsFleet }.map { ($0, $0.usualWeight) })

  /// Elections and transfers.
  public static let elections: FuzzProfile = {
    var profile = FuzzProfile(
      "elections", "elections: crashes, pauses, clocks, partitions of every shape, transfers",
      [
        (.crash, 4), (.crashAtWrite, 4), (.pause, 3), (.skewClock, 2), (.split, 4), (.isolate, 4), (.oneWay, 4),
        (.bridge, 4), (.transfer, 6), (.strandLeader, 3), (.deafenAfterTransfer, 3),
      ])
    profile.presence = 0.7
    return profile
  }()

  /// Changes of the configuration.
  public static let membership: FuzzProfile = {
    var profile = FuzzProfile(
      "membership", "membership: joint and simple changes among crashes, partitions, lost disks and transfers",
      [(.change, 20), (.crash, 4), (.crashAtWrite, 3), (.wipe, 2), (.split, 3), (.isolate, 3), (.transfer, 3)])
    profile.presence = 0.8
    profile.mostVoters = 5
    return profile
  }()

  /// Disks.
  public static let disk: FuzzProfile = {
    var profile = FuzzProfile(
      "disk", "disks: torn, lost, failed, slow, stalled and damaged, with crashes at every boundary of a write",
      [
        (.crash, 6), (.crashAtWrite, 12), (.failWrite, 3), (.corrupt, 3), (.wipe, 2), (.slowDisk, 3), (.stallDisk, 3),
        (.isolate, 2),
      ])
    profile.presence = 0.7
    return profile
  }()

  /// Reads.
  public static let reads: FuzzProfile = {
    var profile = FuzzProfile(
      "reads", "reads: leases, followers and rounds among partitions, pauses, clocks and transfers",
      [
        (.crash, 2), (.pause, 4), (.skewClock, 5), (.split, 4), (.isolate, 5), (.oneWay, 4), (.bridge, 3),
        (.transfer, 4), (.strandLeader, 8), (.deafenAfterTransfer, 8),
      ])
    profile.leases = 0.7
    profile.presence = 0.7
    return profile
  }()

  /// Secretaries and observers among everything else.
  public static let elastic: FuzzProfile = {
    var profile = FuzzProfile(
      "elastic", "everything, with secretaries and observers that come, go, stand still and lose their links",
      FaultKind.allCases.map { ($0, $0.usualWeight) })
    profile.presence = 0.6
    return profile
  }()

  /// Secretaries and observers above all.
  public static let fleet: FuzzProfile = {
    var profile = FuzzProfile(
      "fleet", "secretaries and observers: revoked at any moment, returning as zombies, lagging, cut off",
      [
        (.hire, 8), (.revoke, 8), (.revokeWithNotice, 5), (.pauseFleet, 10), (.cutOffFleet, 8), (.crash, 4),
        (.isolate, 4), (.split, 3), (.oneWay, 2), (.transfer, 4), (.strandLeader, 4), (.change, 3), (.pause, 2),
      ])
    profile.presence = 0.8
    return profile
  }()

  /// All profiles, in the order in which they are listed.
  public static let all = [standard, elections, membership, disk, reads, elastic, fleet]

  /// The profile with a name; nil when there is none.
  public static func named(_ name: String) -> FuzzProfile? { all.first { $0.name == name } }
}

extension FaultKind {
  /// How often the kind is drawn when all are.
  fileprivate var usualWeight: UInt64 {
    switch self {
    case .crash, .crashAtWrite, .change: 8
    case .split, .isolate, .oneWay, .bridge, .transfer: 5
    case .pause, .skewClock, .disturbLinks: 4
    case .slowDisk, .stallDisk, .cutSites, .strandLeader, .deafenAfterTransfer: 3
    case .failWrite, .corrupt, .wipe: 2
    case .hire, .revoke, .pauseFleet, .cutOffFleet: 6
    case .revokeWithNotice: 4
    }
  }
}
