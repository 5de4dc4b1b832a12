/// Writes trees of ``SpecNode`` as YAML.
enum YAMLText {
  /// A document: mappings and lists that are long or deep in block style, the others in one line.
  static func document(_ root: SpecNode) -> String {
    var lines: [String] = []
    block(root, indent: 0, into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value in one line.
  static func inline(_ node: SpecNode) -> String {
    switch node.content {
    case .scalar(let text, _): scalar(text)
    case .sequence(let items): "[\(items.map(inline).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\(scalar($0.key)): \(inline($0.value))" }.joined(separator: ", "))}"
    }
  }

  private static func block(_ node: SpecNode, indent: Int, into lines: inout [String]) {
    let margin = String(repeating: "  ", count: indent)
    switch node.content {
    case .mapping(let entries) where !entries.isEmpty:
      for entry in entries {
        let key = margin + scalar(entry.key) + ":"
        let short = inline(entry.value)
        let isScalar = entry.value.items == nil && entry.value.entries == nil
        // Top-level mappings are sections of a spec and read best one key a line.
        let isSection = indent == 0 && entry.value.entries?.isEmpty == false
        if isScalar || short.count < 3 || (key.count + short.count < 100 && !isSection && !nests(entry.value)) {
          lines.append("\(key) \(short)")
        } else {
          lines.append(key)
          block(entry.value, indent: indent + 1, into: &lines)
        }
      }
    case .sequence(let items) where !items.isEmpty:
      for item in items { lines.append("\(margin)- \(inline(item))") }
    default:
      lines.append(margin + inline(node))
    }
  }

  /// Whether a list holds mappings or lists, which then take a line each.
  private static func nests(_ node: SpecNode) -> Bool {
    node.items?.contains { $0.items != nil || $0.entries != nil } ?? false
  }

  /// A scalar: plain when it is one harmless word, otherwise quoted.
  private static func scalar(_ text: String) -> String {
    let isWord = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"),
        UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    let starts = text.first.map {
      $0.isLetter || $0.isNumber || ($0 == "-" && text.dropFirst().first?.isNumber == true)
    }
    if isWord, starts == true, !["null", "Null", "NULL"].contains(text) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value):
        let hex = String(scalar.value, radix: 16)
        quoted += "\\x" + String(repeating: "0", count: 2 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
