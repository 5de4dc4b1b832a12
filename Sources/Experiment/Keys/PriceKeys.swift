import Cloud
import Raft

/// The keys of `spot.price`.
enum PriceKeys {
  static let codec = Codec<PricePlan>.draft(
    { section }, initial: { Draft() }, finish: { draft, node, key, reading in draft.plan(node, key, reading) },
    start: Draft.init)

  private enum Model: String, CaseIterable, Sendable {
    case catalog, constant, generated, recorded

    /// The parameters that the model needs.
    var parameters: [String] { self == .constant ? ["usd_per_hour"] : [] }

    /// The parameters that the model also takes.
    var optional: [String] {
      switch self {
      case .catalog, .constant: []
      case .generated: ["usd_per_hour", "deviation", "reversion"]
      case .recorded: ["file", "instance", "product", "zones", "from", "steps"]
      }
    }
  }

  private static var section: Section<Draft> {
    Section(fields: [
      Field(
        "model", .words(), \.model,
        "`catalog`: the mean spot price of the site's region; `constant`: one price; `generated`: a walk around a "
          + "median; `recorded`: what was once paid."),
      Field(
        "usd_per_hour", Codec<HourlyRate>.usdPerHour.optional(), \.rate,
        fallback: "required by `constant`; the catalog's mean for `generated`", "The price, or the median."),
      Field(
        "deviation", Codec<Double>.positiveNumber.optional(), \.deviation, fallback: "`0.1`; for `generated`",
        "Generated prices: the standard deviation of the price's logarithm."),
      Field(
        "reversion", Codec<TimeSpan>.positiveDuration.optional(), \.reversion, fallback: "`48h`; for `generated`",
        "Generated prices: the time in which a deviation decays to 1/e."),
      Field(
        "file", Codec<String>.path.perSite().optional(), \.file, fallback: "one of `file`, `steps` for `recorded`",
        "Recorded prices: a path relative to the spec, of a CSV (`at_s,usd_per_hour` or `timestamp,usd_per_hour`) or "
          + "of the JSON that `aws ec2 describe-spot-price-history` prints."),
      Field(
        "instance", Codec<String>.plain("an instance type", such: "c5.large").optional(), \.instance,
        fallback: "the only type in the file",
        "Recorded prices of a JSON file: the instance type whose prices are taken."),
      Field(
        "product", Codec<String>.plain("a product", such: "Linux/UNIX").optional(), \.product,
        fallback: "`Linux/UNIX`", "Recorded prices of a JSON file: the product whose prices are taken."),
      Field(
        "zones", Codec<String>.plain("a zone", such: "us-east-1b").perSite().optional(), \.zones,
        fallback: "the only zone of the site in the file",
        "Recorded prices of a JSON file: the availability zone that stands for a site."),
      Field(
        "from", calendar.optional(), \.from, fallback: "the first price in the file",
        "Recorded prices of a JSON file: what was then is the start of the run."),
      Field(
        "steps", Codec<HourlyRate>.usdPerHour.steps().perSite().optional(), \.steps,
        fallback: "one of `file`, `steps` for `recorded`",
        "Recorded prices: the price from each time on, in US dollars per hour; the last one holds to the end."),
    ])
  }

  private static let expectedTime = "a time such as 2016-04-25T12:06:56Z"
  private static let calendar = Codec<SpecTime>.scalar(
    "time", expected: expectedTime,
    parse: { text throws(QuantityError) in
      guard let time = CalendarTime(text) else { throw .malformed(expected: expectedTime) }
      return SpecTime(text: text, time: time)
    }, format: { $0.text })

  /// A point of the calendar as it is written.
  private struct SpecTime: Sendable {
    var text: String
    var time: CalendarTime
  }

  private struct Draft: Sendable {
    var model = Model.catalog
    var rate: HourlyRate?
    var deviation: Double?
    var reversion: TimeSpan?
    var file: PerSite<String>?
    var instance: String?
    var product: String?
    var zones: PerSite<String>?
    var from: SpecTime?
    var steps: PerSite<[PriceSeries.Step]>?

    private var productName: String { product ?? "Linux/UNIX" }

    init() {}

    init(_ plan: PricePlan) {
      switch plan {
      case .catalog: break
      case .constant(let rate): (model, self.rate) = (.constant, rate)
      case .generated(let median, let deviation, let reversion):
        (model, rate, self.deviation, self.reversion) = (.generated, median, deviation, reversion)
      case .recorded(let series): (model, steps) = (.recorded, series.map { $1.steps })
      }
    }

    func plan(_ node: SpecNode, _ key: String, _ reading: Reading) -> PricePlan? {
      guard reading.accepts(model.parameters, optional: model.optional, of: model.rawValue, in: node, key) else {
        return nil
      }
      switch model {
      case .catalog: return .catalog
      case .constant:
        return rate.map { .constant($0) }
      case .generated:
        return .generated(
          median: rate, deviation: deviation ?? 0.1, reversion: reversion ?? .seconds(2 * 86_400))
      case .recorded: return recorded(node, key, reading).map { .recorded($0) }
      }
    }

    private func recorded(_ node: SpecNode, _ key: String, _ reading: Reading) -> PerSite<PriceSeries>? {
      guard let file else {
        guard let steps else {
          reading.refuseSource(key, of: "recorded", at: node, isMissing: true)
          return nil
        }
        return steps.series(period: nil)
      }
      guard steps == nil else {
        reading.refuseSource(key, of: "recorded", at: node, isMissing: false)
        return nil
      }
      if case .everywhere(let path) = file, path.hasSuffix(".json") {
        return reading.parse(path, "\(key).file") { bytes throws(ParseError) in try SpotPriceHistory(json: bytes) }
          .flatMap { history($0, path, key, reading) }
      }
      return file.map { site, path in
        let fileKey = PerSite<String>.key("\(key).file", site)
        guard path.hasSuffix(".json") else {
          return reading.parse(path, fileKey) { bytes throws(ParseError) in try PriceSeries(csv: bytes) }
            .flatMap { reading.bounded($0, path, fileKey) }
        }
        return reading.parse(path, fileKey) { bytes throws(ParseError) in try SpotPriceHistory(json: bytes) }
          .flatMap { series(of: site ?? "", in: $0, path, key, fileKey, reading) }
      }
    }

    /// One file for all sites: each has the prices of its zone.
    private func history(
      _ history: SpotPriceHistory, _ path: String, _ key: String, _ reading: Reading
    ) -> PerSite<PriceSeries>? {
      let fileKey = "\(key).file"
      switch zones {
      case .everywhere: return series(of: "", in: history, path, key, fileKey, reading).map { .everywhere($0) }
      case .bySite(let entries):
        return PerSite.bySite(entries).map { site, _ in series(of: site ?? "", in: history, path, key, fileKey, reading)
        }
      case nil:
        guard let type = type(in: history, path, key, reading) else { return nil }
        let sites = Set(history.zones(of: type, product: productName).map { Self.region(of: $0) }).sorted()
        guard !sites.isEmpty else {
          reading.refuse(fileKey, "found no price of a \(type) for \(productName) in \(path), expected one or more")
          return nil
        }
        return PerSite.bySite(sites.map { .init(site: $0, value: $0) })
          .map { _, site in series(of: site, in: history, path, key, fileKey, reading) }
      }
    }

    /// A site's prices: those of the zone that is named for it, else of the only one that it has in the file.
    private func series(
      of site: String, in history: SpotPriceHistory, _ path: String, _ key: String, _ fileKey: String,
      _ reading: Reading
    ) -> PriceSeries? {
      guard let type = type(in: history, path, key, reading) else { return nil }
      let all = history.zones(of: type, product: productName)
      let own = all.filter { site.isEmpty || Self.region(of: $0) == site }
      guard let zone = zones?[site] ?? (own.count == 1 ? own[0] : nil) else {
        reading.refuse(
          "\(key).zones",
          "found nothing for \(site), of which \(path) has \(own.isEmpty ? "no zone" : own.joined(separator: ", ")), "
            + "expected one zone of \(all.joined(separator: ", "))")
        return nil
      }
      let first = history.records.lazy.filter { $0.type == type && $0.product == productName }.map(\.time).min()
      guard let series = history.series(of: type, zone: zone, product: productName, from: from?.time ?? first) else {
        reading.refuse(
          "\(key).zones",
          "found the zone \(SpecNode.quote(zone)), expected one of those in \(path): \(all.joined(separator: ", "))"
            + Words.suggestion(for: zone, among: all))
        return nil
      }
      return reading.bounded(series, path, fileKey)
    }

    private func type(
      in history: SpotPriceHistory, _ path: String, _ key: String, _ reading: Reading
    ) -> InstanceTypeName? {
      let types = Set(history.records.map(\.type)).sorted()
      let wished = instance.map { InstanceTypeName($0) } ?? (types.count == 1 ? types[0] : nil)
      if let wished, types.contains(wished) { return wished }
      let names = types.map(\.rawValue)
      reading.refuse(
        "\(key).instance",
        "found \(wished.map { SpecNode.quote($0.rawValue) } ?? "nothing"), expected one of the types in \(path): "
          + names.joined(separator: ", ") + Words.suggestion(for: instance, among: names))
      return nil
    }

    /// The region of an availability zone: its name without the letters at the end.
    private static func region(of zone: String) -> String {
      String(zone.reversed().drop(while: \.isLetter).reversed())
    }
  }
}
