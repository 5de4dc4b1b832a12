/// The keys of one mapping of a spec: the only way to read them, write them and document them.
struct Section<Root>: Sendable {
  /// The keys in the order in which they are read, written and documented.
  var fields: [Field<Root>]
  /// Keys that are known and not available yet, with what they are for.
  var later: [(name: String, what: String)] = []

  /// Reads a mapping into `root`; keys that are left out leave it as it is.
  ///
  /// Returns whether all keys were read; what is wrong is reported.
  func read(_ node: SpecNode, _ key: String, into root: inout Root, _ reading: Reading) -> Bool {
    guard let entries = node.entries else {
      let names = fields.map(\.name).joined(separator: ", ")
      reading.refuse(key, at: node.place, "found \(node.found), expected a mapping with keys among \(names)")
      return false
    }
    var isComplete = true
    for entry in entries where !fields.contains(where: { $0.name == entry.key }) {
      isComplete = false
      refuseUnknown(entry, in: key, reading)
    }
    for field in fields {
      let path = Self.join(key, field.name)
      if let entry = entries.first(where: { $0.key == field.name }) {
        reading.note(path, at: entry.value.place)
        if !field.read(entry.value, path, &root, reading) { isComplete = false }
      } else if field.isRequired {
        isComplete = false
        reading.refuse(path, at: node.place, "found nothing, expected \(field.type)")
      }
    }
    return isComplete
  }

  private func refuseUnknown(_ entry: SpecNode.Entry, in key: String, _ reading: Reading) {
    let path = Self.join(key, SpecNode.quote(entry.key))
    if let known = later.first(where: { $0.name == entry.key }) {
      reading.refuse(path, at: entry.keyPlace, "found a key that is not available yet: \(known.what)")
      return
    }
    let names = fields.map(\.name)
    let near = Words.suggestion(for: entry.key, among: names)
    reading.refuse(
      path, at: entry.keyPlace, "found an unknown key, expected one of \(names.joined(separator: ", "))\(near)")
  }

  /// The mapping that is read back as `root`.
  func write(_ root: Root) -> SpecNode {
    .mapping(fields.compactMap { field in field.write(root).map { (field.name, $0) } })
  }

  /// The documentation of all keys, with defaults as `root` has them.
  func keys(defaults root: Root) -> [SpecKey] {
    fields.flatMap { field -> [SpecKey] in
      let own = SpecKey(
        path: field.name, type: field.type, fallback: field.fallback(root), meaning: field.meaning)
      return [own] + field.children().map { $0.nested(in: field.name) }
    }
  }

  static func join(_ key: String, _ name: String) -> String { key.isEmpty ? name : "\(key).\(name)" }
}

/// One key of a mapping.
struct Field<Root>: Sendable {
  var name: String
  var type: String
  var meaning: String
  var isRequired: Bool
  var fallback: @Sendable (Root) -> String
  var children: @Sendable () -> [SpecKey]
  var read: @Sendable (SpecNode, _ key: String, inout Root, Reading) -> Bool
  var write: @Sendable (Root) -> SpecNode?

  /// Makes a key whose value lives at a place of the root; `fallback` stands in the reference where the value that
  /// the root has at first does not say enough.
  init<Value>(
    _ name: String, _ codec: Codec<Value>, _ path: any WritableKeyPath<Root, Value> & Sendable,
    isRequired: Bool = false,
    fallback: String? = nil, _ meaning: String
  ) {
    self.name = name
    type = codec.type
    self.meaning = meaning
    self.isRequired = isRequired
    children = codec.children
    self.fallback = { root in
      if isRequired { return "required" }
      return fallback ?? codec.write(root[keyPath: path]).map { "`\(YAMLText.inline($0))`" } ?? "none"
    }
    read = { node, key, root, reading in
      guard let value = codec.read(node, key, reading) else { return false }
      root[keyPath: path] = value
      return true
    }
    write = { root in codec.write(root[keyPath: path]) }
  }
}

extension Codec {
  /// A mapping that a section reads, starting from `initial`.
  static func section(
    _ section: @escaping @Sendable () -> Section<Value>, initial: @escaping @Sendable () -> Value
  ) -> Codec {
    Codec(
      type: "a mapping",
      children: { section().keys(defaults: initial()) },
      read: { node, key, reading in
        var value = initial()
        let isComplete = section().read(node, key, into: &value, reading)
        // Of a mapping what could be read is kept, for later checks to see; what could not has been reported.
        return isComplete || node.entries != nil ? value : nil
      },
      write: { section().write($0) }
    )
  }

  /// A mapping whose keys depend on each other: read as a draft, then made into a value, which may fail and say so.
  static func draft<Draft>(
    _ section: @escaping @Sendable () -> Section<Draft>, initial: @escaping @Sendable () -> Draft,
    finish: @escaping @Sendable (Draft, SpecNode, _ key: String, Reading) -> Value?,
    start: @escaping @Sendable (Value) -> Draft
  ) -> Codec {
    Codec(
      type: "a mapping",
      children: { section().keys(defaults: initial()) },
      read: { node, key, reading in
        var draft = initial()
        guard section().read(node, key, into: &draft, reading) else { return nil }
        return finish(draft, node, key, reading)
      },
      write: { section().write(start($0)) }
    )
  }
}
