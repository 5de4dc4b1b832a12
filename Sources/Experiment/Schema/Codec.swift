import Emulation

/// How one kind of value is read from a spec, written back, and documented.
struct Codec<Value>: Sendable {
  /// The kind of value, as the reference names it.
  var type: String
  /// The keys inside the value, relative to it, such as `.model` or `[].rate`.
  var children: @Sendable () -> [SpecKey] = { [] }
  /// The value of a node, or nil after reporting what is wrong with it at the key.
  var read: @Sendable (SpecNode, _ key: String, Reading) -> Value?
  /// The node that is read back as the same value; nil when the key is best left out.
  var write: @Sendable (Value) -> SpecNode?
}

extension Codec {
  /// A scalar that a parser reads; `parse` answers what was expected when it cannot.
  static func scalar(
    _ type: String, expected: String, parse: @escaping @Sendable (String) throws(QuantityError) -> Value,
    format: @escaping @Sendable (Value) -> String
  ) -> Codec {
    Codec(
      type: type,
      read: { node, key, reading in
        guard let text = node.text else {
          reading.refuse(key, at: node.place, "found \(node.found), expected \(expected)")
          return nil
        }
        do throws(QuantityError) {
          return try parse(text)
        } catch {
          reading.refuse(key, at: node.place, "found \(node.found), expected \(error.expectation)")
          return nil
        }
      },
      write: { .text(format($0)) }
    )
  }

  /// The same values, of which only those that pass are taken.
  func filtered(_ expected: String, _ passes: @escaping @Sendable (Value) -> Bool) -> Codec {
    var copy = self
    copy.read = { [read] node, key, reading in
      guard let value = read(node, key, reading) else { return nil }
      guard passes(value) else {
        reading.refuse(key, at: node.place, "found \(node.found), expected \(expected)")
        return nil
      }
      return value
    }
    return copy
  }

  /// Values that are made from this codec's.
  func map<Other>(
    _ make: @escaping @Sendable (Value) -> Other, back: @escaping @Sendable (Other) -> Value?
  ) -> Codec<Other> {
    Codec<Other>(
      type: type, children: children,
      read: { [read] node, key, reading in read(node, key, reading).map(make) },
      write: { [write] value in back(value).flatMap(write) }
    )
  }

  /// The value or nil; nil is written as `word`, or left out when there is no word for it.
  func optional(_ word: String? = nil) -> Codec<Value?> {
    Codec<Value?>(
      type: word.map { "\(type), or `\($0)`" } ?? type, children: children,
      read: { [read] node, key, reading in
        if let word, node.text == word { return .some(nil) }
        return read(node, key, reading).map(Optional.some)
      },
      write: { [write] value in
        guard let value else { return word.map(SpecNode.text) }
        return write(value)
      }
    )
  }

  /// A list of values, at least one.
  func list(_ type: String, of items: String, allowsEmpty: Bool = false) -> Codec<[Value]> {
    Codec<[Value]>(
      type: type,
      children: { [children] in children().map { $0.nested(in: "[]") } },
      read: { [read] node, key, reading in
        guard let nodes = node.items, allowsEmpty || !nodes.isEmpty else {
          let found = node.items == nil ? node.found : "an empty list"
          reading.refuse(key, at: node.place, "found \(found), expected a list of \(items)")
          return nil
        }
        var values: [Value] = []
        for (position, item) in nodes.enumerated() {
          let key = "\(key)[\(position)]"
          reading.note(key, at: item.place)
          if let value = read(item, key, reading) { values.append(value) }
        }
        return values.count == nodes.count ? values : nil
      },
      write: { [write] values in .list(values.compactMap(write)) }
    )
  }

  /// One of a closed set of words.
  static func choice(_ words: [(String, Value)]) -> Codec where Value: Equatable & Sendable {
    let pairs = words.map { Pair(word: $0.0, value: $0.1) }
    return Codec(
      type: pairs.map { "`\($0.word)`" }.joined(separator: ", "),
      read: { node, key, reading in
        if let match = pairs.first(where: { $0.word == node.text }) { return match.value }
        reading.refuse(key, at: node.place, Words.notOneOf(pairs.map(\.word), found: node))
        return nil
      },
      write: { value in pairs.first { $0.value == value }.map { .text($0.word) } }
    )
  }

  /// One of an enumeration's raw values.
  static func words() -> Codec
  where Value: CaseIterable & RawRepresentable & Equatable & Sendable, Value.RawValue == String {
    choice(Value.allCases.map { ($0.rawValue, $0) })
  }

  private struct Pair: Sendable where Value: Sendable {
    var word: String
    var value: Value
  }
}

/// Phrases of problems that several readers share.
enum Words {
  /// Says that a value is none of `words`, and which it may have been meant to be.
  static func notOneOf(_ words: [String], found node: SpecNode) -> String {
    let expected = words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    return "found \(node.found), expected \(expected)\(suggestion(for: node.text, among: words))"
  }

  /// `; did you mean …?`, or nothing when no word is near.
  static func suggestion(for text: String?, among words: [String]) -> String {
    guard let text, let near = NearestName.of(text, among: words) else { return "" }
    return "; did you mean \(near)?"
  }
}
