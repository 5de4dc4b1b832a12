import Cloud
import Raft

// How quantities that change over the time of a run are written in a spec, and where their files are read.

extension Codec where Value: Hashable & Sendable {
  /// The value for all sites, or a mapping from sites to values.
  func perSite() -> Codec<PerSite<Value>> {
    Codec<PerSite<Value>>(
      type: "\(type), or a mapping from sites to such",
      read: { [read] node, key, reading in
        guard let entries = node.entries else { return read(node, key, reading).map { .everywhere($0) } }
        var found: [PerSite<Value>.Entry] = []
        for entry in entries {
          let path = Section<SpotPlan>.join(key, SpecNode.quote(entry.key))
          reading.note(path, at: entry.value.place)
          if let value = read(entry.value, path, reading) { found.append(.init(site: entry.key, value: value)) }
        }
        return found.count == entries.count && !found.isEmpty ? .bySite(found) : nil
      },
      write: { [write] value in
        switch value {
        case .everywhere(let value): return write(value)
        case .bySite(let entries):
          let pairs = entries.compactMap { entry in write(entry.value).map { (entry.site, $0) } }
          return .mapping(pairs)
        }
      })
  }

  /// A list of `[duration, value]` in order of time.
  func steps() -> Codec<[StepSeries<Value>.Step]> {
    Codec<[StepSeries<Value>.Step]>(
      type: "a list of [duration, \(type)]",
      read: { [read, type] node, key, reading in
        guard let items = node.items, !items.isEmpty else {
          reading.refuse(key, at: node.place, "found \(node.found), expected a list of [duration, \(type)]")
          return nil
        }
        var steps: [StepSeries<Value>.Step] = []
        for (position, item) in items.enumerated() {
          let key = "\(key)[\(position)]"
          reading.note(key, at: item.place)
          guard let pair = item.items, pair.count == 2 else {
            reading.refuse(key, "found \(item.found), expected a pair of a duration and a value")
            return nil
          }
          guard let at = Codec<TimeSpan>.duration.read(pair[0], "\(key)[0]", reading),
            let value = read(pair[1], "\(key)[1]", reading)
          else { return nil }
          if let last = steps.last, last.at >= at {
            reading.refuse(key, "found \(pair[0].found), expected a time after \(DurationText.format(last.at))")
            return nil
          }
          steps.append(.init(at: at, value: value))
        }
        return steps
      },
      write: { [write] steps in
        .list(steps.compactMap { step in write(step.value).map { .list([.text(DurationText.format(step.at)), $0]) } })
      })
  }
}

extension Codec<String> {
  /// The path of a file that is read.
  static let path = word.filtered("the path of a .csv or .json file") { $0.hasSuffix(".csv") || $0.hasSuffix(".json") }

  /// A name of letters, digits and the few other marks that occur in names of providers.
  static func plain(_ what: String, such example: String) -> Codec {
    word.filtered("\(what) such as \(example)") { text in
      text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-./() ".utf8.contains(byte)
        }
      }
    }
  }
}

extension Reading {
  /// What a file that a spec names says; nil after reporting why it says nothing.
  func parse<Value>(
    _ path: String, _ key: String, _ parse: ([UInt8]) throws(ParseError) -> Value
  ) -> Value? {
    switch readFile(path) {
    case .failure(let error):
      refuse(key, "found \(SpecNode.quote(path)), expected a readable file: \(error.reason)")
      return nil
    case .success(let bytes):
      do throws(ParseError) {
        return try parse(bytes)
      } catch {
        refuse(key, "found a file with an error: \(path), \(error)")
        return nil
      }
    }
  }

  /// The series itself, unless it is longer than durations in specs can be.
  func bounded<Value>(_ series: StepSeries<Value>, _ path: String, _ key: String) -> StepSeries<Value>? {
    let end = max(series.steps.last?.at ?? .zero, series.period ?? .zero)
    if end <= DurationText.longest { return series }
    refuse(key, "found a file of \(end) in \(path), expected at most \(DurationText.format(DurationText.longest))")
    return nil
  }

  /// Reports that not exactly one of `file` and `steps` is given.
  func refuseSource(_ key: String, of model: String, at node: SpecNode, isMissing: Bool) {
    refuse(
      key, at: node.place,
      "found \(isMissing ? "neither file nor steps" : "file together with steps"), expected one of them for \(model)")
  }
}

extension PerSite {
  /// The key of a site's value.
  static func key(_ key: String, _ site: String?) -> String {
    site.map { Section<SpotPlan>.join(key, SpecNode.quote($0)) } ?? key
  }
}

extension PerSite {
  /// These steps as series; nil when one has no period that ends after its last step.
  func series<Step: Hashable & Sendable>(period: TimeSpan?) -> PerSite<StepSeries<Step>>?
  where Value == [StepSeries<Step>.Step] {
    map { StepSeries($1, period: period) }
  }
}
