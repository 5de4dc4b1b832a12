import Raft

/// Takes a report's line apart, word by word.
struct ReportWords {
  private var left: Substring

  init(_ line: String) { left = line[...] }

  /// All that has not been taken.
  var rest: String { String(left) }

  /// The next word; nil at the line's end.
  mutating func next() -> Substring? {
    guard !left.isEmpty else { return nil }
    let end = left.firstIndex(of: " ") ?? left.endIndex
    defer { left = end == left.endIndex ? "" : left[left.index(after: end)...] }
    return left[..<end]
  }

  mutating func number() -> UInt64? { next().flatMap { UInt64($0) } }

  mutating func instant() -> Instant? { next().flatMap { Int64($0) }.map { Instant(nanoseconds: $0) } }

  mutating func nodes() -> [NodeID]? {
    guard let text = next() else { return nil }
    if text == "-" { return [] }
    var nodes: [NodeID] = []
    for part in text.split(separator: ",") {
      guard let number = UInt32(part) else { return nil }
      nodes.append(NodeID(number))
    }
    return nodes
  }

  mutating func bytes() -> [UInt8]? { next().flatMap { ReportLine.bytes($0) } }
}

extension Role {
  var reportWord: String {
    switch self {
    case .follower: "follower"
    case .preCandidate: "pre-candidate"
    case .candidate: "candidate"
    case .leader: "leader"
    }
  }

  init?(reportWord word: Substring) {
    switch word {
    case "follower": self = .follower
    case "pre-candidate": self = .preCandidate
    case "candidate": self = .candidate
    case "leader": self = .leader
    default: return nil
    }
  }
}

extension Campaign {
  var reportWord: String {
    switch self {
    case .preVote: "pre-vote"
    case .election: "election"
    case .transfer: "transfer"
    }
  }

  init?(reportWord word: Substring) {
    switch word {
    case "pre-vote": self = .preVote
    case "election": self = .election
    case "transfer": self = .transfer
    default: return nil
    }
  }
}
