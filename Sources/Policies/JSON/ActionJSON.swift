import Emulation
import Raft

/// The actions of an external policy: one line, a JSON list of objects.
///
/// ```json
/// [{"action":"hire","role":"observer","site":"us-east-1","instance":"c5.large","market":"spot","reason":"busy"}]
/// ```
///
/// `group` may be left out while there is one group. An empty list means that nothing should change.
public enum ActionJSON {
  /// The longest answer that is read, in bytes.
  public static let longestAnswer = 64 << 10
  /// The most actions in an answer.
  public static let mostActions = 256

  /// The line for a list of actions, without its end.
  public static func encode(_ actions: [ProposedAction], in observation: Observation) -> [UInt8] {
    var writer = JSONWriter()
    writer.array(nil, actions) { json, proposal in
      json.object { json in
        json.string(ActionKey.action.rawValue, proposal.action.kind.rawValue)
        fields(&json, proposal.action, observation)
        json.string(ActionKey.reason.rawValue, proposal.reason)
      }
    }
    return writer.bytes
  }

  /// The actions that a line spells. Everything that is not wholly understood is an error.
  public static func decode(
    _ line: [UInt8], in observation: Observation
  ) throws(ActionDecodingError) -> [ProposedAction] {
    guard line.count <= longestAnswer else { throw .tooLong(found: line.count, limit: longestAnswer) }
    let value = try JSONParser.parse(line)
    guard case .array(let elements) = value else { throw .notAList(found: value.sketch) }
    guard elements.count <= mostActions else { throw .tooManyActions(found: elements.count, limit: mostActions) }
    var actions: [ProposedAction] = []
    for (place, element) in elements.enumerated() {
      let reader = try ActionReader(element, place: place, observation: observation)
      actions.append(try reader.proposal())
    }
    return actions
  }

  private static func fields(_ json: inout JSONWriter, _ action: Action, _ observation: Observation) {
    func group(_ id: GroupID) { json.integer(ActionKey.group.rawValue, id.rawValue) }
    func node(_ id: NodeID) { json.integer(ActionKey.node.rawValue, id.rawValue) }
    func placement(_ placement: Placement) {
      json.string(ActionKey.site.rawValue, observation.name(of: placement.site))
      json.string(ActionKey.instance.rawValue, placement.instance.name)
      json.string(ActionKey.market.rawValue, placement.market.rawValue)
    }
    switch action {
    case .hire(let role, let id, let place):
      json.string(ActionKey.role.rawValue, role.rawValue)
      group(id)
      placement(place)
    case .dismiss(let id), .removeVoter(let id): node(id)
    case .addVoter(let id, let place):
      group(id)
      placement(place)
    case .transferLeadership(let id, let target):
      group(id)
      node(target)
    case .addGroup(let instance): json.string(ActionKey.instance.rawValue, instance.name)
    case .removeGroup(let id): group(id)
    }
  }
}

/// The keys of an action.
enum ActionKey: String, Hashable, CaseIterable {
  case action, role, group, node, site, instance, market, reason

  /// The keys that a kind of action takes.
  static func keys(of kind: Action.Kind) -> [ActionKey] {
    let own: [ActionKey] =
      switch kind {
      case .hire: [.role, .group, .site, .instance, .market]
      case .dismiss, .removeVoter: [.node]
      case .addVoter: [.group, .site, .instance, .market]
      case .transferLeadership: [.group, .node]
      case .addGroup: [.instance]
      case .removeGroup: [.group]
      }
    return [.action] + own + [.reason]
  }
}
