import Yams

/// Reads YAML text into a tree of ``SpecNode``, within limits that no honest spec reaches.
enum SpecDocument {
  /// The most bytes of a spec.
  static let byteLimit = 1 << 20
  /// How deep lists and mappings may nest.
  static let depthLimit = 16

  /// The tree of the only document in `text`, or nil after reporting why there is none.
  ///
  /// `place` says where a line and column of the text stands.
  static func read(
    _ text: String, reading: Reading, place: (_ line: Int, _ column: Int) -> SpecPlace
  ) -> SpecNode? {
    if let alias = alias(in: text) {
      reading.refuse(
        "", at: place(alias.line, alias.column),
        "found the alias *\(alias.name), expected the value itself: specs have no anchors and aliases")
      return nil
    }
    do {
      guard let root = try Yams.compose(yaml: text) else {
        reading.refuse("", "found no YAML value, expected a mapping that starts with name:")
        return nil
      }
      return convert(root, depth: 0, place: place, reading: reading)
    } catch let error as YamlError {
      let (line, column, problem) = explain(error)
      reading.refuse("", at: line.map { place($0, column) }, problem)
    } catch {
      reading.refuse("", "found YAML that cannot be read: \(error)")
    }
    return nil
  }

  private static func convert(
    _ node: Node, depth: Int, place: (Int, Int) -> SpecPlace, reading: Reading
  ) -> SpecNode? {
    let here = place(node.mark?.line ?? 1, node.mark?.column ?? 1)
    guard depth <= depthLimit else {
      reading.refuse("", at: here, "found values nested deeper than \(depthLimit) levels")
      return nil
    }
    switch node {
    case .scalar(let scalar):
      return SpecNode(content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: here)
    case .sequence(let sequence):
      var items: [SpecNode] = []
      for item in sequence {
        guard let item = convert(item, depth: depth + 1, place: place, reading: reading) else { return nil }
        items.append(item)
      }
      return SpecNode(content: .sequence(items), place: here)
    case .mapping(let mapping):
      var entries: [SpecNode.Entry] = []
      var seen: Set<String> = []
      for (key, value) in mapping {
        let keyPlace = place(key.mark?.line ?? 1, key.mark?.column ?? 1)
        guard case .scalar(let name) = key else {
          reading.refuse("", at: keyPlace, "found a list or mapping as a key, expected a name")
          return nil
        }
        guard seen.insert(name.string).inserted else {
          reading.refuse(
            "", at: keyPlace, "found the key \(SpecNode.quote(name.string)) twice in one mapping, expected it once")
          return nil
        }
        guard let value = convert(value, depth: depth + 1, place: place, reading: reading) else { return nil }
        entries.append(SpecNode.Entry(key: name.string, keyPlace: keyPlace, value: value))
      }
      return SpecNode(content: .mapping(entries), place: here)
    case .alias(let alias):
      reading.refuse("", at: here, "found the alias *\(alias.anchor.rawValue), expected the value itself")
      return nil
    }
  }

  /// The line, column and words of an error of the YAML parser.
  private static func explain(_ error: YamlError) -> (line: Int?, column: Int, problem: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let context = context.map { " (\($0.text) that began in line \($0.mark.line))" } ?? ""
      return (mark.line, mark.column, "found invalid YAML: \(problem)\(context)")
    case .reader(let problem, let offset, _, let yaml):
      guard let offset else { return (nil, 1, "found invalid YAML: \(problem)") }
      let before = yaml.prefix(offset)
      let line = before.count { $0.isNewline } + 1
      let column = before.reversed().prefix { !$0.isNewline }.count + 1
      return (line, column, "found invalid YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map(SpecNode.quote).joined(separator: ", ")
      return (
        context.mark.line, context.mark.column,
        "found the key \(keys) twice in one mapping, expected it once"
      )
    default:
      return (nil, 1, "found invalid YAML: \(error)")
    }
  }
}

// A check on the text itself, before the YAML parser sees it: what it refuses can make the parser walk a tree of
// exponential size when it compares keys. It knows nothing of quotes and comments and so cannot be led astray by them.
// (The parser itself bounds the depth of nesting.)
extension SpecDocument {
  /// An alias in the text whose anchor stands in the text too.
  static func alias(in text: String) -> (name: String, line: Int, column: Int)? {
    var anchors: Set<[UInt8]> = []
    var uses: [(name: [UInt8], line: Int, column: Int)] = []
    let bytes = Array(text.utf8)
    var (line, lineStart) = (1, 0)
    for (position, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\n") { (line, lineStart) = (line + 1, position + 1) }
      guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
      let name = Array(bytes[(position + 1)...].prefix(64).prefix(while: isAnchorByte))
      guard !name.isEmpty else { continue }
      if byte == UInt8(ascii: "&") {
        anchors.insert(name)
      } else if uses.count < 10_000 {
        uses.append((name, line, position - lineStart + 1))
      } else {
        return (String(decoding: name, as: UTF8.self), line, position - lineStart + 1)
      }
    }
    guard let use = uses.first(where: { anchors.contains($0.name) }) else { return nil }
    return (String(decoding: use.name, as: UTF8.self), use.line, use.column)
  }

  private static func isAnchorByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
