import Emulation
import KeyValue
import Raft
import Server

/// Single facts about nodes: cheaper than a copy of a node, for owners that ask all the time.
extension Simulation {
  /// The part that a node plays, or played when it stopped.
  public func role(of node: NodeID) -> Role { machines[node.slot].process.server.node.role }

  /// A node's term.
  public func term(of node: NodeID) -> Term { machines[node.slot].process.server.node.term }

  /// The last index that a node knows to be committed.
  public func commitIndex(of node: NodeID) -> LogIndex { machines[node.slot].process.server.node.commitIndex }

  /// The last index that a node has applied.
  public func appliedIndex(of node: NodeID) -> LogIndex { machines[node.slot].process.server.node.appliedIndex }

  /// The end of a node's log.
  public func lastPosition(of node: NodeID) -> LogPosition { machines[node.slot].process.server.node.lastPosition }

  /// The configuration in force at a node.
  public func configuration(of node: NodeID) -> Configuration { machines[node.slot].process.server.node.configuration }

  /// Whether a node's log holds a change of the configuration that the node has not applied.
  public func hasPendingConfiguration(_ node: NodeID) -> Bool {
    let node = machines + node.slot
    var index = max(node.pointee.process.server.node.appliedIndex.next, node.pointee.process.server.node.firstIndex)
    while index <= node.pointee.process.server.node.lastPosition.index {
      if node.pointee.process.server.node.entry(at: index).isConfiguration { return true }
      index = index.next
    }
    return false
  }

  /// A node's state in one line, for reports.
  public func describe(_ id: NodeID) -> String {
    if isFleet(id) { return describeFleet(id) }
    let node = machines[id.slot].process.server.node
    var text = "\(id) \(status(id)) \(node.role) term \(node.term), log \(node.firstIndex)...\(node.lastPosition), "
    text += "commit \(node.commitIndex), applied \(node.appliedIndex), durable \(node.durableIndex), "
    text += "voters \(node.configuration.voters)"
    if node.configuration.isJoint { text += " and \(node.configuration.outgoing)" }
    if !node.configuration.learners.isEmpty { text += ", learners \(node.configuration.learners)" }
    if let failure = failure(id) { text += "; \(failure)" }
    return text
  }

  /// What went over all links since the start.
  public var linkCounters: LinkCounters {
    let sites = (0..<network.siteCount).map { SiteID(UInt16($0)) }
    let links = sites.flatMap { from in sites.map { to in network.counters(from: from, to: to) } }
    return links.reduce(LinkCounters(), +)
  }

  /// Begins all connections anew, as if every process had reconnected: nothing waits for what was sent before.
  public mutating func resetConnections() {
    for slot in 0..<machineCount { network.resetConnections(of: machines[slot].endpoint) }
    for id in fleet { network.resetConnections(of: machines[id.slot].endpoint) }
    for endpoint in clientEndpoints { network.resetConnections(of: endpoint) }
  }
}
