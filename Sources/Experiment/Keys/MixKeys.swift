import Workload

/// The ways to say which kinds of operation a phase consists of.
enum MixKeys {
  static let codec = Codec<OperationMix>(
    type: "a mix's name, or a mapping",
    read: { node, key, reading in
      if node.text != nil {
        if let mix = node.text.flatMap(OperationMix.named) { return mix }
        reading.refuse(key, at: node.place, Words.notOneOf(OperationMix.presets.map(\.name), found: node))
        return nil
      }
      guard let entries = node.entries, !entries.isEmpty else {
        reading.refuse(
          key, at: node.place, "found \(node.found), expected a mix's name or weights such as {read: 95, update: 5}")
        return nil
      }
      return weights(entries, key, reading)
    },
    write: { mix in
      if OperationMix.presets.contains(mix) { return .text(mix.name) }
      return .mapping(mix.weights.map { ($0.kind.rawValue, .text(NumberText.format($0.weight))) })
    })

  private static func weights(_ entries: [SpecNode.Entry], _ key: String, _ reading: Reading) -> OperationMix? {
    let names = OperationKind.allCases.map(\.rawValue)
    var weights: [(kind: OperationKind, weight: Double)] = []
    for entry in entries {
      let path = Section<PhaseDraft>.join(key, SpecNode.quote(entry.key))
      reading.note(path, at: entry.value.place)
      guard let kind = OperationKind(rawValue: entry.key) else {
        let near = Words.suggestion(for: entry.key, among: names)
        reading.refuse(
          path, at: entry.keyPlace,
          "found an unknown kind of operation, expected one of \(names.joined(separator: ", "))\(near)")
        continue
      }
      if let weight = Codec<Double>.positiveNumber.read(entry.value, path, reading) { weights.append((kind, weight)) }
    }
    return weights.count == entries.count ? OperationMix(name: "custom", weights: weights) : nil
  }
}
