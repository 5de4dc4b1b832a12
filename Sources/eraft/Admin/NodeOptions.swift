import ArgumentParser
import Experiment
import Raft
import Runtime
import Server
import Wire

/// Where a node is that the configuration file does not know.
struct NewcomerOptions: ParsableArguments {
  @Argument(help: "The node's number.")
  var node: UInt32

  @Argument(help: "Where it listens for other nodes, as host:port.")
  var address: String

  @Option(help: "The site where it stands; the first one when it is not given.")
  var site: String?

  /// The node.
  func known(role: NodeRole, in group: AdministeredGroup) throws -> KnownNode {
    guard NodeID(node) <= NodeID.largest else {
      throw AdministrationProblem(
        text: "found node \(node), expected at most \(NodeID.largest.rawValue)", code: .unusable)
    }
    let address = try NetworkAddress(argument: address)
    let sites = group.configuration.sites
    let site = site ?? sites[0]
    guard sites.contains(site) else {
      throw AdministrationProblem(
        text: "found site \(site), expected one of \(sites.joined(separator: ", "))", code: .unusable)
    }
    var known = KnownNode()
    (known.node, known.role, known.site, known.address) = (NodeID(node), role, site, address)
    return known
  }
}

/// A node of the configuration, or one that only its address is known of.
struct TargetOptions: ParsableArguments {
  @Argument(help: "The node's number.")
  var node: UInt32

  @Option(help: "Where it listens for other nodes, when the configuration does not know it.")
  var address: String?

  /// The node.
  func known(in group: AdministeredGroup) throws -> KnownNode {
    guard let address else { return try group.known(NodeID(node)) }
    var known = KnownNode()
    (known.node, known.address) = (NodeID(node), try NetworkAddress(argument: address))
    return known
  }
}

extension NetworkAddress {
  /// Reads an address of the command line; throws ``AdministrationProblem`` for anything else.
  init(argument: String) throws {
    guard let address = NetworkAddress(argument) else {
      throw AdministrationProblem(text: "found address \(argument), expected host:port", code: .unusable)
    }
    self = address
  }
}
