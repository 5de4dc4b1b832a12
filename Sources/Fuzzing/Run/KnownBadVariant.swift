import Raft
import Simulation

/// A known-bad variant of the system, which the checkers must find: of the protocol or of how hosts treat their disks.
public struct KnownBadVariant: Sendable, Hashable {
  enum Place: Sendable, Hashable {
    case core(Mutant)
    case disk(DiskDefect)
  }

  let place: Place
  /// The name that people use.
  public let name: String
  /// What it does wrong, in a few words.
  public let summary: String

  /// What its seeds draw from: everything, or what the variant shows under.
  public let profile: FuzzProfile

  private init(_ mutant: Mutant) {
    profile =
      switch mutant.concern {
      case .everything: .standard
      case .membership: .membership
      case .reads: .reads
      case .fleet: .elastic
      }
    place = .core(mutant)
    name = mutant.rawValue
    summary = mutant.summary
  }

  private init(_ defect: DiskDefect, _ name: String, _ summary: String) {
    profile = .disk
    place = .disk(defect)
    self.name = name
    self.summary = summary
  }

  /// All variants, in the order in which they are listed; none of the protocol where it was built without them.
  public static let all: [KnownBadVariant] = core + disks

  /// The variants of the protocol; none where it was built without them.
  public static var core: [KnownBadVariant] {
    #if Mutants
      Mutant.allCases.map { KnownBadVariant($0) }
    #else
      []
    #endif
  }

  private static let disks = [
    KnownBadVariant(.ignoresChecksums, "checksums-ignored", "damaged records are used as they are"),
    KnownBadVariant(.dropsDamage, "damage-dropped", "a damaged record and all behind it is dropped without a word"),
    KnownBadVariant(.ignoresWriteFailures, "write-failure-ignored", "a failed durable write is taken for a good one"),
    KnownBadVariant(.reusesIdentity, "wiped-node-returns", "a node that lost its disk returns under its old identity"),
  ]

  /// The variant with a name; nil when there is none.
  public static func named(_ name: String) -> KnownBadVariant? { all.first { $0.name == name } }

  func prepare(_ setup: inout SimulationSetup) {
    #if Mutants
      if case .core(let mutant) = place { setup.mutant = mutant }
    #endif
  }

  func prepare(_ simulation: inout Simulation) {
    if case .disk(let defect) = place { simulation.diskDefect = defect }
  }
}
