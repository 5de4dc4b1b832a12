import Emulation
import Raft
import Traces

/// What is wrong with a file of quorums, in one line.
struct QuorumInputProblem: Error, CustomStringConvertible {
  var source: String
  /// The case, counted from 1; nil when the fault is outside of them.
  var number: Int?
  /// The key, such as `acked.7`; nil when none is concerned.
  var key: String?
  var found: String
  var expected: String

  var description: String {
    let place = [source, number.map { "case \($0)" }, key].compactMap { $0 }.joined(separator: ": ")
    return "\(place): found \(found), expected \(expected)"
  }
}

/// Reads quorums strictly: a key or an id that is there twice, or that nobody asked for, is an error.
struct QuorumCaseReader {
  typealias Mistake = JSONScanner.Mistake

  /// The file's name, for messages.
  let source: String
  private var number: Int?
  private var key: String?

  init(source: String) { self.source = source }

  private static let keys = ["kind", "c", "cj", "acked", "votes"]
  private static let wholeNumber = "a whole number from 0 to 18446744073709551615"

  /// The decisions of all cases of a file, each a JSON object.
  mutating func decisions(of bytes: [UInt8]) throws(QuorumInputProblem) -> [String] {
    do {
      return try bytes.withUnsafeBufferPointer { bytes throws(Mistake) in
        var scanner = JSONScanner(bytes)
        return try decisions(&scanner)
      }
    } catch {
      throw QuorumInputProblem(source: source, number: number, key: key, found: error.found, expected: error.expected)
    }
  }

  private mutating func decisions(_ scanner: inout JSONScanner) throws(Mistake) -> [String] {
    guard scanner.peek() == UInt8(ascii: "[") else {
      throw Mistake(found: scanner.sight(), expected: "a list of cases")
    }
    var decisions: [String] = []
    try scanner.array { scanner throws(Mistake) in
      number = decisions.count + 1
      guard scanner.peek() == UInt8(ascii: "{") else {
        throw Mistake(found: scanner.sight(), expected: "an object with \(Self.list(Self.keys))")
      }
      guard let decision = try readCase(&scanner).decision else {
        throw Mistake(found: "too many voters", expected: "at most \(QuorumTable.largestCount) in both halves together")
      }
      decisions.append(decision)
    }
    number = nil
    try scanner.expectEnd()
    return decisions
  }

  private mutating func readCase(_ scanner: inout JSONScanner) throws(Mistake) -> QuorumCase {
    var kind: QuorumCase.Kind?
    var incoming: [UInt64]?
    var outgoing: [UInt64]?
    var acked: [UInt64: UInt64]?
    var votes: [UInt64: Bool]?
    var seen: Set<String> = []
    key = nil
    try scanner.object { scanner, name throws(Mistake) in
      let name = String(decoding: name, as: UTF8.self)
      key = name
      guard seen.insert(name).inserted else { throw Mistake(found: "it twice", expected: "each key once") }
      switch name {
      case "kind": kind = try readKind(&scanner)
      case "c": incoming = try readIDs(&scanner, of: name)
      case "cj": outgoing = try readIDs(&scanner, of: name)
      case "acked":
        acked = try readByID(&scanner, of: name, "an object with an index for each id") { scanner throws(Mistake) in
          try scanner.wholeNumber(Self.wholeNumber)
        }
      case "votes":
        votes = try readByID(&scanner, of: name, "an object with true or false for each id") {
          scanner throws(Mistake) in
          try Self.readBool(&scanner)
        }
      default:
        key = nil
        throw Mistake(
          found: Self.shown(name), expected: Self.list(Self.keys) + Self.suggestion(for: name, among: Self.keys))
      }
      key = nil
    }
    guard let kind else {
      throw Mistake(found: "no kind", expected: Self.list(QuorumCase.Kind.allCases.map(\.rawValue)))
    }
    guard let incoming else { throw Mistake(found: "no c", expected: "a list of ids") }
    switch (kind, outgoing) {
    case (.joint, nil): throw Mistake(found: "no cj", expected: "a list of ids, since the kind is joint")
    case (.majority, let outgoing?) where !outgoing.isEmpty:
      key = "cj"
      throw Mistake(found: "ids", expected: "none, since the kind is majority")
    default: break
    }
    return QuorumCase(incoming: incoming, outgoing: outgoing ?? [], acked: acked, votes: votes)
  }

  // MARK: Values

  private func readKind(_ scanner: inout JSONScanner) throws(Mistake) -> QuorumCase.Kind {
    let words = QuorumCase.Kind.allCases.map(\.rawValue)
    let isText = scanner.peek() == UInt8(ascii: "\"")
    var ahead = scanner
    let found = ahead.sight()
    guard isText, let kind = QuorumCase.Kind(rawValue: try scanner.text()) else {
      let near = isText ? Self.suggestion(for: String(found.dropFirst().dropLast()), among: words) : ""
      throw Mistake(found: found, expected: Self.list(words) + near)
    }
    return kind
  }

  private mutating func readIDs(_ scanner: inout JSONScanner, of name: String) throws(Mistake) -> [UInt64] {
    guard scanner.peek() == UInt8(ascii: "[") else { throw Mistake(found: scanner.sight(), expected: "a list of ids") }
    var ids: [UInt64] = []
    var seen: Set<UInt64> = []
    try scanner.array { scanner throws(Mistake) in
      key = "\(name)[\(ids.count)]"
      let id = try scanner.wholeNumber(Self.wholeNumber)
      guard seen.insert(id).inserted else { throw Mistake(found: "\(id) twice", expected: "each id once") }
      ids.append(id)
    }
    key = name
    return ids
  }

  private mutating func readByID<Value>(
    _ scanner: inout JSONScanner, of name: String, _ expected: String,
    _ read: (inout JSONScanner) throws(Mistake) -> Value
  ) throws(Mistake) -> [UInt64: Value] {
    guard scanner.peek() == UInt8(ascii: "{") else { throw Mistake(found: scanner.sight(), expected: expected) }
    var values: [UInt64: Value] = [:]
    try scanner.object { scanner, digits throws(Mistake) in
      let digits = String(decoding: digits, as: UTF8.self)
      key = name
      guard let id = UInt64(digits), String(id) == digits else {
        throw Mistake(found: Self.shown(digits), expected: "an id: \(Self.wholeNumber)")
      }
      key = "\(name).\(id)"
      guard values[id] == nil else { throw Mistake(found: "it twice", expected: "each id once") }
      values[id] = try read(&scanner)
    }
    key = name
    return values
  }

  private static func readBool(_ scanner: inout JSONScanner) throws(Mistake) -> Bool {
    var ahead = scanner
    switch ahead.sight() {
    case "true", "false": return try scanner.bool()
    case let found: throw Mistake(found: found, expected: "true or false")
    }
  }

  private static func shown(_ key: String) -> String {
    key.utf8.count > 40 ? "a key of \(key.utf8.count) bytes" : "the key \"\(key)\""
  }

  private static func list(_ words: [String]) -> String { "one of \(words.joined(separator: ", "))" }

  private static func suggestion(for word: String, among words: [String]) -> String {
    NearestName.of(word, among: words).map { "; did you mean \($0)?" } ?? ""
  }
}
