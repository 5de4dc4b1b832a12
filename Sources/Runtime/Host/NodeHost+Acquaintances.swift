import Experiment
import Raft
import Wire

/// Where other nodes are, which nodes tell each other: a newcomer that one of them knows becomes known to all.
extension NodeHost {
  /// The nodes whose addresses this node knows, itself included.
  var knownAddresses: [PeerAddress] {
    var found: [PeerAddress] = []
    for link in peers.links {
      guard let address = link.address, let node = link.introduction ?? configured(link.node) else { continue }
      found.append(PeerAddress(node: node, host: address.host, port: address.port))
    }
    found.append(PeerAddress(node: introduction, host: listenAddress.host, port: listenAddress.port))
    return found
  }

  /// Takes note of where nodes are, and tells the others what is news.
  func learn(_ nodes: [PeerAddress]) {
    var news = false
    for peer in nodes where peer.node.node != introduction.node {
      guard let link = peers.link(to: peer.node.node, allocator: allocator) else { continue }
      let address = NetworkAddress(host: peer.host, port: peer.port)
      // What a connected node said of itself is not overruled by what others say of it.
      if link.introduction == nil || (link.introduction?.incarnation == 0 && peer.node.incarnation != 0) {
        link.introduction = peer.node
        news = true
      }
      if !link.isUp, link.address != address {
        link.address = address
        news = true
      } else if link.address == nil {
        link.address = address
        news = true
      }
    }
    guard news else { return }
    placesChanged()
    spreadAddresses()
  }

  /// Tells all nodes that are connected what this one knows of where others are, and on which storage.
  func spreadAddresses() {
    let known = knownAddresses
    for link in peers.links where link.isUp {
      writeDirectly(to: link) { $0.writeFrame(.adminRequest(AdminRequest(id: 0, order: .introduce(known)))) }
    }
  }

  private func configured(_ node: NodeID) -> NodeIntroduction? {
    guard let known = configuration.nodes.first(where: { $0.node == node }) else { return nil }
    return NodeIntroduction(
      node: node, incarnation: 0, role: known.role, locality: configuration.locality(of: known.site), site: known.site)
  }
}
