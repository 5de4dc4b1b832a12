import Experiment
import Raft
import Server
import Wire

/// How the node stands, for administrators and for the status page.
extension NodeHost {
  /// How the node stands now.
  var status: NodeStatus {
    switch process {
    case .member(let server): memberStatus(server.pointee)
    case .secretary(let server): secretaryStatus(server.pointee)
    case .observer(let server): observerStatus(server.pointee)
    }
  }

  private func memberStatus(_ server: borrowing Server) -> NodeStatus {
    var status = NodeStatus(node: introduction, part: .member(server.node.role))
    status.term = server.node.term
    status.leader = server.node.leader
    status.firstIndex = server.node.firstIndex
    status.lastIndex = server.node.lastPosition.index
    status.commitIndex = server.node.commitIndex
    status.appliedIndex = server.node.appliedIndex
    status.snapshotIndex = server.node.snapshot.last.index
    status.configuration = server.node.configuration
    status.isRetiring = isLeaving
    status.fault = server.node.fault.map { "\($0)" }
    if server.node.role == .leader {
      status.members = server.node.configuration.everyone.map { member in
        let match = member == introduction.node ? server.node.durableIndex : server.node.matchIndex(of: member)
        return NodeStatus.Member(
          node: member, match: match, next: match.next,
          isActive: member == introduction.node || wasHeard(member))
      }
      status.fleet = server.node.fleetAtWork.map { worker in
        NodeStatus.FleetNode(
          node: worker.node, role: .secretary, serves: UInt16(clamping: worker.targets), isRetiring: worker.isRetiring)
      }
    }
    return status
  }

  /// Whether anything came from a node within an election timeout, or within the time after which it is asked for a sign
  /// of life.
  private func wasHeard(_ node: NodeID) -> Bool {
    guard let connection = peers[node]?.connection else { return false }
    let bound = max(configuration.group.raft.electionTimeout.lowerBound, NodeHost.quiet + NodeHost.careInterval)
    return MonotonicClock.now - connection.lastHeard <= bound
  }

  private func secretaryStatus(_ server: borrowing SecretaryServer) -> NodeStatus {
    var status = NodeStatus(node: introduction, part: .secretary)
    status.term = server.node.seenTerm
    status.leader = server.node.leader
    status.lastIndex = server.node.held.end
    status.commitIndex = server.node.held.committed
    status.isRetiring = server.node.isRetiring
    return status
  }

  private func observerStatus(_ server: borrowing ObserverServer) -> NodeStatus {
    var status = NodeStatus(node: introduction, part: .observer)
    status.term = server.node.term
    status.leader = server.node.leader
    status.lastIndex = server.node.last.index
    status.commitIndex = server.node.last.index
    status.appliedIndex = server.applied.index
    status.isRetiring = isLeaving
    return status
  }
}

extension Configuration {
  /// All members, incoming, outgoing and learning, in order of their numbers.
  var everyone: [NodeID] {
    var found: [NodeID] = []
    for member in (voters + outgoing + learners + learnersNext).sorted() where found.last != member {
      found.append(member)
    }
    return found
  }
}
