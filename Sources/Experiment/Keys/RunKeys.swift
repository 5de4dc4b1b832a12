import Raft
import Workload

/// The keys of `clients`, `slo` and `record`.
enum RunKeys {
  static let clients = Codec<ClientSettings>.section({ clientSection }, initial: { ClientSettings() })
  static let objectives = Codec<Objectives>.section({ objectiveSection }, initial: { Objectives() })
  static let record = Codec<Recording>.section({ recordSection }, initial: { Recording() })

  private static var clientSection: Section<ClientSettings> {
    Section(fields: [
      Field(
        "timeout", .positiveDuration, \.attemptTimeout,
        "How long an attempt waits for its answer before the next one is made."),
      Field(
        "deadline", .positiveDuration, \.operationDeadline,
        "How long after its intended start an operation is given up, with an unknown outcome if it may take effect."),
      Field("max_attempts", .integer(1...1_000_000), \.maximumAttempts, "The most attempts of one operation."),
      Field(
        "backoff", .positiveDuration, \.firstBackoff,
        "The pause after the first refusal; it doubles with each further one of the operation."),
      Field("max_backoff", .positiveDuration, \.longestBackoff, "The longest pause after a refusal."),
      Field(
        "read_from", .words(), \.linearizableReads,
        "Whom linearizable reads ask: the `leader`, or the `nearest` server, which asks the leader for a read index."),
      Field(
        "avoid_silent", .duration, \.serverAvoidance,
        "How long a server that did not answer in time is passed over when another one will do."),
      Field(
        "sessions", .integer(1...SiteClients.maximumSessions), \.openLoopSessions,
        "Open loop: the operations of a site that are under way at most; further ones wait in a queue."),
      Field(
        "queue_limit", .integer(1...1 << 24), \.queueLimit,
        "Open loop: the operations of a site that wait at most; one more fails at once."),
      Field("longest_scan", .integer(1...1_000), \.longestScan, "The most keys that a scan reads; uniform from 1."),
    ])
  }

  private static var objectiveSection: Section<Objectives> {
    Section(fields: [
      Field(
        "read", Codec<TimeSpan>.positiveDuration.optional("none"), \.read,
        "The longest that a read may take to count towards goodput."),
      Field(
        "write", Codec<TimeSpan>.positiveDuration.optional("none"), \.write,
        "The longest that any other operation may take to count towards goodput."),
    ])
  }

  private static var recordSection: Section<Recording> {
    Section(fields: [
      Field(
        "latency", latency, \.latencyRatio,
        "The share of operations that get a row in `latency.csv`: `all`, `none` or a probability."),
      Field(
        "history", .flag, \.history, "Whether `history.jsonl` is written and checked for linearizability."),
      Field(
        "windows", .positiveDuration, \.windows, "The length of the windows that counts and quantiles are given for."),
      Field(
        "checks", .words(), \.checks,
        "When the invariants of Raft are checked; `every-step` is slow and finds the step that broke something."),
    ])
  }

  private static let latency = Codec<Double>(
    type: "`all`, `none` or probability",
    read: { node, key, reading in
      switch node.text {
      case "all": 1
      case "none": 0
      default:
        Codec<Double>.probability.read(node, key, reading)
      }
    },
    write: { ratio in
      switch ratio {
      case 1: .text("all")
      case 0: .text("none")
      default: .text(FractionText.format(ratio))
      }
    })
}
