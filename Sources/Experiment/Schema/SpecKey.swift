/// The documentation of one key of a spec.
public struct SpecKey: Hashable, Sendable {
  /// The key's place, such as `group.heartbeat`; `[]` stands for each item of a list.
  public var path: String
  /// The kind of value.
  public var type: String
  /// What holds when the key is left out, as Markdown.
  public var fallback: String
  /// What the key means.
  public var meaning: String

  /// The key as a part of an enclosing one.
  func nested(in outer: String) -> SpecKey {
    var copy = self
    copy.path = path.hasPrefix("[") ? outer + path : "\(outer).\(path)"
    return copy
  }
}
