import Emulation
import KeyValue
import Raft
import Server
import Workload

/// The keys of `workload`: phases, each of which takes what it leaves out from the one before it.
enum WorkloadKeys {
  static let codec = Codec<[WorkloadPhase]>(
    type: "a list of mappings",
    children: { section.keys(defaults: PhaseDraft()).map { $0.nested(in: "[]") } },
    read: { node, key, reading in
      guard let items = node.items, !items.isEmpty else {
        let found = node.items == nil ? node.found : "an empty list"
        let culprit = node.entries?.last { ["rate", "trace", "clients"].contains($0.key) }
        reading.refuse(
          key, at: culprit?.value.place ?? node.place,
          "found \(found), expected a list of phases such as - {rate: 500/s}")
        return nil
      }
      var draft = PhaseDraft()
      var phases: [WorkloadPhase] = []
      for (position, item) in items.enumerated() {
        let key = "\(key)[\(position)]"
        reading.note(key, at: item.place)
        draft.prepare(for: item, isFirst: position == 0)
        guard section.read(item, key, into: &draft, reading) else { continue }
        if let phase = draft.phase(item, key, reading) { phases.append(phase) }
      }
      return phases.count == items.count ? phases : nil
    },
    write: { phases in .list(phases.map { section.write(PhaseDraft($0)) }) })

  private static var section: Section<PhaseDraft> {
    Section(fields: [
      Field(
        "from", Codec<TimeSpan>.duration.optional(), \.start, fallback: "`0s` in the first phase, required in others",
        "When the phase begins; it ends when the next one begins."),
      Field("sites", .sites, \.sites, "The sites whose clients take part."),
      Field(
        "mix", MixKeys.codec, \.mix,
        "The kinds of operation: a mix by name, or a mapping from kinds to weights, such as `{read: 95, update: 5}`."),
      Field(
        "rate", Codec<Double>.positiveRate.optional(), \.rate,
        fallback: "one of `rate`, `trace`, `clients` is required",
        "Open loop: how many operations begin, all sites together, whatever becomes of them."),
      Field(
        "arrival", .words(), \.arrival,
        "Open loop: `poisson` (exponential gaps) or `constant` (equal gaps) at the `rate`."),
      Field(
        "trace", RateTraceKeys.codec.optional(), \.trace, fallback: "none",
        "Open loop with exponential gaps: a rate that changes, as the path of a CSV file (`time_s,rate_per_s`) relative "
          + "to the spec, or a list of `[time since the phase's start, rate]`."),
      Field(
        "clients", Codec<Int>.integer(1...SiteClients.maximumSessions).optional(), \.clients, fallback: "none",
        "Closed loop: how many clients each site has."),
      Field("think", .duration, \.think, "Closed loop: the time between an operation's end and the client's next one."),
      Field("keys", KeysKeys.codec, \.keys, "Which keys the operations concern."),
      Field(
        "value", valueSize, \.value, "How long values are: a size, or `[least, most]` for a uniform draw."),
      Field(
        "read", .words(), \.consistency,
        "How fresh reads are: `linearizable`, or `local` (whatever the server asked has applied)."),
    ])
  }

  private static let valueSize = Codec<ValueSize>(
    type: "size, or [size, size]",
    read: { node, key, reading in
      guard let items = node.items else {
        return size.read(node, key, reading).map { .constant($0) }
      }
      guard items.count == 2 else {
        reading.refuse(key, at: node.place, "found a list of \(items.count), expected a size or [least, most]")
        return nil
      }
      let least = size.read(items[0], "\(key)[0]", reading)
      let most = size.read(items[1], "\(key)[1]", reading)
      guard let least, let most else { return nil }
      guard least <= most else {
        reading.refuse(
          key, at: node.place, "found [\(items[0].found), \(items[1].found)], expected the smaller size first")
        return nil
      }
      return .uniform(least...most)
    },
    write: { value in
      switch value {
      case .constant(let size): .text(SizeText.format(size))
      case .uniform(let range):
        .list([.text(SizeText.format(range.lowerBound)), .text(SizeText.format(range.upperBound))])
      }
    })

  private static let size = Codec<Int>.positiveSize.filtered("a size of at most 1MiB") { $0 <= 1 << 20 }
}

/// A phase as the spec gives it, before its keys are held against each other.
struct PhaseDraft: Sendable {
  var start: TimeSpan?
  var sites: [String] = []
  var mix = OperationMix.ycsbB
  var rate: Double?
  var arrival = OpenArrival.poisson
  var trace: [RatePoint]?
  var clients: Int?
  var think = TimeSpan.zero
  var keys = KeyChoice()
  var value = ValueSize.constant(128)
  var consistency = ReadConsistency.linearizable

  /// How the gaps of an open loop are drawn.
  enum OpenArrival: String, CaseIterable, Sendable {
    case poisson, constant
  }

  init() {}

  /// The draft that makes a phase.
  init(_ phase: WorkloadPhase) {
    start = phase.load.start
    sites = phase.sites
    mix = phase.load.mix
    keys = KeyChoice(distribution: phase.load.keys, count: phase.load.keyCount)
    value = phase.load.value
    consistency = phase.load.consistency
    switch phase.load.arrival {
    case .closed(let clients, let think): (self.clients, self.think) = (clients, think)
    case .poisson(let rate): self.rate = rate
    case .constant(let rate): (self.rate, arrival) = (rate, .constant)
    case .trace(let points): trace = points
    }
  }

  /// Forgets what the next phase does not take from this one: its start, and the source of load when it has its own.
  mutating func prepare(for node: SpecNode, isFirst: Bool) {
    start = isFirst ? .zero : nil
    let sources = ["rate", "trace", "clients"]
    if node.entries?.contains(where: { sources.contains($0.key) }) == true {
      (rate, trace, clients) = (nil, nil, nil)
    }
  }

  /// The phase, or nil after reporting which keys do not go together.
  func phase(_ node: SpecNode, _ key: String, _ reading: Reading) -> WorkloadPhase? {
    guard let start else {
      reading.refuse("\(key).from", at: node.place, "found nothing, expected the time at which the phase begins")
      return nil
    }
    let arrivals: [Arrival] = [
      rate.map { arrival == .poisson ? .poisson(rate: $0) : .constant(rate: $0) },
      trace.map { .trace(points: $0) },
      clients.map { .closed(clients: $0, think: think) },
    ].compactMap { $0 }
    guard arrivals.count == 1, let arrival = arrivals.first else {
      let found = arrivals.isEmpty ? "neither rate nor trace nor clients" : "more than one of rate, trace and clients"
      let culprit = node.entries?.last { ["rate", "trace", "clients"].contains($0.key) }
      reading.refuse(
        key, at: culprit?.value.place ?? node.place, "found \(found), expected one of them: rate: 500/s or clients: 10")
      return nil
    }
    return WorkloadPhase(
      sites: sites,
      load: LoadPhase(
        start: start, mix: mix, arrival: arrival, keys: keys.distribution ?? mix.usualKeys, keyCount: keys.count,
        value: value,
        consistency: consistency))
  }
}
