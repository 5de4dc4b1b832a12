import KeyValue
import Raft
import Simulation
import Workload

/// What happened in one run, a line an event: the cluster log.
///
/// Each line has the virtual time, every node's state and what happened. A state is a letter and the node's term and
/// commit index.
public struct Timeline: Sendable, Hashable {
  /// A line of the log.
  public struct Line: Sendable, Hashable {
    /// When, in virtual time.
    public var at: Instant
    /// The state of each node then, by slot.
    public var states: [String]
    /// What happened.
    public var text: String
  }

  /// The lines, in order.
  public private(set) var lines: [Line] = []

  /// What the letters mean.
  public static let legend =
    "L leader  C candidate  P pre-candidate  F follower  z stands still  x down  ! failed for good; term.commit index"

  mutating func note(_ text: String, _ simulation: borrowing Simulation) {
    lines.append(Line(at: simulation.now, states: Timeline.states(simulation), text: text))
  }

  mutating func note(_ happening: NodeHappening, _ simulation: borrowing Simulation) {
    guard let text = happening.event.words else { return }
    note("\(happening.node) \(text)", simulation)
  }

  mutating func note(_ trouble: Trouble, _ deed: String?, _ simulation: borrowing Simulation) {
    guard let deed else { return }
    note("#\(trouble.number) \(trouble.kind.rawValue): \(deed)", simulation)
  }

  mutating func note(start node: NodeID, _ started: Bool, _ simulation: borrowing Simulation) {
    let why = started ? "" : ": \(simulation.failure(node).map { "\($0)" } ?? "refused")"
    note(started ? "\(node) starts again" : "\(node) may not start\(why)", simulation)
  }

  mutating func note(_ record: OperationRecord) {
    // The state columns stay empty: an operation ends at a client.
    lines.append(Line(at: record.ended, states: [], text: record.words))
  }

  private static func states(_ simulation: borrowing Simulation) -> [String] {
    (0..<simulation.machineCount).map { slot in
      let node = NodeID(UInt32(slot))
      let letter: String
      switch simulation.status(node) {
      case .paused: letter = "z"
      case .down: return "x"
      case .failed: return "!"
      case .running:
        switch simulation.role(of: node) {
        case .leader: letter = "L"
        case .candidate: letter = "C"
        case .preCandidate: letter = "P"
        case .follower: letter = "F"
        }
      }
      return "\(letter) \(simulation.term(of: node)).\(simulation.commitIndex(of: node))"
    }
  }
}

extension Event {
  /// The event in words; nil when it says nothing that the states do not show.
  fileprivate var words: String? {
    switch self {
    case .roleChanged(.leader, let term): "leads term \(term)"
    case .roleChanged(.follower, let term): "follows in term \(term)"
    case .roleChanged, .leaderChanged: nil
    case .campaignStarted(.preVote, let term): "asks whether it would win term \(term)"
    case .campaignStarted(.election, let term): "campaigns in term \(term)"
    case .campaignStarted(.transfer, let term): "campaigns in term \(term), as it was told to"
    case .logTruncated(let first): "cuts its log before \(first)"
    case .configurationApplied(let configuration, let index): "applies \(configuration.words) at \(index)"
    case .learnerCaughtUp(let node): "sees that \(node) has caught up"
    case .secretaryHired(let node): "hires secretary \(node)"
    case .secretaryRetiring(let node): "hears that secretary \(node) is to leave"
    case .secretaryLost(let node): "does without secretary \(node)"
    case .transferAborted(let node): "gives up the transfer to \(node)"
    case .snapshotStarted(let node, let last): "gives \(node) a snapshot up to \(last)"
    case .snapshotInstalled(let last): "installed a snapshot up to \(last)"
    case .stopped(let fault): "stops for good: \(fault)"
    }
  }
}

extension Configuration {
  fileprivate var words: String {
    func list(_ nodes: [NodeID]) -> String { nodes.map(\.description).joined(separator: " ") }
    var text = "voters " + list(voters)
    if isJoint { text += " and " + list(outgoing) + (leavesAutomatically ? ", to be left" : ", until told") }
    if !learners.isEmpty { text += ", learners " + list(learners) }
    if !learnersNext.isEmpty { text += ", next learners " + list(learnersNext) }
    return text
  }
}

extension OperationRecord {
  fileprivate var words: String {
    func text(_ value: Value?) -> String { value.map { "\"\(String(decoding: $0, as: UTF8.self))\"" } ?? "nothing" }
    func key(_ key: Key) -> String { String(decoding: key.bytes, as: UTF8.self) }
    let what =
      switch operation {
      case .get(let name): "get \(key(name))"
      case .put(let name, let value): "put \(key(name)) \(text(value))"
      case .delete(let name): "delete \(key(name))"
      case .compareAndSwap(let name, let expected, let new): "swap \(key(name)) \(text(expected)) for \(text(new))"
      case .increment(let name, let amount): "add \(amount) to \(key(name))"
      case .append(let name, let value): "append \(text(value)) to \(key(name))"
      case .exchange(let name, let value, let condition): "put \(key(name)) \(text(value)) \(condition)"
      case .length(let name): "measure \(key(name))"
      case .getMany(let names): "get \(names.elements.map(key).joined(separator: " "))"
      case .countPresent(let names): "count \(names.elements.map(key).joined(separator: " "))"
      case .putMany(let pairs):
        "put " + pairs.elements.map { "\(key($0.key)) \(text($0.value))" }.joined(separator: " ")
      case .deleteMany(let names): "delete \(names.elements.map(key).joined(separator: " "))"
      }
    let end =
      switch outcome {
      case .ok(.value(let value)): "found \(text(value))"
      case .ok(let result): "\(result)"
      case .failed: "failed"
      case .unknown: "unknown"
      }
    let by = server.map { " by \($0)" } ?? ""
    return "client \(client.rawValue) since \(started): \(what): \(end)\(by)"
  }
}
