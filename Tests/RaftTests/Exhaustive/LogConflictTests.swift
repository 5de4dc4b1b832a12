import Testing

@testable import Raft

/// Finding where two logs part, for all pairs of small logs that can exist at the same time.
@Suite struct LogConflictTests {
  @Test func theLatestPossibleMatchIsWhatASearchFinds() {
    var wrong = 0
    for terms in SmallLog.all(upTo: 5) {
      for base in 0...terms.count {
        let log = terms.log(base: base)
        for index in 0...7 as ClosedRange<UInt64> {
          for term in 0...4 as ClosedRange<UInt64> {
            let expected = terms.latestPossibleMatch(at: index, term: term, base: base)
            if log.latestPossibleMatch(at: LogIndex(index), term: Term(term)) != expected { wrong += 1 }
          }
        }
      }
    }
    #expect(wrong == 0)
  }

  /// Compaction that keeps a tail leaves the answer as it is above the new base.
  @Test func compactionChangesNoAnswerAboveTheBase() {
    var wrong = 0
    for terms in SmallLog.all(upTo: 5) where terms.count > 0 {
      for snapshot in 1...terms.count {
        for base in 0...snapshot {
          var log = terms.log()
          log.compact(
            to: terms.log(base: snapshot).snapshot, keepingFrom: LogIndex(UInt64(base + 1)))
          if log.base != terms.position(base) { wrong += 1 }
          for index in 0...6 as ClosedRange<UInt64> {
            for term in 0...4 as ClosedRange<UInt64> {
              let expected = terms.latestPossibleMatch(at: index, term: term, base: base)
              if log.latestPossibleMatch(at: LogIndex(index), term: Term(term)) != expected { wrong += 1 }
            }
          }
        }
      }
    }
    #expect(wrong == 0)
  }

  /// The two sides' searches, played against each other: never past the real match, always on, and soon done.
  @Test func probingFindsTheMatchAndSkipsNothing() {
    var wrong: [String] = []
    var most = 0
    let pairs = LogPair.all(upTo: 5)
    for pair in pairs {
      for followerBase in 0...pair.common {
        for leaderBase in 0...pair.common {
          let leader = pair.leader.log(base: leaderBase)
          let follower = pair.follower.log(base: followerBase)
          var probe = leader.last
          var rejections = 0
          while probe.index > follower.base.index, !follower.contains(probe) {
            rejections += 1
            let hint = follower.latestPossibleMatch(at: probe.index, term: probe.term)
            let next = leader.latestPossibleMatch(at: hint.index, term: hint.term)
            if next.index >= probe.index { wrong.append("\(pair) stays at \(probe)") }
            if Int(next.index.rawValue) < min(pair.common, Int(probe.index.rawValue)) {
              wrong.append("\(pair) goes from \(probe) to \(next), past the match")
            }
            if rejections > 9 { break }
            probe = next
          }
          if rejections > pair.mostRejections { wrong.append("\(pair): \(rejections) rejections") }
          most = max(most, rejections)
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    #expect(pairs.count > 500 && most == 3, "\(pairs.count) pairs, at most \(most) rejections")
  }

  /// Every part of every leader's log, sent to every follower: it cuts at the first entry that differs and never
  /// before, and refuses with a hint that is not past the match.
  @Test func aFollowerCutsExactlyAtTheFirstConflict() {
    var wrong: [String] = []
    var outcomes = [0, 0, 0, 0]
    for pair in LogPair.all(upTo: 5) {
      for base in 0...pair.common {
        let start = Solo(1, state: pair.follower.state(base: base))
        for previous in 0...pair.leader.count {
          for count in 0...(pair.leader.count - previous) {
            var node = start
            let entries = count == 0 ? [] : pair.leader.entries((previous + 1)...(previous + count))
            let message = append(
              4, after: UInt64(previous), pair.leader.position(previous).term.rawValue, entries: entries)
            let sent = node.receive(message, from: 0)
            let expected = Expected(pair, base: base, previous: previous, count: count)
            outcomes[expected.kind] += 1
            if let flaw = expected.flaw(in: node, sent: sent) {
              wrong.append("\(pair) from \(base), \(count) entries after \(previous): \(flaw)")
            }
          }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(3))")
    #expect(outcomes.allSatisfy { $0 > 500 }, "refused, nothing new, appended, cut: \(outcomes)")
  }
}

/// What a follower is to make of an append message, by definition.
private struct Expected {
  private let pair: LogPair
  private let base: Int
  private let last: Int
  private let isRefused: Bool
  private let hint: LogPosition
  /// The first entry that the follower has not, or has otherwise.
  private let news: Int?

  init(_ pair: LogPair, base: Int, previous: Int, count: Int) {
    self.pair = pair
    self.base = base
    last = previous + count
    let follower = pair.follower
    isRefused =
      previous >= base && (previous > follower.count || follower.position(previous) != pair.leader.position(previous))
    let position = pair.leader.position(previous)
    hint = follower.latestPossibleMatch(at: position.index.rawValue, term: position.term.rawValue, base: base)
    news =
      isRefused || count == 0
      ? nil
      : ((previous + 1)...last).first { index in
        index > follower.count || follower.terms[index - 1] != pair.leader.terms[index - 1]
      }
  }

  /// Refused, nothing new, appended at the end, or cut.
  var kind: Int {
    if isRefused { return 0 }
    guard let news else { return 1 }
    return news > pair.follower.count ? 2 : 3
  }

  func flaw(in node: Solo, sent: [Envelope]) -> String? {
    var log = pair.follower.entries
    if let news { log = Array(log.prefix(news - 1)) + pair.leader.entries(news...last) }
    let kept = Array(log.dropFirst(base))
    let held = node.node.log.entries(from: node.node.firstIndex, maximumCount: 99, maximumBytes: .max)
    if held != kept { return "the log became \(held.map(\.term))" }
    if node.disk.entries != kept { return "the disk became \(node.disk.entries.map(\.term))" }
    let cuts = node.events.compactMap { if case .logTruncated(let first) = $0 { first.rawValue } else { nil } }
    if cuts != (kind == 3 ? [UInt64(news ?? 0)] : []) { return "cuts at \(cuts)" }
    if node.node.fault != nil { return "stopped" }
    if isRefused {
      if sent.rejections.map(\.hint) != [hint] || !sent.acceptances.isEmpty { return "answered \(sent)" }
      return Int(hint.index.rawValue) < min(pair.common, Int(sent.rejections[0].previous.rawValue))
        ? "the hint is past the match" : nil
    }
    return sent.acceptances == [UInt64(last)] && sent.rejections.isEmpty ? nil : "answered \(sent)"
  }
}
