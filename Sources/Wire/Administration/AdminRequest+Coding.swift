import Raft

/// The number of the request, the kind of order, then what the kind needs.
extension AdminRequest {
  var encodedSize: Int { 9 + order.encodedSize }

  func write(to writer: inout WireWriter) {
    writer.number(id)
    order.write(to: &writer)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(9, .fields)
    let id = reader.number(UInt64.self)
    self.init(id: id, order: try AdminOrder(from: &reader))
  }
}

extension AdminOrder {
  private enum Kind: UInt8 {
    case status = 1
    case change = 2
    case transferLeadership = 3
    case campaign = 4
    case takeSnapshot = 5
    case introduce = 6
    case retire = 7
    case interrupt = 8
    case setLink = 9
    case stop = 10
  }

  /// The bytes after the kind.
  fileprivate var encodedSize: Int {
    switch self {
    case .status, .campaign, .takeSnapshot, .retire, .stop: 0
    case .change(let change): change.encodedSize
    case .transferLeadership: 4
    case .introduce(let peers): peers.reduce(4) { $0 + $1.encodedSize }
    case .interrupt: 9
    case .setLink: LinkUpdate.encodedSize
    }
  }

  fileprivate func write(to writer: inout WireWriter) {
    switch self {
    case .status: writer.byte(Kind.status.rawValue)
    case .change(let change):
      writer.byte(Kind.change.rawValue)
      change.write(to: &writer)
    case .transferLeadership(let node):
      writer.byte(Kind.transferLeadership.rawValue)
      writer.node(node)
    case .campaign: writer.byte(Kind.campaign.rawValue)
    case .takeSnapshot: writer.byte(Kind.takeSnapshot.rawValue)
    case .introduce(let peers):
      writer.byte(Kind.introduce.rawValue)
      writer.number(UInt32(peers.count))
      for peer in peers { peer.write(to: &writer) }
    case .retire: writer.byte(Kind.retire.rawValue)
    case .interrupt(let notice):
      writer.byte(Kind.interrupt.rawValue)
      writer.byte(notice.action.rawValue)
      writer.number(notice.timeLeft.nanoseconds)
    case .setLink(let update):
      writer.byte(Kind.setLink.rawValue)
      update.write(to: &writer)
    case .stop: writer.byte(Kind.stop.rawValue)
    }
  }

  /// Reads an order whose kind was asked for before.
  fileprivate init(from reader: inout WireReader) throws(WireError) {
    let tag = reader.byte()
    guard let kind = Kind(rawValue: tag) else {
      throw reader.error(.unknownValue(.order, found: UInt64(tag)), back: 1)
    }
    switch kind {
    case .status: self = .status
    case .change: self = .change(try ConfigurationChange(from: &reader))
    case .transferLeadership:
      try reader.need(4, .order)
      self = .transferLeadership(to: reader.node())
    case .campaign: self = .campaign
    case .takeSnapshot: self = .takeSnapshot
    case .introduce:
      let count = try reader.count(.peers, limit: reader.limits.listLength, minimumSize: PeerAddress.smallestSize)
      var peers: [PeerAddress] = []
      peers.reserveCapacity(count)
      for _ in 0..<count { peers.append(try PeerAddress(from: &reader)) }
      self = .introduce(peers)
    case .retire: self = .retire
    case .interrupt: self = .interrupt(try InterruptionNotice(from: &reader))
    case .setLink: self = .setLink(try LinkUpdate(from: &reader))
    case .stop: self = .stop
    }
  }
}

extension PeerAddress {
  /// The bytes of an address whose texts are empty.
  fileprivate static let smallestSize = 25

  fileprivate var encodedSize: Int { node.encodedSize + 6 + host.utf8.count }

  fileprivate func write(to writer: inout WireWriter) {
    node.write(to: &writer)
    writer.text(host)
    writer.number(port)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    let node = try NodeIntroduction(from: &reader)
    let host = try reader.text()
    try reader.need(2, .fields)
    self.init(node: node, host: host, port: reader.number(UInt16.self))
  }
}

extension InterruptionNotice {
  fileprivate init(from reader: inout WireReader) throws(WireError) {
    try reader.need(9, .fields)
    let code = reader.byte()
    guard let action = Action(rawValue: code) else {
      throw reader.error(.unknownValue(.action, found: UInt64(code)), back: 1)
    }
    self.init(action: action, timeLeft: TimeSpan(nanoseconds: reader.number(Int64.self)))
  }
}
