@testable import Raft

/// The words of a command line, taken one by one; what nobody takes is an error.
struct Arguments {
  private var words: [String] = []
  private var options: [(name: String, value: String)] = []

  init(_ words: [Substring]) {
    for word in words {
      if let equals = word.firstIndex(of: "=") {
        options.append((String(word[..<equals]), String(word[word.index(after: equals)...])))
      } else {
        self.words.append(String(word))
      }
    }
  }

  mutating func finish() throws {
    if let word = words.first { throw ScriptError("nobody understands '\(word)'") }
    if let option = options.first { throw ScriptError("nobody understands '\(option.name)='") }
  }

  // MARK: Words

  mutating func word() -> String? { words.isEmpty ? nil : words.removeFirst() }

  mutating func flag(_ name: String) -> Bool {
    guard let place = words.firstIndex(of: name) else { return false }
    words.remove(at: place)
    return true
  }

  /// The first word with an arrow: whose messages are meant.
  mutating func link() throws -> (from: [Int]?, to: [Int]?)? {
    guard let place = words.firstIndex(where: { $0.contains("->") }) else { return nil }
    let ends = words.remove(at: place).split(separator: ">", omittingEmptySubsequences: false)
    guard ends.count == 2, ends[0].last == "-" else { throw ScriptError("a link is written 1->2, 1->2,3 or *->2") }
    return (try Arguments.end(ends[0].dropLast()), try Arguments.end(ends[1]))
  }

  private static func end(_ text: Substring) throws -> [Int]? { text == "*" ? nil : try nodes(String(text)) }

  mutating func node() throws -> Int {
    guard let text = word() else { throw ScriptError("which node?") }
    return try Arguments.number(text)
  }

  /// A list of nodes, or everybody when the word is `all`; nil when there is no word.
  mutating func nodes(all: [Int]) throws -> [Int]? {
    guard let text = word() else { return nil }
    return text == "all" ? all : try Arguments.nodes(text)
  }

  mutating func span() throws -> TimeSpan {
    guard let text = word() else { throw ScriptError("how long?") }
    return try Arguments.span(text)
  }

  // MARK: Options

  mutating func option(_ name: String) -> String? {
    guard let place = options.firstIndex(where: { $0.name == name }) else { return nil }
    return options.remove(at: place).value
  }

  /// The next option of any of these names, in the order they were written.
  mutating func next(of names: [String]) -> (name: String, value: String)? {
    guard let place = options.firstIndex(where: { names.contains($0.name) }) else { return nil }
    return options.remove(at: place)
  }

  mutating func number(_ name: String) throws -> Int? { try option(name).map(Arguments.number) }

  mutating func span(_ name: String) throws -> TimeSpan? { try option(name).map(Arguments.span) }

  mutating func nodes(_ name: String) throws -> [Int] { try option(name).map(Arguments.nodes) ?? [] }

  mutating func choice<Value>(_ name: String, _ choices: [(String, Value)]) throws -> Value? {
    guard let text = option(name) else { return nil }
    guard let found = choices.first(where: { $0.0 == text }) else {
      throw ScriptError("\(name)= is one of \(choices.map(\.0).joined(separator: ", ")), not '\(text)'")
    }
    return found.1
  }

  // MARK: Values

  static func number(_ text: String) throws -> Int {
    guard let number = Int(text), number >= 0 else { throw ScriptError("'\(text)' is not a number") }
    return number
  }

  static func nodes(_ text: String) throws -> [Int] { try text.split(separator: ",").map { try number(String($0)) } }

  static func span(_ text: String) throws -> TimeSpan {
    guard text.hasSuffix("ms"), let count = Int64(text.dropLast(2)), count >= 0 else {
      throw ScriptError("'\(text)' is not a time such as 300ms")
    }
    return .milliseconds(count)
  }

  /// Terms from index 1 on: `1*3,2` means 1, 1, 1, 2.
  static func terms(_ text: String) throws -> [UInt64] {
    try text.split(separator: ",").flatMap { run throws -> [UInt64] in
      let parts = run.split(separator: "*")
      guard parts.count <= 2 else { throw ScriptError("'\(run)' is not a run of terms such as 2*5") }
      let numbers = try parts.map { try number(String($0)) }
      return Array(repeating: UInt64(numbers[0]), count: numbers.count == 2 ? numbers[1] : 1)
    }
  }
}
