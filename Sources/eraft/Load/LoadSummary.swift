import Raft
import Runtime
import Synchronization
import Traces
import Workload

/// What a load came to: latencies and outcomes by kind of operation.
final class LoadSummary: Sendable {
  private struct Line {
    var kind: OperationKind
    var latency = LatencyHistogram()
    var failed = 0
    var unknown = 0
  }

  private struct State {
    var lines: [Line] = []
    var first: Instant?
    var last: Instant?
  }

  private let warmup: TimeSpan
  private let state = Mutex(State())

  /// Operations that begin before the warm-up is over are not counted.
  init(warmup: TimeSpan) { self.warmup = warmup }

  /// Counts an operation.
  func add(_ record: OperationRecord, since began: Instant) {
    guard record.intended - began >= warmup else { return }
    state.withLock { state in
      state.first = min(state.first ?? record.intended, record.intended)
      state.last = max(state.last ?? record.ended, record.ended)
      let place = state.lines.firstIndex { $0.kind == record.kind } ?? state.lines.count
      if place == state.lines.count { state.lines.append(Line(kind: record.kind)) }
      switch record.outcome {
      case .ok: state.lines[place].latency.add(record.ended - record.intended)
      case .failed: state.lines[place].failed += 1
      case .unknown: state.lines[place].unknown += 1
      }
    }
  }

  /// Whether every operation ended well.
  var isClean: Bool { state.withLock { $0.lines.allSatisfy { $0.failed == 0 && $0.unknown == 0 } } }

  /// The figures as a table.
  var table: String {
    state.withLock { state in
      var table = TextTable([
        .left("operation"), .right("ok"), .right("failed"), .right("unknown"), .right("per s"), .right("p50 ms"),
        .right("p95 ms"), .right("p99 ms"), .right("max ms"),
      ])
      for line in LoadSummary.sorted(state) {
        table.add([
          line.kind.rawValue, "\(line.latency.count)", "\(line.failed)", "\(line.unknown)",
          Render.number(LoadSummary.rate(line, state), decimals: 1),
          LoadSummary.milliseconds(line.latency.percentile(perMille: 500)),
          LoadSummary.milliseconds(line.latency.percentile(perMille: 950)),
          LoadSummary.milliseconds(line.latency.percentile(perMille: 990)),
          LoadSummary.milliseconds(line.latency.max),
        ])
      }
      return table.text
    }
  }

  /// The figures as JSON.
  var json: String {
    state.withLock { state in
      let rows = LoadSummary.sorted(state).map { line in
        func field(_ name: String, _ span: TimeSpan?) -> String {
          "\"\(name)\":\(span.map { "\($0.milliseconds)" } ?? "null")"
        }
        return "{\"operation\":\"\(line.kind.rawValue)\",\"ok\":\(line.latency.count),\"failed\":\(line.failed),"
          + "\"unknown\":\(line.unknown),\"per_s\":\(LoadSummary.rate(line, state)),"
          + [
            field("p50_ms", line.latency.percentile(perMille: 500)),
            field("p95_ms", line.latency.percentile(perMille: 950)),
            field("p99_ms", line.latency.percentile(perMille: 990)), field("max_ms", line.latency.max),
          ].joined(separator: ",") + "}"
      }
      return "[\n  " + rows.joined(separator: ",\n  ") + "\n]\n"
    }
  }

  private static func sorted(_ state: State) -> [Line] { state.lines.sorted { $0.kind.rawValue < $1.kind.rawValue } }

  private static func rate(_ line: Line, _ state: State) -> Double {
    guard let first = state.first, let last = state.last, last > first else { return 0 }
    return Double(line.latency.count) / (last - first).seconds
  }

  private static func milliseconds(_ span: TimeSpan?) -> String {
    span.map { Render.number($0.milliseconds, decimals: 3) } ?? ""
  }
}
