extension Reading {
  /// Whether a section has all the parameters that its `model` takes and no others; the first that is wrong is reported.
  /// Those that are `optional` may be missing.
  func accepts(
    _ parameters: [String], optional: [String] = [], of model: String, in node: SpecNode, _ key: String
  ) -> Bool {
    let given = (node.entries ?? []).map(\.key).filter { $0 != "model" }
    let known = parameters + optional
    for name in given where !known.contains(name) {
      let expected = known.isEmpty ? "none" : known.joined(separator: " and ")
      refuse("\(key).\(name)", "found a parameter that \(model) does not have, expected \(expected)")
      return false
    }
    for name in parameters where !given.contains(name) {
      refuse("\(key).\(name)", at: node.place, "found nothing, expected the \(name) of \(model)")
      return false
    }
    return true
  }
}
