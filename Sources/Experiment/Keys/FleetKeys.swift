import Cloud
import Raft

/// The keys of `fleet`.
enum FleetKeys {
  static let codec = Codec<FleetPlan>.section({ section }, initial: { FleetPlan() })

  private static var section: Section<FleetPlan> {
    Section(fields: [
      Field(
        "secretaries", GroupKeys.siteCounts, \.secretaries,
        "How many secretaries each site has from the start; they replicate for the leader."),
      Field(
        "observers", GroupKeys.siteCounts, \.observers,
        "How many observers each site has from the start; they answer reads of clients near them."),
      Field("instance", instance, \.instance, "The instance type that fleets are hired on."),
      Field("market", .words(), \.purchase, "How they are paid for, and whether they can be taken back."),
      Field("capacity", .integer(1...10_000), \.capacity, "The most followers that one secretary serves."),
      Field(
        "feed", .choice([("nearest", .nearest), ("leader", .leader)]), \.feed,
        "Whom observers take their feed from: the nearest secretary or member, or always the leader."),
    ])
  }

  /// An instance type of the catalog of prices; each of them has a machine.
  static let instance = Codec<InstanceTypeName>.choice(InstanceCatalog.all.map { ($0.name.rawValue, $0.name) })
}
