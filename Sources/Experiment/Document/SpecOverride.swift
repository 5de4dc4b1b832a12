/// A value given on the command line that takes the place of one in the spec: `--set group.heartbeat=50ms`.
struct SpecOverride {
  /// A step from a value into a part of it.
  enum Step {
    case key(String)
    case item(Int)
  }

  /// The option as it was given, for problems.
  var option: String
  /// The key as it was given.
  var key: String
  var steps: [Step]
  var value: SpecNode

  /// Reads `key=value`, where the key is dotted (`workload[0].rate`) and the value is YAML in one line; nil after
  /// reporting why not.
  init?(_ text: String, option: String? = nil, reading: Reading) {
    let option = option ?? "--set \(SpecNode.quote(text))"
    let place = SpecPlace.option(option)
    guard let mark = text.firstIndex(of: "=") else {
      reading.refuse("", at: place, "found no =, expected key=value such as group.heartbeat=50ms")
      return nil
    }
    self.option = option
    key = String(text[..<mark])
    guard let steps = Self.steps(key) else {
      reading.refuse(
        "", at: place,
        "found the key \(SpecNode.quote(key)), expected a dotted key such as group.heartbeat or workload[0].rate")
      return nil
    }
    self.steps = steps
    let source = String(text[text.index(after: mark)...])
    if source.allSatisfy(\.isWhitespace) {
      value = SpecNode(content: .scalar("", isPlain: true), place: place)
    } else if let value = SpecDocument.read(source, reading: reading, place: { _, _ in place }) {
      self.value = value
    } else {
      return nil
    }
  }

  /// The steps of a dotted key such as `workload[0].rate`; nil when it is none.
  static func steps(_ key: String) -> [Step]? {
    var steps: [Step] = []
    for part in key.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let name = pieces.first, !name.isEmpty else { return nil }
      steps.append(.key(String(name)))
      for piece in pieces.dropFirst() {
        guard piece.last == "]", let number = Int(piece.dropLast()), (0...1_000_000).contains(number) else {
          return nil
        }
        steps.append(.item(number))
      }
    }
    return steps.count <= SpecDocument.depthLimit ? steps : nil
  }

  /// Puts the value into the tree, making the mappings on the way; false after reporting what stands in its way.
  func apply(to root: inout SpecNode, reading: Reading) -> Bool { apply(steps[...], to: &root, path: "", reading) }

  private func apply(_ steps: ArraySlice<Step>, to node: inout SpecNode, path: String, _ reading: Reading) -> Bool {
    guard let step = steps.first else {
      node = value
      return true
    }
    let place = SpecPlace.option(option)
    switch step {
    case .key(let name):
      guard var entries = node.entries ?? (node.isEmpty ? [] : nil) else {
        let outer = path.isEmpty ? "the spec" : path
        reading.refuse(key, at: place, "found that \(outer) is \(node.found), expected a mapping to set \(name) in")
        return false
      }
      let position = entries.firstIndex { $0.key == name } ?? entries.endIndex
      if position == entries.endIndex {
        let empty = SpecNode(content: .scalar("", isPlain: true), place: place)
        entries.append(SpecNode.Entry(key: name, keyPlace: place, value: empty))
      }
      let inner = path.isEmpty ? name : "\(path).\(name)"
      guard apply(steps.dropFirst(), to: &entries[position].value, path: inner, reading) else { return false }
      node.content = .mapping(entries)
    case .item(let number):
      guard var items = node.items else {
        reading.refuse(key, at: place, "found that \(path) is \(node.found), expected a list to set an item of")
        return false
      }
      guard items.indices.contains(number) else {
        reading.refuse(key, at: place, "found item \(number), expected one of the \(items.count) of \(path), from 0")
        return false
      }
      guard apply(steps.dropFirst(), to: &items[number], path: "\(path)[\(number)]", reading) else { return false }
      node.content = .sequence(items)
    }
    return true
  }
}
