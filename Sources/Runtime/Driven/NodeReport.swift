import KeyValue
import Raft
import Server

/// What a node tells the driver that started it, a line of text each; times are those of the machine's monotonic clock.
public enum NodeReport: Sendable, Hashable {
  /// The process runs and waits for the word to begin.
  case up
  /// The node listens.
  case ready(at: Instant)
  /// It could not start, or stopped rather than risk what was committed.
  case failed(String)
  /// Its role changed.
  case role(Role, term: Term, at: Instant)
  /// It campaigns.
  case campaign(Campaign, term: Term, at: Instant)
  /// A configuration took effect.
  case configuration(Configuration, index: LogIndex, at: Instant)
  /// It leads, and a secretary works for it from now on.
  case hired(NodeID, at: Instant)
  /// It leads, and a secretary works for it no longer.
  case lost(NodeID, at: Instant)
  /// It took a snapshot in the place of its log's beginning.
  case snapshot(last: LogIndex, at: Instant)
  /// A command had an effect on its state.
  case applied(AppliedCommand)
  /// What it did so far, as the driver asked.
  case sample(NodeSample)
}

/// What a node did since it started, and how its log stands.
public struct NodeSample: Sendable, Hashable {
  /// When it was looked at.
  public var at: Instant
  /// What went to each other node and came from it.
  public var links: [Link]
  /// The processor's time that its process took.
  public var processor: TimeSpan
  /// Its role in the term; nil for nodes of the fleet.
  public var role: Role?
  /// The last entry of its log.
  public var last: LogIndex
  /// Its commit index.
  public var commit: LogIndex
  /// The last entry in its state.
  public var applied: LogIndex
  /// A digest of its state; nil for nodes that have none.
  public var digest: UInt64?

  /// What went to another end of the network and came from it.
  public struct Link: Sendable, Hashable {
    /// The node at the other end.
    public var node: NodeID
    /// Frames that were sent.
    public var framesOut: Int
    /// Bytes that were sent.
    public var bytesOut: Int
    /// Frames that came.
    public var framesIn: Int
    /// Bytes that came.
    public var bytesIn: Int
  }
}

extension NodeReport {
  /// Appends the report as a line.
  func write(to line: inout ReportLine) {
    switch self {
    case .up: line.word("up")
    case .ready(let at):
      line.word("ready")
      line.number(at.nanoseconds)
    case .failed(let reason):
      line.word("failed")
      line.text(reason.split(whereSeparator: \.isNewline).joined(separator: "; "))
    case .role(let role, let term, let at):
      line.word("role")
      line.number(at.nanoseconds)
      line.text(role.reportWord)
      line.number(term.rawValue)
    case .campaign(let campaign, let term, let at):
      line.word("campaign")
      line.number(at.nanoseconds)
      line.text(campaign.reportWord)
      line.number(term.rawValue)
    case .configuration(let configuration, let index, let at):
      line.word("configuration")
      line.number(at.nanoseconds)
      line.number(index.rawValue)
      line.text(NodeReport.list(configuration.voters))
      line.text(NodeReport.list(configuration.learners))
      line.text(NodeReport.list(configuration.outgoing))
    case .hired(let node, let at): NodeReport.write("hired", node.rawValue, at, &line)
    case .lost(let node, let at): NodeReport.write("lost", node.rawValue, at, &line)
    case .snapshot(let last, let at): NodeReport.write("snapshot", last.rawValue, at, &line)
    case .applied(let command):
      line.word("applied")
      line.number(command.client.rawValue)
      line.number(command.sequence.rawValue)
      line.number(command.index.rawValue)
    case .sample(let sample): sample.write(to: &line)
    }
    line.end()
  }

  private static func write<Number: BinaryInteger>(
    _ word: StaticString, _ number: Number, _ at: Instant, _ line: inout ReportLine
  ) {
    line.word(word)
    line.number(at.nanoseconds)
    line.number(number)
  }

  private static func list(_ nodes: [NodeID]) -> String {
    nodes.isEmpty ? "-" : nodes.map { "\($0.rawValue)" }.joined(separator: ",")
  }

  /// Reads a line; nil for one that is no report.
  public init?(line: String) {
    var words = ReportWords(line)
    switch words.next() {
    case "up": self = .up
    case "failed": self = .failed(words.rest)
    case "ready":
      guard let at = words.instant() else { return nil }
      self = .ready(at: at)
    case "role":
      guard let at = words.instant(), let role = words.next().flatMap(Role.init(reportWord:)), let term = words.number()
      else { return nil }
      self = .role(role, term: Term(term), at: at)
    case "campaign":
      guard let at = words.instant(), let campaign = words.next().flatMap(Campaign.init(reportWord:)),
        let term = words.number()
      else { return nil }
      self = .campaign(campaign, term: Term(term), at: at)
    case "configuration":
      guard let at = words.instant(), let index = words.number(), let voters = words.nodes(),
        let learners = words.nodes(), let outgoing = words.nodes()
      else { return nil }
      let configuration = Configuration(
        voters: voters, outgoing: outgoing, learners: learners, learnersNext: [], leavesAutomatically: true)
      self = .configuration(configuration, index: LogIndex(index), at: at)
    case "hired", "lost", "snapshot":
      guard let at = words.instant(), let number = words.number() else { return nil }
      switch line.first {
      case "h": self = .hired(NodeID(UInt32(clamping: number)), at: at)
      case "l": self = .lost(NodeID(UInt32(clamping: number)), at: at)
      default: self = .snapshot(last: LogIndex(number), at: at)
      }
    case "applied":
      guard let client = words.number(), let sequence = words.number(), let index = words.number() else { return nil }
      self = .applied(
        AppliedCommand(client: ClientID(client), sequence: SequenceNumber(sequence), index: LogIndex(index)))
    case "sample":
      guard let sample = NodeSample(&words) else { return nil }
      self = .sample(sample)
    default: return nil
    }
  }
}

extension NodeSample {
  fileprivate func write(to line: inout ReportLine) {
    line.word("sample")
    line.number(at.nanoseconds)
    line.number(processor.nanoseconds)
    line.text(role?.reportWord ?? "-")
    line.number(last.rawValue)
    line.number(commit.rawValue)
    line.number(applied.rawValue)
    line.text(digest.map { "\($0)" } ?? "-")
    for link in links {
      line.number(link.node.rawValue)
      for count in [link.framesOut, link.bytesOut, link.framesIn, link.bytesIn] { line.number(count) }
    }
  }

  fileprivate init?(_ words: inout ReportWords) {
    guard let at = words.instant(), let processor = words.number(), let role = words.next(), let last = words.number(),
      let commit = words.number(), let applied = words.number(), let digest = words.next()
    else { return nil }
    var links: [Link] = []
    while let node = words.number() {
      let counts = (0..<4).compactMap { _ in words.number().map { Int(clamping: $0) } }
      guard counts.count == 4 else { return nil }
      links.append(
        Link(
          node: NodeID(UInt32(clamping: node)), framesOut: counts[0], bytesOut: counts[1], framesIn: counts[2],
          bytesIn: counts[3]))
    }
    self.init(
      at: at, links: links, processor: TimeSpan(nanoseconds: Int64(clamping: processor)),
      role: Role(reportWord: role), last: LogIndex(last), commit: LogIndex(commit), applied: LogIndex(applied),
      digest: UInt64(digest))
  }
}
