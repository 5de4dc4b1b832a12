import Emulation
import Raft

/// Reads one action out of a JSON object, and says exactly what is wrong with it.
struct ActionReader {
  private let place: Int
  private let observation: Observation
  private var members: [ActionKey: JSONValue] = [:]
  private let kind: Action.Kind

  init(_ value: JSONValue, place: Int, observation: Observation) throws(ActionDecodingError) {
    self.place = place
    self.observation = observation
    guard case .object(let found) = value else {
      throw .badValue(key: "action", action: place, found: value.sketch, expected: "an object", nearest: nil)
    }
    guard let named = found.first(where: { $0.key == ActionKey.action.rawValue })?.value else {
      throw .missingKey(ActionKey.action.rawValue, action: place)
    }
    kind = try Self.word(named, .action, place, among: Action.Kind.allCases.map { ($0.rawValue, $0) })
    let keys = ActionKey.keys(of: kind)
    for member in found {
      guard let key = ActionKey(rawValue: member.key), keys.contains(key) else {
        let names = keys.map(\.rawValue)
        throw .unknownKey(
          String(member.key.prefix(64)), action: place, expected: names,
          nearest: NearestName.of(member.key, among: names))
      }
      guard members.updateValue(member.value, forKey: key) == nil else {
        throw .repeatedKey(member.key, action: place)
      }
    }
  }

  /// The action with its reason.
  func proposal() throws(ActionDecodingError) -> ProposedAction {
    let action: Action =
      switch kind {
      case .hire:
        .hire(
          try word(.role, among: FleetRole.allCases.map { ($0.rawValue, $0) }), group: try group(),
          at: try placement())
      case .dismiss: .dismiss(try node())
      case .addVoter: .addVoter(group: try group(), at: try placement())
      case .removeVoter: .removeVoter(try node())
      case .transferLeadership: .transferLeadership(group: try group(), to: try node())
      case .addGroup: .addGroup(try instance())
      case .removeGroup: .removeGroup(try group())
      }
    return ProposedAction(action, because: try reason())
  }

  private func value(_ key: ActionKey) throws(ActionDecodingError) -> JSONValue {
    guard let value = members[key] else { throw .missingKey(key.rawValue, action: place) }
    return value
  }

  private func bad(_ key: ActionKey, _ found: JSONValue, _ expected: String) -> ActionDecodingError {
    .badValue(key: key.rawValue, action: place, found: found.sketch, expected: expected, nearest: nil)
  }

  private static func word<Word>(
    _ value: JSONValue, _ key: ActionKey, _ place: Int, among words: [(String, Word)]
  ) throws(ActionDecodingError) -> Word {
    let names = words.map(\.0)
    guard case .string(let text) = value else {
      throw .badValue(
        key: key.rawValue, action: place, found: value.sketch, expected: names.joined(separator: " | "), nearest: nil)
    }
    guard let word = words.first(where: { $0.0 == text }) else {
      throw .badValue(
        key: key.rawValue, action: place, found: value.sketch, expected: names.joined(separator: " | "),
        nearest: NearestName.of(text, among: names))
    }
    return word.1
  }

  private func word<Word>(_ key: ActionKey, among words: [(String, Word)]) throws(ActionDecodingError) -> Word {
    try Self.word(try value(key), key, place, among: words)
  }

  private func number(_ key: ActionKey, most: UInt32) throws(ActionDecodingError) -> UInt32 {
    let found = try value(key)
    guard case .number(let number) = found, let whole = UInt32(exactly: number), whole <= most else {
      throw bad(key, found, "a whole number in 0 ... \(most)")
    }
    return whole
  }

  private func node() throws(ActionDecodingError) -> NodeID {
    // Instances that have no node yet have numbers beyond those of nodes.
    let most = observation.nodes.reduce(NodeID.largest) { max($0, $1.id) }
    return NodeID(try number(.node, most: most.rawValue))
  }

  private func group() throws(ActionDecodingError) -> GroupID {
    if members[.group] == nil, observation.groups.count == 1 { return observation.groups[0].id }
    return GroupID(UInt16(try number(.group, most: UInt32(UInt16.max))))
  }

  private func instance() throws(ActionDecodingError) -> InstanceType {
    let types = Set(observation.offers.map(\.placement.instance)).sorted()
    return try word(.instance, among: types.map { ($0.name, $0) })
  }

  private func placement() throws(ActionDecodingError) -> Placement {
    Placement(
      site: try word(.site, among: observation.sites.map { ($0.name, $0.id) }), instance: try instance(),
      market: try word(.market, among: Market.allCases.map { ($0.rawValue, $0) }))
  }

  private func reason() throws(ActionDecodingError) -> String {
    let found = try value(.reason)
    let expected = "at most \(ProposedAction.longestReason) bytes of text without control characters"
    guard case .string(let text) = found, text.utf8.count <= ProposedAction.longestReason,
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { throw bad(.reason, found, expected) }
    return text
  }
}
