/// One seed again, with its timeline.
public enum FuzzReplay {
  /// Runs a seed and records what happens.
  public static func timeline(
    seed: UInt64, profile: FuzzProfile, variant: KnownBadVariant?
  ) throws -> FuzzOutcome {
    let plan = try FuzzPlan.draw(seed: seed, profile: profile)
    return try FuzzRun.make(plan, variant: variant, recordsTimeline: true).execute()
  }
}
