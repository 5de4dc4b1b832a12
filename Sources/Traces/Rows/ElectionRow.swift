import Raft

/// A won election.
public struct ElectionRow: TraceRow {
  /// The group.
  public var group: String
  /// The term that was won.
  public var term: Term
  /// Why a new leader was needed.
  public var trigger: ElectionTrigger
  /// The leader before; nil for the first election.
  public var oldLeader: String?
  /// Its site.
  public var oldSite: String?
  /// The leader after.
  public var newLeader: String
  /// Its site.
  public var newSite: String
  /// When the group lost its leader; the run's start for the first election.
  public var lost: Instant
  /// When the first campaign began.
  public var started: Instant
  /// When the election was won.
  public var won: Instant
  /// How many terms were tried; more than one means split votes.
  public var rounds: Int

  /// From the loss of the leader to the election of the next one.
  public var leaderless: TimeSpan { won - lost }

  /// Makes a row.
  public init(
    group: String, term: Term, trigger: ElectionTrigger, oldLeader: String?, oldSite: String?, newLeader: String,
    newSite: String, lost: Instant, started: Instant, won: Instant, rounds: Int
  ) {
    self.group = group
    self.term = term
    self.trigger = trigger
    self.oldLeader = oldLeader
    self.oldSite = oldSite
    self.newLeader = newLeader
    self.newSite = newSite
    self.lost = lost
    self.started = started
    self.won = won
    self.rounds = rounds
  }

  /// The columns of `elections.csv`.
  public static let schema = TraceSchema(
    file: .elections, row: "a won election",
    notes: """
      In the order of winning. A leader that was replaced before it was seen to fail counts as lost when the first \
      campaign for votes against it began. A win in a lower term than the group's latest leader has leads nobody and is left out, \
      and so is the loss of a leader that came back before anyone replaced it.
      """,
    columns: [
      Column("group", .text, "the Raft group"),
      Column("term", .count, "the term that was won"),
      Column("trigger", .word(ElectionTrigger.self), "why a new leader was needed"),
      Column("old_leader", .text, optional: true, "the leader before"),
      Column("old_site", .text, optional: true, "its site"),
      Column("new_leader", .text, "the leader after"),
      Column("new_site", .text, "its site"),
      Column("lost_s", .seconds, "when the old leader was lost; the run's start for the first election"),
      Column("started_s", .seconds, "when the first campaign began"),
      Column("won_s", .seconds, "when the election was won"),
      Column("rounds", .count, "terms tried since the loss; more than one means split votes"),
      Column("leaderless_ms", .milliseconds, "`won_s` - `lost_s`"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.text(group)
    row.count(term.rawValue)
    row.word(trigger)
    row.text(oldLeader)
    row.text(oldSite)
    row.text(newLeader)
    row.text(newSite)
    row.seconds(lost)
    row.seconds(started)
    row.seconds(won)
    row.count(rounds)
    row.milliseconds(Fixed.span(from: lost, to: won))
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    group = try row.text()
    term = Term(try row.unsigned())
    trigger = try row.word()
    oldLeader = try row.optionalText()
    oldSite = try row.optionalText()
    newLeader = try row.text()
    newSite = try row.text()
    lost = try row.instant()
    started = try row.instant()
    won = try row.instant()
    rounds = try row.count()
    let leaderless = try row.milliseconds()
    guard leaderless == Fixed.span(from: lost, to: won) else { throw row.mistake("won_s - lost_s") }
  }
}
