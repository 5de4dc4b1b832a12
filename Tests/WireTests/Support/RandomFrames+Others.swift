import Raft

@testable import KeyValue
@testable import Server
@testable import Wire

/// Frames that carry no message of the protocol.
extension RandomFrames {
  mutating func introduction() -> NodeIntroduction {
    NodeIntroduction(
      node: node(), incarnation: number(), role: NodeRole.allCases[below(4)],
      locality: Locality(UInt16(truncatingIfNeeded: number())), site: text())
  }

  mutating func cluster() -> ClusterID { ClusterID(high: number(), low: number()) }

  mutating func versions() -> ClosedRange<ProtocolVersion> {
    let oldest = UInt16(below(100))
    return ProtocolVersion(oldest)...ProtocolVersion(oldest + UInt16(below(100)))
  }

  mutating func hello() -> Hello {
    let sender: Hello.Sender = [.client, .administrator, .node(introduction()), .node(introduction())][below(4)]
    return Hello(
      versions: versions(), cluster: cluster(), receiver: optionalNode(), sender: sender,
      groupCount: UInt16(truncatingIfNeeded: number()))
  }

  mutating func helloReply() -> HelloReply {
    let refusals: [HelloRefusal] = [
      .noCommonVersion(versions()), .otherCluster(cluster()), .otherNode(node()), .ownIdentity(node()),
      .staleIncarnation(known: number()), .unknownSender, .tooManyConnections, .stopping,
    ]
    if below(3) > 0 { return .refused(refusals[below(refusals.count)]) }
    return .accepted(
      Welcome(
        version: ProtocolVersion(UInt16(below(9))), node: introduction(),
        groupCount: UInt16(truncatingIfNeeded: number())))
  }

  mutating func clientRequest() -> ClientRequest {
    let operations: [KeyValue.Operation] = [
      .get(key()), .put(key(), bytes()), .delete(key()), .increment(key(), by: Int64(bitPattern: number())),
      .append(key(), bytes()), .compareAndSwap(key(), expected: isTrue() ? bytes() : nil, new: bytes()),
      .exchange(key(), bytes(), PutCondition.allCases[below(PutCondition.allCases.count)]), .length(key()),
      .getMany(keys()), .countPresent(keys()), .deleteMany(keys()), .putMany(pairs()),
    ]
    return ClientRequest(
      client: ClientID(number()), sequence: SequenceNumber(number()), operation: operations[below(operations.count)],
      consistency: ReadConsistency.allCases[below(3)])
  }

  private mutating func keys() -> NonEmpty<Key> { NonEmpty((0...below(4)).map { _ in key() })! }

  private mutating func pairs() -> NonEmpty<KeyedValue> {
    NonEmpty((0...below(4)).map { _ in KeyedValue(key(), bytes()) })!
  }

  mutating func result() -> OperationResult {
    let results: [OperationResult] = [
      .exchanged(isTrue(), old: isTrue() ? bytes() : nil), .length(below(1_000)), .present(below(9)),
      .removed(below(9)),
      .values((0..<below(5)).map { _ in isTrue() ? bytes() : nil }),
      .value(isTrue() ? bytes() : nil), .stored, .deleted(existed: isTrue()),
      .swapped(isTrue(), found: isTrue() ? bytes() : nil), .incremented(Int64(bitPattern: number())),
      .appended(length: count()), .refused([.notAnInteger, .overflow, .tooLarge][below(3)]),
    ]
    return results[below(results.count)]
  }

  mutating func router() -> KeyRouter {
    KeyRouter(
      groups: (0...below(4)).map { _ in GroupID(UInt16(truncatingIfNeeded: random.next())) },
      version: RoutingVersion(number()))
  }

  mutating func part() -> MovedPart {
    let sessions = MovedPart.Sessions(
      watermark: SequenceNumber(number()),
      sessions: (0..<below(3)).map { _ in
        MovedPart.Session(client: ClientID(number()), sequence: SequenceNumber(number()), result: result())
      })
    let entries = (0..<below(4)).map { _ in MovedPart.Entry(key: key(), value: bytes()) }
    return MovedPart.cut(
      entries, sessions, version: RoutingVersion(number()), from: GroupID(3), to: GroupID(UInt16(below(9))))[0]
  }

  // One of the cases is made, not all of them: a routing's ring takes its time.

  mutating func shardOrder() -> ShardRequest.Order {
    switch below(4) {
    case 0: .commit(.reroute(GroupID(1), from: router(), to: router()))
    case 1: .commit(.install(part()))
    case 2: .commit(.release(RoutingVersion(number())))
    default: .collect(part: count(), for: GroupID(7), by: RoutingVersion(number()))
    }
  }

  mutating func shardRequest() -> ShardRequest {
    ShardRequest(mover: ClientID(number()), sequence: SequenceNumber(number()), order: shardOrder())
  }

  mutating func responder() -> Responder {
    [
      .member(.follower), .member(.preCandidate), .member(.candidate), .member(.leader), .secretary, .observer,
    ][below(6)]
  }

  mutating func shardAnswer() -> ShardAnswer {
    switch below(5) {
    case 0: .done
    case 1: .expects(part: count())
    case 2: .part(part())
    case 3: .nothingLeft
    default: .refused(at: isTrue() ? RoutingVersion(number()) : nil)
    }
  }

  mutating func outcome() -> ClientReply.Outcome {
    switch below(8) {
    case 0: .redirect(to: optionalNode())
    case 1: .moved(router())
    case 2: .busy
    case 3: .sessionExpired(above: SequenceNumber(number()))
    case 4: .sharded(shardAnswer())
    case 5: .unknown(leader: optionalNode())
    default: .done(result())
    }
  }

  mutating func clientReply() -> ClientReply {
    ClientReply(
      client: ClientID(number()), sequence: SequenceNumber(number()), outcome: outcome(), role: responder())
  }

  mutating func jitter() -> LinkUpdate.Jitter {
    let number = Double(below(1_000)) / 7
    return [
      .none, .normal(deviation: span()), .lognormal(median: span(), sigma: number),
      .gamma(shape: number, scale: span()), .pareto(shape: number, scale: span()),
    ][below(5)]
  }

  mutating func adminOrder() -> AdminOrder {
    let link = LinkUpdate(
      peer: node(), delay: span(), jitter: jitter(), lossPerMillion: UInt32(below(1_000_001)),
      bitsPerSecond: isTrue() ? number() : nil, isPartitioned: isTrue())
    let peers = (0..<below(4)).map { _ in
      PeerAddress(node: introduction(), host: text(), port: UInt16(truncatingIfNeeded: number()))
    }
    let orders: [AdminOrder] = [
      .status, .change(change()), .transferLeadership(to: node()), .campaign, .takeSnapshot, .introduce(peers),
      .retire, .stop, .setLink(link),
      .interrupt(InterruptionNotice(action: InterruptionNotice.Action.allCases[below(3)], timeLeft: span())),
    ]
    return orders[below(orders.count)]
  }

  mutating func adminRefusal() -> AdminRefusal {
    let refusals: [AdminRefusal] = [
      .configuration(.proposal(.notLeader(hint: optionalNode()))), .configuration(.proposal(.transferring(to: node()))),
      .configuration(.proposal(.logFull)), .configuration(.proposal(.removed)),
      .configuration(.changePending(at: index())), .configuration(.mustLeaveJointFirst), .configuration(.notJoint),
      .configuration(.noVotersLeft), .configuration(.invalidStep(.addVoter(node()))),
      .configuration(.invalidStep(.addLearner(node()))), .configuration(.invalidStep(.remove(node()))),
      .configuration(.learnerBehind(node(), lag: count())), .transfer(.notLeader(hint: optionalNode())),
      .transfer(.alreadyLeader), .transfer(.notVoter(node())), .transfer(.alreadyTransferring(to: node())),
      .notInRole(NodeRole.allCases[below(4)]), .noSuchGroup(GroupID(UInt16(truncatingIfNeeded: number()))), .busy,
      .notAllowed(text()),
    ]
    return refusals[below(refusals.count)]
  }

  mutating func status() -> NodeStatus {
    var status = NodeStatus(node: introduction(), part: responder())
    status.term = term()
    status.leader = optionalNode()
    status.firstIndex = index()
    status.lastIndex = index()
    status.commitIndex = index()
    status.appliedIndex = index()
    status.snapshotIndex = index()
    status.configuration = isTrue() ? configuration() : nil
    status.members = nodes().map {
      NodeStatus.Member(node: $0, match: index(), next: index(), isActive: isTrue())
    }
    status.fleet = nodes().map {
      NodeStatus.FleetNode(
        node: $0, role: NodeRole.allCases[below(4)], serves: UInt16(truncatingIfNeeded: number()), isRetiring: isTrue())
    }
    status.isRetiring = isTrue()
    status.fault = isTrue() ? text() : nil
    return status
  }

  mutating func adminAnswer() -> AdminAnswer {
    [.done, .status(status()), .proposed(position()), .refused(adminRefusal()), .refused(adminRefusal())][below(5)]
  }
}
