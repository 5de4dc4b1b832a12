import Raft

/// Peer, delay, jitter (a kind and two numbers), loss, whether there is a bound of capacity, capacity, partition.
extension LinkUpdate {
  static let encodedSize = 4 + 8 + 17 + 4 + 1 + 8 + 1
  private static let mostLoss: UInt32 = 1_000_000

  func write(to writer: inout WireWriter) {
    writer.node(peer)
    writer.number(delay.nanoseconds)
    jitter.write(to: &writer)
    writer.number(lossPerMillion)
    writer.flag(bitsPerSecond != nil)
    writer.number(bitsPerSecond ?? 0)
    writer.flag(isPartitioned)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(LinkUpdate.encodedSize, .fields)
    let peer = reader.node()
    let delay = TimeSpan(nanoseconds: reader.number(Int64.self))
    let jitter = try Jitter(from: &reader)
    let loss = reader.number(UInt32.self)
    guard loss <= LinkUpdate.mostLoss else {
      throw reader.error(.tooLarge(.loss, found: UInt64(loss), limit: UInt64(LinkUpdate.mostLoss)), back: 4)
    }
    let isBounded = try reader.flag()
    let bitsPerSecond = reader.number(UInt64.self)
    self.init(
      peer: peer, delay: delay, jitter: jitter, lossPerMillion: loss, bitsPerSecond: isBounded ? bitsPerSecond : nil,
      isPartitioned: try reader.flag())
  }
}

/// A kind, a time span, and a number without a unit as IEEE 754 has it.
extension LinkUpdate.Jitter {
  fileprivate func write(to writer: inout WireWriter) {
    let (code, span, number): (UInt8, TimeSpan, Double) =
      switch self {
      case .none: (0, .zero, 0)
      case .normal(let deviation): (1, deviation, 0)
      case .lognormal(let median, let sigma): (2, median, sigma)
      case .gamma(let shape, let scale): (3, scale, shape)
      case .pareto(let shape, let scale): (4, scale, shape)
      }
    writer.byte(code)
    writer.number(span.nanoseconds)
    writer.number(number.bitPattern)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    let code = reader.byte()
    let span = TimeSpan(nanoseconds: reader.number(Int64.self))
    let number = Double(bitPattern: reader.number(UInt64.self))
    switch code {
    case 0: self = .none
    case 1: self = .normal(deviation: span)
    case 2: self = .lognormal(median: span, sigma: number)
    case 3: self = .gamma(shape: number, scale: span)
    case 4: self = .pareto(shape: number, scale: span)
    default: throw reader.error(.unknownValue(.jitter, found: UInt64(code)), back: 17)
    }
  }
}
