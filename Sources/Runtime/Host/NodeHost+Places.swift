import Emulation
import Experiment
import Raft
import Server
import Wire

/// Who stands where: what members need to know to assign secretaries, secretaries to find the leader, and observers to find
/// a feed.
extension NodeHost {
  /// A node as far as it matters where it stands.
  private struct Place {
    var node: NodeID
    var role: NodeRole
    var locality: Locality
  }

  private var places: [Place] {
    var found: [Place] = []
    for link in peers.links {
      if let introduction = link.introduction {
        found.append(Place(node: link.node, role: introduction.role, locality: introduction.locality))
      } else if let known = configuration.nodes.first(where: { $0.node == link.node }) {
        found.append(Place(node: known.node, role: known.role, locality: configuration.locality(of: known.site)))
      }
    }
    found.append(
      Place(node: introduction.node, role: introduction.role, locality: introduction.locality))
    return found.sorted { $0.node < $1.node }
  }

  /// Passes what is known of all nodes' places on to the server, when some have become known.
  func placesChanged() {
    let places = places
    switch process {
    case .member:
      var localities = ContiguousArray<Locality?>()
      for place in places where place.role.isMember {
        while localities.count <= place.node.slot { localities.append(nil) }
        localities[place.node.slot] = place.locality
      }
      process.server.setLocalities(localities)
    case .secretary(let server):
      server.pointee.setContacts(places.filter { $0.role.isMember }.map(\.node))
    case .observer(let server):
      server.pointee.setSources(sources(places))
    }
    if shaper != nil, linkTable != nil { shapeNewPeers(places) }
  }

  /// Those that have a feed, nearest first: by the delay of the links where there is a model of them, else those of the
  /// own site before others; at one distance secretaries before members.
  private func sources(_ places: [Place]) -> [NodeID] {
    func distance(_ place: Place) -> Int64 {
      guard place.locality != introduction.locality else { return 0 }
      guard let links = linkTable else { return 1 }
      return max(1, links[siteID(place.locality), siteID(introduction.locality)].delay.nanoseconds)
    }
    return
      places.filter { $0.role != .observer && $0.node != introduction.node }
      .map { (place: $0, distance: distance($0)) }
      .sorted { left, right in
        if left.distance != right.distance { return left.distance < right.distance }
        let (first, second) = (left.place.role == .secretary, right.place.role == .secretary)
        return first != second ? first : left.place.node < right.place.node
      }
      .map(\.place.node)
  }

  /// The site of a locality; one that a peer made up counts as the last.
  private func siteID(_ locality: Locality) -> SiteID {
    SiteID(min(locality.rawValue, UInt16(clamping: configuration.sites.count - 1)))
  }

  private func shapeNewPeers(_ places: [Place]) {
    for place in places where place.node != introduction.node && !shaper!.knows(place.node.slot) {
      do throws(NetworkError) {
        let model = linkTable![siteID(introduction.locality), siteID(place.locality)]
        try shaper!.addPeer(place.node.slot, over: model, now: turnTime())
      } catch {
        note("the link to \(place.node) has no model: \(error)")
      }
    }
  }
}

extension NodeConfiguration {
  /// The number of a site.
  func locality(of site: String) -> Locality {
    Locality(UInt16(clamping: sites.firstIndex(of: site) ?? 0))
  }
}
