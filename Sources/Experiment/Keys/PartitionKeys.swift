/// The ways to say which messages a partition loses.
enum PartitionKeys {
  static let codec = Codec<Partition>(
    type: "a list of lists of targets, or a mapping",
    children: { section.keys(defaults: OneWay()) },
    read: { node, key, reading in
      if node.entries != nil {
        var oneWay = OneWay()
        guard section.read(node, key, into: &oneWay, reading) else { return nil }
        return .oneWay(from: oneWay.from, to: oneWay.to)
      }
      guard let items = node.items, items.count >= 2, items.allSatisfy({ $0.items != nil }) else {
        reading.refuse(
          key, at: node.place, "found \(node.found), expected parts such as [[us-east-1], [us-west-2, eu-central-1]]")
        return nil
      }
      return targets.list("parts", of: "parts").read(node, key, reading).map(Partition.groups)
    },
    write: { partition in
      switch partition {
      case .groups(let groups): targets.list("parts", of: "parts").write(groups)
      case .oneWay(let from, let to): section.write(OneWay(from: from, to: to))
      }
    })

  private static let targets = Codec<Target>.target.list("list of targets", of: "targets")

  private struct OneWay: Sendable {
    var from: [Target] = []
    var to: [Target] = []
  }

  private static var section: Section<OneWay> {
    Section(fields: [
      Field("from", targets, \.from, isRequired: true, "Whose messages are lost."),
      Field("to", targets, \.to, isRequired: true, "On the way to whom."),
    ])
  }
}
