import Emulation
import Raft

/// The names that people gave to sites, nodes and groups: identifiers become names here, on the way to the traces.
public struct NameTable: Sendable {
  /// The sites' names by number.
  public private(set) var sites: [String]
  /// The groups' names by number.
  public private(set) var groups: [String]
  private var nodes: [Node?] = []

  private struct Node: Sendable {
    var name: String
    var site: SiteID
  }

  /// Makes a table of sites and groups; nodes are added.
  public init(sites: [String], groups: [String] = ["g0"]) {
    self.sites = sites
    self.groups = groups
  }

  /// Adds a node, or renames it.
  public mutating func add(_ node: NodeID, name: String, site: SiteID) {
    precondition(node <= NodeID.largest, "a node's number is beyond the largest one")
    if node.slot >= nodes.count {
      nodes.append(contentsOf: repeatElement(nil, count: node.slot + 1 - nodes.count))
    }
    nodes[node.slot] = Node(name: name, site: site)
  }

  /// Adds a node with the usual name: its site, a dot, and its number within the site.
  public mutating func add(_ node: NodeID, site: SiteID, number: Int) {
    add(node, name: "\(self.site(site)).\(number)", site: site)
  }

  /// A site's name; `s7` for one that has none.
  public func site(_ site: SiteID) -> String {
    site.slot < sites.count ? sites[site.slot] : "s\(site.rawValue)"
  }

  /// A node's name; `n7` for one that has none.
  public func node(_ node: NodeID) -> String {
    node.slot < nodes.count ? nodes[node.slot]?.name ?? node.description : node.description
  }

  /// The name of a node's site; `unknown` for a node that was not added.
  public func site(of node: NodeID) -> String {
    guard node.slot < nodes.count, let site = nodes[node.slot]?.site else { return "unknown" }
    return self.site(site)
  }

  /// A group's name; `g7` for one that has none.
  public func group(_ group: Int) -> String {
    groups.indices.contains(group) ? groups[group] : "g\(group)"
  }
}
