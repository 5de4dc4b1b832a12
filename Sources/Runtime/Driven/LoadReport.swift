import Emulation
import KeyValue
import Raft
import Server
import Wire
import Workload

/// What a load process tells the driver that started it, a line of text each.
///
/// What was asked and answered stands in it as the frames that carry it between processes, in hexadecimal digits.
public enum LoadReport: Sendable, Hashable {
  /// The process runs and waits for the word to begin.
  case up
  /// It could not begin.
  case failed(String)
  /// An operation ended.
  case operation(OperationRecord)
  /// All operations have ended.
  case done

  /// Appends the report as a line.
  func write(to line: inout ReportLine) {
    switch self {
    case .up: line.word("up")
    case .done: line.word("done")
    case .failed(let reason):
      line.word("failed")
      line.text(reason.split(whereSeparator: \.isNewline).joined(separator: "; "))
    case .operation(let record):
      line.word("operation")
      line.text(record.kind.rawValue)
      line.number(record.site.rawValue)
      for instant in [record.intended, record.started, record.ended] { line.number(instant.nanoseconds) }
      line.number(record.attempts)
      line.text(record.server.map { "\($0.rawValue)" } ?? "-")
      line.hexadecimal(
        FrameEncoder.bytes(
          of: .clientRequest(
            ClientRequest(
              client: record.client, sequence: record.sequence, operation: record.operation,
              consistency: record.consistency)), group: .first))
      line.hexadecimal(FrameEncoder.bytes(of: .clientReply(LoadReport.reply(record)), group: .first))
      line.text(record.role == nil ? "nobody" : "server")
      line.text(record.outcome == .failed ? "failed" : "ended")
    }
    line.end()
  }

  private static func reply(_ record: OperationRecord) -> ClientReply {
    let outcome: ClientReply.Outcome =
      switch record.outcome {
      case .ok(let result): .done(result)
      case .failed, .unknown: .unknown(leader: nil)
      }
    return ClientReply(
      client: record.client, sequence: record.sequence, outcome: outcome, role: record.role ?? .follower)
  }

  /// Reads a line; nil for one that is no report.
  public init?(line: String) {
    var words = ReportWords(line)
    switch words.next() {
    case "up": self = .up
    case "done": self = .done
    case "failed": self = .failed(words.rest)
    case "operation":
      guard let record = LoadReport.record(&words) else { return nil }
      self = .operation(record)
    default: return nil
    }
  }

  private static func record(_ words: inout ReportWords) -> OperationRecord? {
    guard let kind = words.next().flatMap({ OperationKind(rawValue: String($0)) }), let site = words.number(),
      let intended = words.instant(), let started = words.instant(), let ended = words.instant(),
      let attempts = words.number(), let server = words.next(),
      case .clientRequest(let request)? = words.bytes().flatMap(DrivenFrame.decode),
      case .clientReply(let reply)? = words.bytes().flatMap(DrivenFrame.decode), let answered = words.next(),
      let ending = words.next()
    else { return nil }
    let outcome: OperationRecord.Outcome
    if case .done(let result) = reply.outcome {
      outcome = .ok(result)
    } else {
      outcome = ending == "failed" ? .failed : .unknown
    }
    return OperationRecord(
      client: request.client, sequence: request.sequence, site: SiteID(UInt16(clamping: site)),
      operation: request.operation, kind: kind, consistency: request.consistency, intended: intended, started: started,
      ended: ended, server: UInt32(server).map { NodeID($0) }, role: answered == "server" ? reply.role : nil,
      attempts: Int(clamping: attempts), outcome: outcome)
  }
}

/// Frames of the protocol outside of connections.
public enum DrivenFrame {
  /// The one frame that the bytes are; nil for anything else.
  public static func decode(_ bytes: [UInt8]) -> Frame? {
    var splitter = FrameSplitter(limits: FrameLimits())
    return bytes.withUnsafeBytes { chunk in
      var cursor = 0
      guard let raw = try? splitter.next(in: chunk, from: &cursor), cursor == chunk.count else { return nil }
      return try? FrameDecoder().frame(raw)
    }
  }
}
