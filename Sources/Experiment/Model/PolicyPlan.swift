import Policies
import Raft

/// The policy that decides about the membership, and how often.
public struct PolicyPlan: Hashable, Sendable {
  /// Which policy.
  public var choice = PolicyChoice.none
  /// How long an epoch is: a policy decides at the end of each.
  public var epoch = TimeSpan.seconds(60)
  /// The most instances at one site, voters included.
  public var instancesPerSite = 32
  /// The most instances in all, voters included.
  public var instances = 64
  /// The most groups.
  public var groups = 16
}

/// A policy by its name, with its settings.
public enum PolicyChoice: Hashable, Sendable {
  /// Nobody decides anything: what is lost is not replaced.
  case none
  /// One that comes with eraft.
  case shipped(ShippedPolicy)
  /// One that the program which runs the spec has registered under this name.
  case registered(String)
  /// A command that is asked.
  case external(command: [String], timeout: TimeSpan, foresight: Foresight)

  /// The name that specs use.
  public var name: String {
    switch self {
    case .none: "none"
    case .shipped(let policy): policy.name
    case .registered(let name): name
    case .external: "external"
    }
  }
}

/// Simulates only a part of each epoch in full detail, while markets, prices and policies go through the whole of it.
public struct Sampling: Hashable, Sendable {
  /// How long an epoch is by the markets' clock.
  public var epoch: TimeSpan
  /// How much of its beginning is simulated.
  public var window: TimeSpan

  /// Makes a sampling.
  public init(epoch: TimeSpan = .seconds(3_600), window: TimeSpan = .seconds(10)) {
    self.epoch = epoch
    self.window = window
  }
}
