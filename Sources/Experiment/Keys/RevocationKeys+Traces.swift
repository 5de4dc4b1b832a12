import Cloud
import Raft

/// Traces, from files or from the spec itself.
extension RevocationKeys.Draft {
  func trace(_ node: SpecNode, _ key: String, _ reading: Reading) -> BaseRevocation? {
    guard let replays else { return nil }
    guard (file == nil) != (steps == nil) else {
      reading.refuseSource(key, of: "trace", at: node, isMissing: file == nil)
      return nil
    }
    let series: PerSite<StepSeries<Int>>?
    if let file {
      series = file.map { site, path in self.series(path, PerSite<String>.key("\(key).file", site), replays, reading)
      }
    } else {
      series = steps?.series(period: period)
      if series == nil {
        reading.refuse(
          "\(key).period", at: node.place, "found a period that is over before the last step, expected a longer one")
      }
    }
    guard let series else { return nil }
    guard Set(series.values.map(\.period)).count == 1 else {
      reading.refuse("\(key).repeats", "found files of different lengths that repeat, expected one length")
      return nil
    }
    return replayed(series, replays, key, reading)
  }

  private func replayed(
    _ series: PerSite<StepSeries<Int>>, _ replays: RevocationKeys.Replay, _ key: String, _ reading: Reading
  ) -> BaseRevocation? {
    switch replays {
    case .capacity: return .counts(series, .capacity)
    case .share: return .counts(series, .share)
    case .availability:
      if let value = series.values.flatMap(\.steps).map(\.value).first(where: { $0 > 1 }) {
        reading.refuse("\(key).steps", "found \(value), expected 1 (instances can be had) or 0")
        return nil
      }
      return series.map { StepSeries($1.steps.map { .init(at: $0.at, value: $0.value == 1) }, period: $1.period) }
        .map { .availability($0) }
    }
  }

  private func series(
    _ path: String, _ key: String, _ replays: RevocationKeys.Replay, _ reading: Reading
  ) -> StepSeries<Int>? {
    let series = reading.parse(path, key) { bytes throws(ParseError) -> StepSeries<Int>? in
      guard replays == .availability else {
        return try TraceReplay.counts(csv: bytes, unit: unit ?? .seconds, repeats: repeats ?? false)
      }
      let recorded = try TraceReplay.availability(json: bytes, repeats: repeats ?? false)
      return StepSeries(recorded.steps.map { .init(at: $0.at, value: $0.value ? 1 : 0) }, period: recorded.period)
    }
    return series.flatMap { $0 }.flatMap { reading.bounded($0, path, key) }
  }
}
