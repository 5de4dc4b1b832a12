import DequeModule
import KeyValue
import Raft
import Server

/// What this node passed on to the leader for its clients, until the answer comes.
///
/// A request travels under a number of its own, which the answer repeats. What was passed on when the connection broke, or
/// is not answered in time, has an unknown outcome: it is never sent twice.
struct Forwarding {
  /// How long an answer may take.
  static let patience = TimeSpan.seconds(10)
  /// The most requests under way.
  static let capacity = 65_536

  private struct Request {
    var client: ClientAddress
    var to: NodeID
    var deadline: Instant
  }

  /// Requests by number, from `first` on; nil for those that were answered.
  private var requests = Deque<Request?>()
  private var first: UInt64
  private(set) var waiting = 0

  /// Numbers begin anew in every life of the node, so that an answer to what an earlier one passed on fits nothing.
  init(life: UInt64) { first = (life & 0xFF_FFFF) << 40 | 1 }

  /// Whether one more may be passed on. One that is never answered holds the places behind it until it is given up.
  var hasRoom: Bool { waiting < Forwarding.capacity && requests.count < 16 * Forwarding.capacity }

  /// Notes a request; answers its number.
  mutating func begin(for client: ClientAddress, to node: NodeID, at now: Instant) -> SequenceNumber {
    requests.append(Request(client: client, to: node, deadline: now + Forwarding.patience))
    waiting += 1
    return SequenceNumber(first + UInt64(requests.count) - 1)
  }

  /// Takes the answer of the node that was asked: its client gets it.
  mutating func end(_ sequence: SequenceNumber, by node: NodeID) -> ClientAddress? {
    guard sequence.rawValue >= first, sequence.rawValue - first < UInt64(requests.count) else { return nil }
    let place = Int(sequence.rawValue - first)
    guard let request = requests[place], request.to == node else { return nil }
    requests[place] = nil
    waiting -= 1
    trim()
    return request.client
  }

  /// Ends the requests that `isLost` picks; answers their clients.
  mutating func giveUp(_ isLost: (NodeID, Instant) -> Bool) -> [ClientAddress] {
    var lost: [ClientAddress] = []
    for place in requests.indices {
      guard let request = requests[place], isLost(request.to, request.deadline) else { continue }
      requests[place] = nil
      waiting -= 1
      lost.append(request.client)
    }
    trim()
    return lost
  }

  private mutating func trim() {
    while let oldest = requests.first, oldest == nil {
      requests.removeFirst()
      first += 1
    }
  }
}

extension NodeHost {
  /// Takes the leader's answer to what was passed on.
  func takeForwarded(_ reply: ClientReply, from node: NodeID) {
    guard let client = forwarding.end(reply.sequence, by: node) else {
      meters.lateReplies += 1
      return
    }
    deliver(AddressedReply(to: client, reply: reply))
  }

  /// Gives up what was passed on to a node that can no longer be reached: whether it took effect is unknown.
  func giveUpForwarded(to node: NodeID) { giveUp { to, _ in to == node } }

  /// Gives up what was passed on too long ago.
  func giveUpForwarded(before now: Instant) { giveUp { _, deadline in deadline <= now } }

  private func giveUp(_ isLost: (NodeID, Instant) -> Bool) {
    for client in forwarding.giveUp(isLost) {
      let reply = ClientReply(
        client: .sessionless, sequence: SequenceNumber(0), outcome: .unknown(leader: nil), role: .follower)
      deliver(AddressedReply(to: client, reply: reply))
    }
  }
}
