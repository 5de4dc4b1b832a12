import Emulation
import Experiment
import Raft
import Server
import Wire

/// What administrators and drivers ask of a node.
extension NodeHost {
  /// Carries an order out, or begins to.
  func answer(_ order: AdminOrder, at now: Instant) -> AdminAnswer {
    defer { scheduleTurn() }
    switch order {
    case .status: return .status(status)
    case .change(let change): return propose(change)
    case .transferLeadership(let target): return transfer(to: target, at: now)
    case .campaign:
      guard case .member = process else { return .refused(.notInRole(introduction.role)) }
      process.server.campaign(at: now)
      return .done
    case .takeSnapshot:
      guard case .member = process else { return .refused(.notInRole(introduction.role)) }
      return process.server.takeSnapshot() ? .done : .refused(.busy)
    case .introduce(let nodes):
      learn(nodes)
      return .done
    case .retire:
      guard !introduction.role.isMember else { return .refused(.notInRole(introduction.role)) }
      leave(.administrator, at: now)
      return .done
    case .interrupt(let notice):
      leave(.order(notice), at: now)
      return .done
    case .setLink(let update): return apply(update, at: now)
    case .stop:
      onStopAsked()
      return .done
    }
  }

  private func propose(_ change: ConfigurationChange) -> AdminAnswer {
    guard case .member = process else { return .refused(.notInRole(introduction.role)) }
    do {
      return .proposed(try process.server.propose(change))
    } catch {
      return .refused(.configuration(error))
    }
  }

  private func transfer(to target: NodeID, at now: Instant) -> AdminAnswer {
    guard case .member = process else { return .refused(.notInRole(introduction.role)) }
    do {
      try process.server.transferLeadership(to: target, at: now)
      return .done
    } catch {
      return .refused(.transfer(error))
    }
  }

  private func apply(_ update: LinkUpdate, at now: Instant) -> AdminAnswer {
    guard update.peer <= NodeID.largest else {
      return .refused(.notAllowed("node \(update.peer.rawValue) is beyond the largest, \(NodeID.largest.rawValue)"))
    }
    guard shaper != nil else {
      return .refused(.notAllowed("the node's links have no model: its configuration has no `links`"))
    }
    do throws(NetworkError) {
      try shaper!.set(update, at: now)
      return .done
    } catch {
      return .refused(.notAllowed("\(error)"))
    }
  }

  // MARK: Leaving

  /// Takes the news that the machine is to go: a secretary hands its work over (rule R7), an observer takes no further
  /// requests, so that its clients go elsewhere, and a member that leads hands leadership over; it may be elected again.
  func leave(_ notice: InterruptionNoticeSource, at now: Instant) {
    guard !isLeaving else { return }
    isLeaving = true
    meters.notices += 1
    note("the machine is to go, says \(notice)")
    switch process {
    case .secretary(let server): server.pointee.retire(at: now)
    case .observer: break
    case .member: handLeadershipOver(at: now)
    }
    scheduleTurn()
  }

  /// Hands leadership to the voter that has most of the log, if this node leads and there is another one.
  func handLeadershipOver(at now: Instant) {
    guard case .member(let server) = process, server.pointee.node.role == .leader else { return }
    let voters = server.pointee.node.configuration.voters
      .filter { $0 != introduction.node && peers[$0]?.isUp == true }
    let best = voters.max { left, right in
      let (first, second) = (server.pointee.node.matchIndex(of: left), server.pointee.node.matchIndex(of: right))
      return first != second ? first < second : left > right
    }
    guard let best else { return }
    do {
      try server.pointee.transferLeadership(to: best, at: now)
    } catch {
      note("leadership stays here: \(error)")
    }
  }
}
