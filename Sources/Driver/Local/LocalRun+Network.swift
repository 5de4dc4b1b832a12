import Emulation
import Experiment
import Raft
import Runtime
import Wire
import Workload

/// One direction between two ends of the network.
struct LinkKey: Hashable {
  /// A node, or the clients of a site.
  enum End: Hashable {
    case node(NodeID)
    case clients(SiteID)
  }

  var from: End
  var to: End
}

/// Keeps senders' links as the network of the run says.
extension LocalRun {
  /// The place of a node in the network: members come first, then the clients of each site, then the fleet.
  func endpoint(of node: NodeID) -> EndpointID {
    EndpointID(UInt32(node.slot < plan.nodes.count ? node.slot : node.slot + plan.spec.sites.count))
  }

  private func endpoint(of site: SiteID) -> EndpointID { EndpointID(UInt32(plan.nodes.count + site.slot)) }

  /// The network has changed: leadership may have, and senders are told.
  func networkChanged() {
    ledger.set(network, at: now)
    tellLinks()
  }

  /// Tells every sender that works what of its links it does not know yet.
  func tellLinks() {
    let working = nodes.indices.filter { nodes[$0].status == .running }
    for from in working {
      for to in nodes.indices where to != from && nodes[to].status != .absent {
        guard let update = news(.node(nodes[from].id), .node(nodes[to].id)) else { continue }
        let key = LinkKey(from: .node(nodes[from].id), to: .node(nodes[to].id))
        ask(.setLink(update), of: from) { run, answer in
          // It is told again with the next change.
          if case .success(.done) = answer { return }
          if run.toldLinks[key] == update { run.toldLinks[key] = nil }
        }
      }
    }
    for load in loads {
      for node in nodes where node.status != .absent && node.role != .secretary {
        if let update = news(.clients(load.site), .node(node.id)) { load.child.send(update.order(isBack: false)) }
        if let update = news(.node(node.id), .clients(load.site)) { load.child.send(update.order(isBack: true)) }
      }
    }
  }

  /// The present state of a link, unless its sender knows it.
  private func news(_ from: LinkKey.End, _ to: LinkKey.End) -> LinkUpdate? {
    let key = LinkKey(from: from, to: to)
    let update = state(key, in: network)
    let known = toldLinks[key] ?? state(key, in: ledger.firstNetwork)
    guard update != known else { return nil }
    toldLinks[key] = update
    return update
  }

  private func state(_ key: LinkKey, in network: Network) -> LinkUpdate {
    func place(_ end: LinkKey.End) -> (site: SiteID, endpoint: EndpointID, node: NodeID?) {
      switch end {
      case .node(let node): (nodes[node.slot].site, endpoint(of: node), node)
      case .clients(let site): (site, endpoint(of: site), nil)
      }
    }
    let (from, to) = (place(key.from), place(key.to))
    let model = network.link(from: from.site, to: to.site)
    let isThere = Int(max(from.endpoint, to.endpoint).rawValue) < network.sites.count
    // A load knows its links by the node at the other end.
    return LinkUpdate(
      peer: to.node ?? from.node!, delay: model.delay, jitter: LinkUpdate.Jitter(model.jitter),
      lossPerMillion: UInt32((model.loss * 1e6).rounded()), bitsPerSecond: model.bandwidth?.bitsPerSecond,
      isPartitioned: isThere && network.isBlocked(from: from.endpoint, to: to.endpoint))
  }
}

extension LinkUpdate.Jitter {
  fileprivate init(_ jitter: Emulation.Jitter) {
    self =
      switch jitter {
      case .none: .none
      case .normal(let deviation): .normal(deviation: deviation)
      case .lognormal(let median, let sigma): .lognormal(median: median, sigma: sigma)
      case .gamma(let shape, let scale): .gamma(shape: shape, scale: scale)
      case .pareto(let shape, let scale): .pareto(shape: shape, scale: scale)
      }
  }
}
