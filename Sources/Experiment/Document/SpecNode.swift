/// A value of a spec with its place: the part of YAML that specs use.
struct SpecNode: Sendable {
  /// What a value is.
  enum Content: Sendable {
    /// Text; `isPlain` when it was not quoted.
    case scalar(String, isPlain: Bool)
    /// A list.
    case sequence([SpecNode])
    /// Keys and values in the order of the file; keys differ.
    case mapping([Entry])
  }

  /// A key and its value.
  struct Entry: Sendable {
    var key: String
    var keyPlace: SpecPlace
    var value: SpecNode
  }

  var content: Content
  var place: SpecPlace

  /// The place of what was not read but made.
  static let nowhere = SpecPlace.file("")

  static func text(_ text: String) -> SpecNode { SpecNode(content: .scalar(text, isPlain: true), place: nowhere) }
  static func list(_ items: [SpecNode]) -> SpecNode { SpecNode(content: .sequence(items), place: nowhere) }
  static func mapping(_ entries: [(String, SpecNode)]) -> SpecNode {
    SpecNode(
      content: .mapping(entries.map { Entry(key: $0.0, keyPlace: nowhere, value: $0.1) }), place: nowhere)
  }

  /// The text of a scalar that is not empty.
  var text: String? {
    guard case .scalar(let text, _) = content, !isEmpty else { return nil }
    return text
  }

  /// The items of a list.
  var items: [SpecNode]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  /// The entries of a mapping.
  var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// Whether nothing was written: YAML's null.
  var isEmpty: Bool {
    guard case .scalar(let text, let isPlain) = content, isPlain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The value in the words of a problem: short, and in one line.
  var found: String {
    switch content {
    case .scalar where isEmpty: "nothing"
    case .scalar(let text, _): SpecNode.quote(text)
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Text as a problem shows it: cut, with control characters made visible, quoted when it is not one plain word.
  static func quote(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60).map { scalar in
      scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? "?" : String(scalar)
    }.joined()
    let cut = text.unicodeScalars.count > 60 ? shown + "…" : shown
    return cut.isEmpty || cut.contains(where: { $0 == " " || $0 == "\"" }) ? "\"\(cut)\"" : cut
  }
}
