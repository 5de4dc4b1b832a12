import Emulation
import Raft

/// The keys of `links.routes`.
enum RouteKeys {
  static let codec = Codec<RouteClasses?>(
    type: "`none`, `cloud`, or a list of mappings",
    children: { list.children() },
    read: { node, key, reading in
      switch node.text {
      case "none": return .some(nil)
      case "cloud": return RouteClasses.cloud
      case .some:
        reading.refuse(key, at: node.place, Words.notOneOf(["none", "cloud", "a list of routes"], found: node))
        return nil
      case nil:
        guard let classes = list.read(node, key, reading) else { return nil }
        guard classes.count <= RouteClasses.most else {
          reading.refuse(
            key, at: node.place, "found \(classes.count) routes, expected at most \(RouteClasses.most)")
          return nil
        }
        return RouteClasses(classes)
      }
    },
    write: { routes in
      guard let routes else { return .text("none") }
      return routes == .cloud ? .text("cloud") : list.write(routes.classes)
    })

  private static let list = Codec<RouteClass>.section(
    { section }, initial: { RouteClass(hold: .seconds(60)) }
  ).list("a list", of: "routes")

  private static var section: Section<RouteClass> {
    Section(fields: [
      Field("factor", factor, \.factor, "The link's delay is multiplied by this."),
      Field("extra", .duration, \.extra, "What is added to the delay after that."),
      Field(
        "jitter", JitterKeys.codec.optional(), \.jitter, fallback: "the link's", "The jitter while the route is in use."
      ),
      Field("hold", hold, \.hold, "The mean of the exponential time for which the route stays in use."),
      Field(
        "weight", .positiveNumber, \.weight, "How likely the route is when another one ends, relative to the others."),
    ])
  }

  private static let hold = Codec<TimeSpan>.positiveDuration.filtered("a duration of at least 100ms, at most 365d") {
    $0 >= RouteClasses.shortestHold && $0 <= .seconds(31_536_000)
  }

  private static let factor = Codec<Double>.scalar(
    "number", expected: NumberText.expected, parse: NumberText.parse, format: NumberText.format
  ).filtered("a factor from 0 to 100") { (0...100).contains($0) }
}
