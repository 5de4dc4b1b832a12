import Raft

/// The keys of `faults`: one key of each item says what strikes, the others when and how.
enum FaultKeys {
  private static let item = Codec<TimedFault>.draft(
    { section }, initial: { FaultDraft() },
    finish: { draft, node, key, reading in draft.fault(node, key, reading) },
    start: FaultDraft.init)

  static let codec = item.list("a list of mappings", of: "faults", allowsEmpty: true)

  /// A fault as a spec says it, in one line.
  static func text(_ fault: TimedFault) -> String { YAMLText.inline(section.write(FaultDraft(fault))) }

  private static var section: Section<FaultDraft> { Section(fields: times + nodes + network + span + membership) }

  private static var times: [Field<FaultDraft>] {
    [
      Field(
        "at", Codec<TimeSpan>.duration.optional(), \.at, fallback: "one of `at` and `every` is required",
        "When the fault strikes, from the start of the run."),
      Field(
        "every", Codec<TimeSpan>.positiveDuration.optional(), \.every, fallback: "none",
        "The fault strikes again and again, with this time between."),
      Field(
        "from", Codec<TimeSpan>.duration.optional(), \.from, fallback: "the value of `every`",
        "When a fault with `every` strikes first."),
      Field(
        "until", Codec<TimeSpan>.positiveDuration.optional(), \.until, fallback: "the end of the run",
        "Before when a fault with `every` strikes."),
    ]
  }

  private static var nodes: [Field<FaultDraft>] {
    [
      Field("crash", Codec<Target>.target.optional(), \.crash, summary(.crash)),
      Field(
        "restart_after", Codec<TimeSpan>.positiveDuration.optional(), \.restartAfter, fallback: "it stays down",
        "How long a crashed target stays down."),
      Field("restart", Codec<Target>.target.optional(), \.restart, summary(.restart)),
      Field("pause", Codec<Target>.target.optional(), \.pause, summary(.pause)),
      Field("clock", Codec<Target>.target.optional(), \.clock, summary(.clock)),
      Field(
        "error", clockError.optional(), \.error, fallback: "required by `clock`",
        "How much a clock runs fast (positive) or slow (negative)."),
      Field("disk", Codec<Target>.target.optional(), \.disk, summary(.disk)),
      Field(
        "problem", Codec<DiskFault.Kind>.words().optional(), \.problem, fallback: "required by `disk`",
        "`slow`: every durable write takes `slower_by` longer; `stall`: none completes; `torn-tail`, `lost-tail`: the "
          + "next crash cuts or loses writes under way; `read-error`: reading fails at the next restart."),
      Field(
        "slower_by", Codec<TimeSpan>.positiveDuration.optional(), \.slowerBy, fallback: "required by `slow`",
        "How much longer every durable write takes."),
    ]
  }

  private static var network: [Field<FaultDraft>] {
    [
      Field(
        "partition", PartitionKeys.codec.optional(), \.partition,
        summary(.partition) + " `[[a], [b, c]]`: between the parts; `{from: a, to: b}`: one way."),
      Field("heal", Codec<Bool>.choice([("all", true)]), \.heal, fallback: "none", summary(.heal)),
      Field("link", LinkKeys.patch.optional(), \.link, summary(.link)),
    ]
  }

  private static var span: [Field<FaultDraft>] {
    [
      Field(
        "for", Codec<TimeSpan>.positiveDuration.optional(), \.span, fallback: "for good; required by `pause`",
        "How long a pause, partition, change of links, clock error or disk fault lasts.")
    ]
  }

  private static var membership: [Field<FaultDraft>] {
    [
      Field("transfer", Codec<Target>.target.optional(), \.transfer, summary(.transfer)),
      Field("add", Codec<String>.siteName.optional(), \.add, summary(.add)),
      Field(
        "as", Codec<Fault.Membership>.words().optional(), \.membership, fallback: "`voter`",
        "What an added node becomes."),
      Field("remove", Codec<Target>.target.optional(), \.remove, summary(.remove)),
      Field("promote", Codec<Target>.target.optional(), \.promote, summary(.promote)),
      Field("revoke", Codec<Target>.target.optional(), \.revoke, summary(.revoke)),
      Field(
        "notice", Codec<TimeSpan>.duration.optional(), \.notice, fallback: "`0s`",
        "How long before it loses its instance a target of `revoke` is told."),
    ]
  }

  /// The kind's own sentence, as the reference has it.
  private static func summary(_ kind: Fault.Kind) -> String {
    let text = kind.summary
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private static let clockError = Codec<Double>.scalar(
    "fraction", expected: FractionText.expected, parse: FractionText.parse, format: FractionText.format
  ).filtered("a fraction between -50% and 100%, not 0") { $0 >= -0.5 && $0 <= 1 && $0 != 0 }
}
