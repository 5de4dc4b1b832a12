/// Why a network cannot be made or changed as asked.
public enum NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No such site.
  case unknownSite(SiteID)
  /// No such endpoint.
  case unknownEndpoint(EndpointID)
  /// More endpoints than ``Network/mostEndpoints``.
  case tooManyEndpoints
  /// A link's value is out of range; the text says which and what the range is.
  case impossibleLink(from: SiteID, to: SiteID, fault: String)
  /// A place stands in two groups of one partition.
  case inTwoGroups(Place)
  /// A partition needs at least two groups, and no group may be empty.
  case tooFewGroups
  /// The partitions in force would have more than ``Network/mostBarriers`` groups and one-way cuts together.
  case tooManyPartitions

  /// What is wrong, in one line.
  public var description: String {
    switch self {
    case .unknownSite(let site): "there is no site \(site.rawValue)"
    case .unknownEndpoint(let endpoint): "there is no endpoint \(endpoint.rawValue)"
    case .tooManyEndpoints: "a network has at most \(Network.mostEndpoints) endpoints"
    case .impossibleLink(let from, let to, let fault): "link from site \(from.rawValue) to \(to.rawValue): \(fault)"
    case .inTwoGroups(.site(let site)): "site \(site.rawValue) is in two groups of a partition"
    case .inTwoGroups(.endpoint(let endpoint)): "endpoint \(endpoint.rawValue) is in two groups of a partition"
    case .tooFewGroups: "a partition needs two groups or more, none of them empty"
    case .tooManyPartitions: "at most \(Network.mostBarriers) groups may be cut off at once"
    }
  }
}
