/// The key `sweep`: a mapping from keys of the spec to what is tried for each.
enum SweepKeys {
  /// The most runs of a sweep.
  static let runLimit = 10_000

  static let codec = Codec<[SweepAxis]>(
    type: "a mapping from keys to lists of values or ranges such as `1..5`, or from names to mappings of cases",
    read: { node, key, reading in
      guard let entries = node.entries, !entries.isEmpty else {
        let found = node.entries == nil ? node.found : "an empty mapping"
        reading.refuse(key, at: node.place, "found \(found), expected a mapping such as {seed: 1..5}")
        return nil
      }
      let axes = entries.compactMap { axis($0, in: key, reading) }
      guard axes.count == entries.count, areApart(axes, at: node, key, reading) else { return nil }
      guard axes.runCount <= runLimit else {
        reading.refuse(key, at: node.place, "found \(axes.runCount) runs, expected at most \(runLimit)")
        return nil
      }
      return axes
    },
    write: { axes in axes.isEmpty ? nil : .mapping(axes.map { ($0.name, write($0)) }) })

  // MARK: Reading

  private static func axis(_ entry: SpecNode.Entry, in key: String, _ reading: Reading) -> SweepAxis? {
    let path = "\(key).\(SpecNode.quote(entry.key))"
    reading.note(path, at: entry.value.place)
    let choices: [SweepChoice]? =
      if entry.value.entries != nil {
        cases(entry.value, path, reading)
      } else if isSettable(entry.key, path, at: entry.keyPlace, reading) {
        values(entry.value, of: entry.key, path, reading)
      } else {
        nil
      }
    return choices.map { SweepAxis(name: entry.key, choices: $0) }
  }

  private static func values(_ node: SpecNode, of key: String, _ path: String, _ reading: Reading) -> [SweepChoice]? {
    if let text = node.text, let range = range(text) {
      guard range.count <= runLimit else {
        reading.refuse(path, at: node.place, "found \(range.count) values, expected at most \(runLimit)")
        return nil
      }
      return range.map { SweepChoice(label: "\($0)", settings: [SweepSetting(key: key, value: "\($0)")]) }
    }
    guard let items = node.items, !items.isEmpty else {
      let found = node.items == nil ? node.found : "an empty list"
      reading.refuse(
        path, at: node.place, "found \(found), expected a list of values, a range such as 1..5, or named cases")
      return nil
    }
    return items.enumerated().map { position, item in
      reading.note("\(path)[\(position)]", at: item.place)
      let text = YAMLText.inline(item)
      return SweepChoice(label: item.text ?? text, settings: [SweepSetting(key: key, value: text)])
    }
  }

  /// A range such as `1..5`, its end included.
  private static func range(_ text: String) -> ClosedRange<Int64>? {
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    guard ends.count == 3, ends[1].isEmpty, let low = WholeNumber.parse(String(ends[0])).flatMap(Int64.init(exactly:)),
      let high = WholeNumber.parse(String(ends[2])).flatMap(Int64.init(exactly:)), low <= high,
      high.subtractingReportingOverflow(low).overflow == false, high - low < .max
    else { return nil }
    return low...high
  }

  private static func cases(_ node: SpecNode, _ path: String, _ reading: Reading) -> [SweepChoice]? {
    guard let entries = node.entries, !entries.isEmpty else {
      reading.refuse(path, at: node.place, "found an empty mapping, expected cases such as {small: {seed: 1}}")
      return nil
    }
    var choices: [SweepChoice] = []
    for (position, entry) in entries.enumerated() {
      reading.note("\(path)[\(position)]", at: entry.value.place)
      let path = "\(path).\(SpecNode.quote(entry.key))"
      guard let parts = entry.value.entries else {
        reading.refuse(
          path, at: entry.value.place, "found \(entry.value.found), expected a mapping from keys to values")
        return nil
      }
      guard parts.allSatisfy({ isSettable($0.key, path, at: $0.keyPlace, reading) }) else { return nil }
      let settings = parts.map { SweepSetting(key: $0.key, value: YAMLText.inline($0.value)) }
      choices.append(SweepChoice(label: entry.key, settings: settings))
    }
    return choices
  }

  private static func isSettable(_ key: String, _ path: String, at place: SpecPlace, _ reading: Reading) -> Bool {
    guard let steps = SpecOverride.steps(key), case .key(let first)? = steps.first, first != "sweep" else {
      reading.refuse(
        path, at: place,
        "found the key \(SpecNode.quote(key)), expected a dotted key such as group.heartbeat or workload[0].rate")
      return false
    }
    return true
  }

  /// Whether no key is set by two axes, of which one would silently lose.
  private static func areApart(_ axes: [SweepAxis], at node: SpecNode, _ key: String, _ reading: Reading) -> Bool {
    var owners: [String: String] = [:]
    for axis in axes {
      for setting in axis.choices.flatMap(\.settings) {
        let owner = owners[setting.key, default: axis.name]
        guard owner == axis.name else {
          reading.refuse(
            key, at: node.place, "found \(setting.key) set by both \(owner) and \(axis.name), expected one of them")
          return false
        }
        owners[setting.key] = owner
      }
    }
    return true
  }

  // MARK: Writing

  private static func write(_ axis: SweepAxis) -> SpecNode {
    let isPlain = axis.choices.allSatisfy { $0.settings.count == 1 && $0.settings[0].key == axis.name }
    if isPlain { return .list(axis.choices.map { node($0.settings[0].value) }) }
    return .mapping(
      axis.choices.map { choice in (choice.label, .mapping(choice.settings.map { ($0.key, node($0.value)) })) })
  }

  /// The node of a value that was written in one line.
  private static func node(_ text: String) -> SpecNode {
    let reading = Reading(source: "sweep") { _ in .failure(CompanionFileError(reason: "")) }
    return SpecDocument.read(text, reading: reading, place: { _, _ in SpecNode.nowhere }) ?? .text(text)
  }
}
