import Emulation
import Raft

/// The keys of `links`.
enum LinkKeys {
  static var section: Section<LinkPlan> {
    Section(fields: [
      Field(
        "matrix", MatrixKeys.codec, \.matrix,
        "The round-trip times: a built-in matrix, the path of a CSV file (`from,to,rtt_ms`) relative to the spec, or a "
          + "mapping `{from: {to: duration}}`. A pair given in one direction holds for both."),
      Field(
        "jitter", JitterKeys.codec, \.jitter,
        "What is added at random to the one-way delay of every message between two sites."),
      Field(
        "bandwidth", Codec<Bandwidth>.bandwidth.optional("unlimited"), \.bandwidth,
        "The capacity from one site to another, in each direction, shared by all senders."),
      Field(
        "loss", .probability, \.loss,
        "The probability that a message is lost; on ordered links, that a segment must be sent again."),
      Field(
        "duplication", .probability, \.duplication, "The probability that a message arrives twice (unordered links)."),
      Field(
        "ordering", .words(), \.ordering,
        "`ordered` as one TCP connection per pair of nodes, or `unordered` as datagrams."),
      Field("queue_limit", .positiveSize, \.queueLimit, "The most bytes that may wait for a link's bandwidth."),
      Field(
        "routes", RouteKeys.codec, \.routes,
        "Routes among which each link changes as time passes, beginning with the first: `none`, `cloud` (four routes "
          + "between 5 % faster and 20 % slower than the matrix says, an assumption), or a list."),
      Field(
        "overrides", patch.list("a list of mappings", of: "mappings with from and to", allowsEmpty: true),
        \.overrides, "Pairs of sites whose links differ, one direction at a time; later items win."),
    ])
  }

  static let codec = Codec<LinkPlan>.section({ section }, initial: { LinkPlan() })

  /// A change of links: in `overrides`, or as a fault.
  static let patch = Codec<LinkPatch>.draft(
    { patchSection }, initial: { LinkPatch() },
    finish: { patch, node, key, reading in
      var unchanged = LinkPatch()
      (unchanged.from, unchanged.to, unchanged.bothWays) = (patch.from, patch.to, patch.bothWays)
      if patch.delay != nil, patch.delayFactor != nil {
        reading.refuse("\(key).delay_factor", "found it together with delay, expected one of the two")
        return nil
      }
      guard patch != unchanged else {
        reading.refuse(key, at: node.place, "found no property of the links, expected one such as delay: 80ms")
        return nil
      }
      return patch
    },
    start: { $0 })

  private static var patchSection: Section<LinkPatch> {
    Section(fields: [
      Field("from", .sites, \.from, "The sites that send."),
      Field("to", .sites, \.to, "The sites that receive."),
      Field("both_ways", .flag, \.bothWays, "Whether the links back change too."),
      Field(
        "delay", Codec<TimeSpan>.duration.optional(), \.delay, fallback: "unchanged", "The delay in one direction."),
      Field(
        "delay_factor", factor.optional(), \.delayFactor, fallback: "unchanged",
        "What the configured delay is multiplied by; not together with `delay`."),
      Field("jitter", JitterKeys.codec.optional(), \.jitter, fallback: "unchanged", "The jitter."),
      Field(
        "loss", Codec<Double>.probability.optional(), \.loss, fallback: "unchanged", "The probability of loss."),
      Field(
        "duplication", Codec<Double>.probability.optional(), \.duplication, fallback: "unchanged",
        "The probability of duplication."),
      Field(
        "bandwidth", capacity.optional(), \.bandwidth, fallback: "unchanged", "The capacity."),
      Field(
        "queue_limit", Codec<Int>.positiveSize.optional(), \.queueLimit, fallback: "unchanged",
        "The most bytes that may wait."),
      Field(
        "ordering", Codec<Ordering>.words().optional(), \.ordering, fallback: "unchanged", "Whether order is kept."),
    ])
  }

  private static let factor = Codec<Double>.scalar(
    "number", expected: NumberText.expected, parse: NumberText.parse, format: NumberText.format
  ).filtered("a factor from 0 to 1000") { (0...1_000).contains($0) }

  private static let capacity = Codec<Bandwidth>.bandwidth.optional("unlimited").map(
    { $0.map(LinkPatch.Capacity.limited) ?? .unlimited },
    back: { capacity -> Bandwidth?? in
      switch capacity {
      case .unlimited: .some(nil)
      case .limited(let bandwidth): bandwidth
      }
    })
}
