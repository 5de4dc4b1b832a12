import KeyValue
import Raft

/// How long values are.
public enum ValueSize: Hashable, Sendable {
  /// All the same, in bytes.
  case constant(Int)
  /// Uniform between two sizes in bytes.
  case uniform(ClosedRange<Int>)

  var range: ClosedRange<Int> {
    switch self {
    case .constant(let size): size...size
    case .uniform(let range): range
    }
  }

  func draw(_ random: inout RandomSource) -> Int {
    switch self {
    case .constant(let size): size
    case .uniform(let range):
      range.lowerBound + Int(random.next(below: UInt64(range.upperBound - range.lowerBound) + 1))
    }
  }
}

/// Makes values that tell who wrote them, so that a checker can tell any two writes apart.
enum ValueMaker {
  /// The mark `client.sequence;`.
  static func mark(_ client: ClientID, _ sequence: SequenceNumber, capacity: Int = 24) -> Value {
    var bytes: Value = []
    bytes.reserveCapacity(max(capacity, 24))
    appendDecimal(client.rawValue, to: &bytes)
    bytes.append(UInt8(ascii: "."))
    appendDecimal(sequence.rawValue, to: &bytes)
    bytes.append(UInt8(ascii: ";"))
    return bytes
  }

  /// A value of a size in bytes: the mark, then dots. Where the mark has no room the value is a hash of it in letters,
  /// digits, `-` and `_`, unique but for chance: two values of n bytes are equal with probability 64^-n.
  static func value(_ client: ClientID, _ sequence: SequenceNumber, size: Int) -> Value {
    var bytes = mark(client, sequence, capacity: size)
    if bytes.count <= size {
      bytes.append(contentsOf: repeatElement(UInt8(ascii: "."), count: size - bytes.count))
      return bytes
    }
    var hash = RandomSource.mix(RandomSource.mix(client.rawValue) &+ sequence.rawValue)
    bytes.removeAll(keepingCapacity: true)
    for position in 0..<size {
      if position % 10 == 9 { hash = RandomSource.mix(hash) }
      bytes.append(letters[Int(hash >> UInt64(6 * (position % 10)) & 63)])
    }
    return bytes
  }

  private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_".utf8)
}
