import KeyValue
import Raft
import Server

/// Client, sequence number, who answers, kind of outcome, then what the kind needs.
extension ClientReply {
  private enum Kind: UInt8 {
    case done = 1
    case redirect = 2
    case moved = 3
    case busy = 4
    case sessionExpired = 5
    case sharded = 6
    case unknown = 7
  }

  @inline(__always)
  var encodedSize: Int {
    switch outcome {
    case .done(let result): 18 + result.encodedSize
    case .redirect, .unknown: 18 + 4
    case .moved(let router): 18 + router.encodedSize
    case .busy: 18
    case .sessionExpired: 18 + 8
    case .sharded(let answer): 18 + answer.encodedSize
    }
  }

  @inline(__always)
  func write(to writer: inout WireWriter) {
    writer.number(client.rawValue)
    writer.number(sequence.rawValue)
    writer.byte(role.code)
    switch outcome {
    case .done(let result):
      writer.byte(Kind.done.rawValue)
      result.write(to: &writer)
    case .redirect(let node):
      writer.byte(Kind.redirect.rawValue)
      writer.optionalNode(node)
    case .moved(let router):
      writer.byte(Kind.moved.rawValue)
      router.write(to: &writer)
    case .busy:
      writer.byte(Kind.busy.rawValue)
    case .sessionExpired(let number):
      writer.byte(Kind.sessionExpired.rawValue)
      writer.number(number.rawValue)
    case .sharded(let answer):
      writer.byte(Kind.sharded.rawValue)
      answer.write(to: &writer)
    case .unknown(let leader):
      writer.byte(Kind.unknown.rawValue)
      writer.optionalNode(leader)
    }
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(18, .fields)
    let client = ClientID(reader.number(UInt64.self))
    let sequence = SequenceNumber(reader.number(UInt64.self))
    let role = try Responder(from: &reader)
    let tag = reader.byte()
    guard let kind = Kind(rawValue: tag) else {
      throw reader.error(.unknownValue(.outcome, found: UInt64(tag)), back: 1)
    }
    let outcome: Outcome
    switch kind {
    case .done: outcome = .done(try OperationResult(from: &reader))
    case .redirect:
      try reader.need(4, .outcome)
      outcome = .redirect(to: reader.optionalNode())
    case .moved: outcome = .moved(try KeyRouter(from: &reader))
    case .busy: outcome = .busy
    case .sessionExpired:
      try reader.need(8, .outcome)
      outcome = .sessionExpired(above: SequenceNumber(reader.number(UInt64.self)))
    case .sharded: outcome = .sharded(try ShardAnswer(from: &reader))
    case .unknown:
      try reader.need(4, .outcome)
      outcome = .unknown(leader: reader.optionalNode())
    }
    self.init(client: client, sequence: sequence, outcome: outcome, role: role)
  }
}

extension Responder {
  @inline(__always)
  var code: UInt8 {
    switch self {
    case .member(.follower): 1
    case .member(.preCandidate): 2
    case .member(.candidate): 3
    case .member(.leader): 4
    case .secretary: 5
    case .observer: 6
    }
  }

  /// Reads a byte that was asked for before.
  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    let code = reader.byte()
    switch code {
    case 1: self = .member(.follower)
    case 2: self = .member(.preCandidate)
    case 3: self = .member(.candidate)
    case 4: self = .member(.leader)
    case 5: self = .secretary
    case 6: self = .observer
    default: throw reader.error(.unknownValue(.role, found: UInt64(code)), back: 1)
    }
  }
}
