import Raft

extension RelayAppend {
  /// The bytes before the section of entries.
  var headSize: Int { AppendEntries.headSize + 16 + RelayTarget.encodedSize * targets.count }

  func writeHead(to writer: inout WireWriter) {
    append.writeHead(to: &writer)
    writer.number(incarnation.rawValue)
    writer.number(assignment)
    writer.number(UInt32(targets.count))
    for target in targets {
      writer.node(target.node)
      writer.index(target.next)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    var append = try AppendEntries(headFrom: &reader)
    try reader.need(12, .fields)
    let incarnation = Incarnation(reader.number(UInt64.self))
    let assignment = reader.number(UInt32.self)
    let count = try reader.count(
      .targets, limit: reader.limits.listLength, minimumSize: RelayTarget.encodedSize)
    var targets: [RelayTarget] = []
    targets.reserveCapacity(count)
    for _ in 0..<count {
      let node = reader.node()
      targets.append(RelayTarget(node: node, next: reader.index()))
    }
    append.entries = try EntriesSection.read(from: &reader)
    self.init(append: append, incarnation: incarnation, assignment: assignment, targets: targets)
  }
}

extension RelayTarget {
  static let encodedSize = 12
}

extension RelayNotice {
  static let encodedSize = 21

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.number(incarnation.rawValue)
    switch reason {
    case .gap(let node):
      writer.byte(1)
      writer.node(node)
    case .overloaded:
      writer.byte(2)
      writer.number(UInt32(0))
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(RelayNotice.encodedSize, .fields)
    let term = reader.term()
    let incarnation = Incarnation(reader.number(UInt64.self))
    let tag = reader.byte()
    let node = reader.node()
    let reason: Reason =
      switch tag {
      case 1: .gap(node)
      case 2: .overloaded
      default: throw reader.error(.unknownValue(.reason, found: UInt64(tag)), back: 5)
      }
    self.init(term: term, incarnation: incarnation, reason: reason)
  }
}

/// Only what followers answer about entries is carried, so that nothing nests.
extension CarriedResponses {
  /// The bytes of a response before its fields: its size, its kind, and sender, receiver and secretary.
  private static let recordHeadSize = 4 + 1 + Envelope.headSize

  var encodedSize: Int {
    var size = 4
    for envelope in envelopes { size += CarriedResponses.recordHeadSize + CarriedResponses.fieldsSize(of: envelope) }
    return size
  }

  private static func fieldsSize(of envelope: Envelope) -> Int {
    switch envelope.message {
    case .appendAccepted: AppendAccepted.encodedSize
    case .appendRejected: AppendRejected.encodedSize
    default: preconditionFailure("a secretary carries answers about entries and nothing else")
    }
  }

  func write(to writer: inout WireWriter) {
    writer.number(UInt32(envelopes.count))
    for envelope in envelopes {
      writer.number(UInt32(1 + Envelope.headSize + CarriedResponses.fieldsSize(of: envelope)))
      writer.byte(envelope.message.kind.rawValue)
      envelope.writeHead(to: &writer)
      switch envelope.message {
      case .appendAccepted(let message): message.write(to: &writer)
      case .appendRejected(let message): message.write(to: &writer)
      default: preconditionFailure("a secretary carries answers about entries and nothing else")
      }
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    let count = try reader.count(
      .responses, limit: reader.limits.listLength,
      minimumSize: CarriedResponses.recordHeadSize + AppendAccepted.encodedSize)
    var envelopes: [Envelope] = []
    envelopes.reserveCapacity(count)
    for _ in 0..<count {
      try reader.need(4, .response)
      let size = Int(reader.number(UInt32.self))
      try reader.need(size, .response)
      var part = reader.part(size)
      envelopes.append(try CarriedResponses.readResponse(from: &part))
    }
    self.init(envelopes: envelopes)
  }

  private static func readResponse(from reader: inout WireReader) throws(WireError) -> Envelope {
    try reader.need(1 + Envelope.headSize, .response)
    let tag = reader.byte()
    let head = EnvelopeHead(from: &reader)
    switch FrameKind(rawValue: tag) {
    case .appendAccepted: return head.envelope(.appendAccepted(try AppendAccepted(from: &reader)))
    case .appendRejected: return head.envelope(.appendRejected(try AppendRejected(from: &reader)))
    default:
      throw reader.error(.unknownValue(.responseKind, found: UInt64(tag)), back: 1 + Envelope.headSize)
    }
  }
}
