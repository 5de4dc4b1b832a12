import Raft

/// The keys of `group`.
enum GroupKeys {
  static var section: Section<GroupPlan> {
    Section(fields: [
      Field(
        "voters", siteCounts, \.voters, isRequired: true,
        "How many voters each site has. Nodes are named by site and number: `us-east-1.0`, `us-east-1.1`."),
      Field(
        "count", .integer(1...64), \.count,
        "How many groups there are at the start, each with these voters on machines of its own; more than one with "
          + "`system: multi-raft`."),
      Field("learners", siteCounts, \.learners, "How many learners (members without a vote) each site has."),
      Field(
        "heartbeat", .positiveDuration, \.raft.heartbeatInterval,
        "The time between two heartbeats of a leader; shorter than the election timeout."),
      Field(
        "election_timeout", timeout, \.raft.electionTimeout,
        "The range that a follower's patience with a silent leader is drawn from, each time anew."),
      Field("pre_vote", .flag, \.raft.usesPreVote, "Whether a node asks for support before it raises its term."),
      Field(
        "check_quorum", .flag, \.raft.checksQuorum,
        "Whether a leader that hears from no quorum steps down, and voters that hear from a leader ignore candidates."),
      Field(
        "max_inflight", .integer(1...1_000_000), \.raft.maximumInflightMessages,
        "The most append messages under way to one follower."),
      Field("max_batch", .integer(1...1_000_000), \.raft.maximumEntriesPerMessage, "The most entries in one message."),
      Field(
        "max_batch_bytes", .positiveSize, \.raft.maximumBytesPerMessage,
        "The most payload in one message; a larger entry travels alone."),
      Field(
        "max_uncommitted", .positiveSize, \.raft.maximumUncommittedBytes,
        "The most payload that may wait to be committed; beyond it writes are refused as busy."),
      Field(
        "read_confirmation", readConfirmation, \.raft.readConfirmation,
        "How a leader makes sure that it still leads before it serves a read: `round` asks a quorum; `lease` trusts "
          + "clocks that drift apart by at most the bound."),
      Field(
        "read_batch", .duration, \.raft.readBatchInterval,
        "The least time between two rounds for reads alone; reads that arrive in between share the next one."),
      Field(
        "snapshot_every", Codec<Int>.integer(1...1_000_000_000).optional("never"), \.snapshotEvery,
        "A member takes a snapshot whenever it has applied this many entries since the last one."),
      Field(
        "keep_entries", .integer(0...1_000_000_000), \.keepEntries,
        "How many entries before a snapshot stay in the log for slow followers."),
      Field(
        "snapshot_chunk", .positiveSize, \.raft.snapshotChunkBytes, "The size of the pieces a snapshot travels in."),
      Field(
        "promotion_lag", .integer(0...1_000_000_000), \.raft.promotionLag,
        "A learner is promoted once it lags the leader by at most this many entries."),
      Field(
        "leader_home_after", Codec<TimeSpan>.positiveDuration.optional("never"), \.leaderHomeAfter,
        "With `system: multi-raft`, whose groups are led from the sites with voters in turn: how long after an election "
          + "a group that is led from elsewhere hands leadership back to its own site, and how often it tries."),
      Field(
        "bounded_age", .positiveDuration, \.boundedAge,
        "How old the state may be that answers a read with `read: bounded`."),
      Field("relay", relay, \.relay, fallback: "see the keys below", "Replication through secretaries."),
    ])
  }

  static let codec = Codec<GroupPlan>.section({ section }, initial: { GroupPlan() })

  private static let relay = Codec<RelayPlan>.section(
    {
      Section(fields: [
        Field(
          "reach", .choice([("site", .locality), ("group", .group)]), \.reach,
          "Whom secretaries serve: followers at their `site`, or first those and then the rest of the `group`."),
        Field(
          "timeout", .positiveDuration, \.timeout,
          "How long what a secretary was to pass on may stay unanswered, and a secretary silent, before the leader goes "
            + "on directly; less than half of the shortest election timeout."),
        Field(
          "acknowledgements", .words(), \.acknowledgements,
          "Which way followers answer what a secretary passed on: `direct`, or `carried` by it."),
      ])
    }, initial: { RelayPlan() })

  /// A mapping from sites to numbers of nodes.
  static let siteCounts = Codec<[SiteCount]>(
    type: "a mapping from sites to whole numbers",
    read: { node, key, reading in
      guard let entries = node.entries else {
        reading.refuse(
          key, at: node.place, "found \(node.found), expected a mapping such as {us-east-1: 2, us-west-2: 1}")
        return nil
      }
      var counts: [SiteCount] = []
      for entry in entries {
        let path = Section<GroupPlan>.join(key, SpecNode.quote(entry.key))
        reading.note(path, at: entry.value.place)
        if let count = Codec<Int>.integer(0...1_000).read(entry.value, path, reading) {
          counts.append(SiteCount(site: entry.key, count: count))
        }
      }
      return counts.count == entries.count ? counts : nil
    },
    write: { counts in .mapping(counts.map { ($0.site, .text("\($0.count)")) }) })

  /// Two durations, the shorter one first.
  private static let timeout = Codec<ClosedRange<TimeSpan>>(
    type: "[duration, duration]",
    read: { node, key, reading in
      guard let items = node.items, items.count == 2 else {
        let found = node.items.map { "a list of \($0.count)" } ?? node.found
        reading.refuse(key, at: node.place, "found \(found), expected two durations such as [1s, 2s]")
        return nil
      }
      let least = Codec<TimeSpan>.positiveDuration.read(items[0], "\(key)[0]", reading)
      let most = Codec<TimeSpan>.positiveDuration.read(items[1], "\(key)[1]", reading)
      guard let least, let most else { return nil }
      guard least <= most else {
        reading.refuse(
          key, at: node.place,
          "found [\(items[0].found), \(items[1].found)], expected the shorter duration first")
        return nil
      }
      return least...most
    },
    write: { range in
      .list([.text(DurationText.format(range.lowerBound)), .text(DurationText.format(range.upperBound))])
    })

  /// `round`, or `{lease: 200ppm}`.
  private static let readConfirmation = Codec<Settings.ReadConfirmation>(
    type: "`round`, or `{lease: drift}`",
    children: { leaseSection.keys(defaults: LeaseDraft()) },
    read: { node, key, reading in
      if node.text == "round" { return .round }
      guard node.entries != nil else {
        reading.refuse(key, at: node.place, "found \(node.found), expected round, or {lease: 200ppm}")
        return nil
      }
      var draft = LeaseDraft()
      guard leaseSection.read(node, key, into: &draft, reading) else { return nil }
      return .lease(clockDriftPartsPerMillion: draft.drift)
    },
    write: { confirmation in
      switch confirmation {
      case .round: .text("round")
      case .lease(let drift): leaseSection.write(LeaseDraft(drift: drift))
      }
    })

  private struct LeaseDraft: Sendable {
    var drift = 0
  }

  private static var leaseSection: Section<LeaseDraft> {
    Section(fields: [
      Field("lease", drift, \.drift, isRequired: true, "How far the clocks of two members may drift apart.")
    ])
  }

  private static let driftExpected = "a drift such as 200ppm, a whole number from 0ppm to 500000ppm"

  private static let drift = Codec<Int>.scalar(
    "drift in ppm", expected: driftExpected,
    parse: { text throws(QuantityError) in
      let number = text.hasSuffix("ppm") ? WholeNumber.parse(String(text.dropLast(3))) : nil
      guard let number, (0...500_000).contains(number) else { throw .malformed(expected: driftExpected) }
      return Int(number)
    },
    format: { "\($0)ppm" })
}
