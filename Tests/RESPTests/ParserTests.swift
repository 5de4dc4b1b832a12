import Raft
import Testing

@testable import RESP

@Suite("The request parser")
struct ParserTests {
  static let sample =
    request("SET", "key", "value\r\nwith a line") + bytes("PING\r\n") + request("GET", "") + bytes("*0\r\n")
    + bytes("set \"a b\" 'c\\'d'  e\n") + request("MGET", "a", "b", "c")

  static let parsed: [[[UInt8]]] = [
    ["SET", "key", "value\r\nwith a line"], ["PING"], ["GET", ""], [], ["set", "a b", "c'd", "e"],
    ["MGET", "a", "b", "c"],
  ].map { $0.map(bytes) }

  @Test("takes pipelined requests out one by one")
  func pipeline() throws { #expect(try parse(Self.sample) == Self.parsed) }

  @Test("gives the same whatever one or two places chunks are cut at")
  func cuts() throws {
    for first in 0...Self.sample.count {
      #expect(try parse(Self.sample, cutAt: [first]) == Self.parsed, "cut at \(first)")
      for second in stride(from: first, through: Self.sample.count, by: 3) {
        #expect(try parse(Self.sample, cutAt: [first, second]) == Self.parsed, "cut at \(first) and \(second)")
      }
    }
    #expect(try parse(Self.sample, cutAt: Array(1..<Self.sample.count)) == Self.parsed)
  }

  @Test("completes nothing of a request that was cut off")
  func truncation() throws {
    let whole = request("SET", "key", "value")
    for end in 0..<whole.count { #expect(try parse(Array(whole[..<end])).isEmpty, "\(end) bytes") }
  }

  @Test(
    "refuses what is no request",
    arguments: [
      ("*x\r\n", .invalidMultibulkLength), ("*65537\r\n", .invalidMultibulkLength),
      ("*9223372036854775808\r\n", .invalidMultibulkLength), ("*1\n", .invalidMultibulkLength),
      ("*+1\r\n", .invalidMultibulkLength), ("*01\r\n", .invalidMultibulkLength), ("*\r\n", .invalidMultibulkLength),
      ("*1\r\n:1\r\n", .dollarExpected(found: UInt8(ascii: ":"))), ("*1\r\n$-1\r\n", .invalidBulkLength),
      ("*1\r\n$\r\n", .invalidBulkLength), ("*1\r\n$9999999999\r\n", .invalidBulkLength),
      ("*1\r\n$18446744073709551617\r\n", .invalidBulkLength), ("*1\r\n$1\r\nab\r\n", .lineEndExpected),
      ("*1\r\n$1\r\na\rb", .lineEndExpected), ("*" + String(repeating: "1", count: 40), .countLineTooLong),
      ("*1\r\n$" + String(repeating: "1", count: 40), .lengthLineTooLong),
      (String(repeating: "a", count: 65_537), .inlineTooLong), ("get \"a\r\n", .unbalancedQuotes),
      ("get 'a\r\n", .unbalancedQuotes), ("get \"a\"b\r\n", .unbalancedQuotes),
    ] as [(String, ProtocolError)])
  func errors(input: String, error: ProtocolError) {
    #expect(throws: error) { _ = try parse(bytes(input)) }
    // The same when every byte comes alone.
    #expect(throws: error) { _ = try parse(bytes(input), cutAt: Array(1..<bytes(input).count)) }
  }

  @Test("takes what is just within the limits")
  func limits() throws {
    let limits = RequestLimits(arguments: 3, bulkBytes: 4, requestBytes: 54, inlineBytes: 8)
    #expect(try parse(request("a", "b", "1234"), limits: limits).count == 1)
    #expect(throws: ProtocolError.requestTooLarge) { _ = try parse(request("a", "1234", "1234"), limits: limits) }
    #expect(throws: ProtocolError.invalidMultibulkLength) { _ = try parse(request("a", "b", "c", "d"), limits: limits) }
    #expect(throws: ProtocolError.invalidBulkLength) { _ = try parse(request("12345"), limits: limits) }
    #expect(try parse(bytes("12345678\n"), limits: limits) == [[bytes("12345678")]])
    #expect(throws: ProtocolError.inlineTooLong) { _ = try parse(bytes("123456789\n"), limits: limits) }
    #expect(throws: ProtocolError.invalidMultibulkLength) { _ = try parse(bytes("a b c d\n"), limits: limits) }
  }

  @Test("makes no room for bytes that were only announced")
  func hostileLengths() throws {
    var parser = RequestParser()
    let input = bytes("*65536\r\n$16777216\r\nabc")
    let isComplete = try input.withUnsafeBytes { chunk in
      var offset = 0
      return try parser.next(in: chunk, at: &offset)
    }
    #expect(!isComplete && parser.isWithinRequest)
    #expect(parser.arguments.capacity < 64 && parser.reserved < 1_024)
  }

  @Test("survives random bytes and mutated requests", arguments: [UInt64(1), 2, 3])
  func fuzz(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let alphabet = bytes("*$\r\n0123456789-abGETset\"'\\x \u{0}")
    var (accepted, refused) = (0, 0)
    for _ in 0..<3_000 {
      var input: [UInt8]
      if random.nextBool(probability: 0.5) {
        input = Self.sample
        for _ in 0...random.next(below: 3) {
          let place = Int(random.next(below: UInt64(input.count)))
          input[place] = alphabet[Int(random.next(below: UInt64(alphabet.count)))]
        }
      } else {
        input = (0..<random.next(below: 60)).map { _ in alphabet[Int(random.next(below: UInt64(alphabet.count)))] }
      }
      let cuts = (0..<random.next(below: 4)).map { _ in Int(random.next(below: UInt64(input.count + 1))) }.sorted()
      let whole = Result { () throws(ProtocolError) in try parse(input) }
      let parts = Result { () throws(ProtocolError) in try parse(input, cutAt: cuts) }
      #expect(whole == parts)
      if case .success = whole { accepted += 1 } else { refused += 1 }
    }
    #expect(accepted > 300 && refused > 300)
  }
}
