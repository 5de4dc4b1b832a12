import Testing

@testable import Raft

/// The small parts: queues, windows, progress, random numbers, settings.
@Suite struct PartsTests {
  @Test func aQueueKeepsItsOrder() {
    var random = RandomSource(seed: 1)
    var queue = Queue<Int>()
    var model: [Int] = []
    for number in 0..<2_000 {
      if random.nextBool(probability: 0.55) || model.isEmpty {
        queue.append(number)
        model.append(number)
      } else if queue.removeFirst() != model.removeFirst() {
        Issue.record("another order at \(number)")
      }
      if queue.count != model.count || queue.first != model.first { Issue.record("another queue at \(number)") }
      if !model.isEmpty {
        let place = Int(random.next(below: UInt64(model.count)))
        queue[place] += 1
        model[place] += 1
      }
    }
    #expect((0..<queue.count).map { queue[$0] } == model)
    queue.removeAll()
    #expect(queue.isEmpty && queue.first == nil)
  }

  @Test func aWindowFreesWhatIsAcknowledged() {
    var random = RandomSource(seed: 2)
    var window = Inflights()
    var model: [UInt64] = []
    var end = 0 as UInt64
    for _ in 0..<2_000 {
      if random.nextBool(probability: 0.5) {
        end += 1 + random.next(below: 3)
        window.add(LogIndex(end))
        model.append(end)
      } else {
        let index = end - min(end, random.next(below: 8))
        window.free(through: LogIndex(index))
        model.removeAll { $0 <= index }
      }
      if window.count != model.count { Issue.record("window of \(window.count), not \(model.count)") }
    }
    #expect(window.isFull(limit: model.count) && !window.isFull(limit: model.count + 1))
  }

  /// Whatever a member says, in whatever order: match stays below next and never falls.
  @Test func progressKeepsItsInvariant() {
    var wrong: [String] = []
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomSource(seed: seed)
      var progress = Progress()
      progress.next = LogIndex(1 + random.next(below: 10))
      var match = LogIndex.zero
      for _ in 0..<50 {
        let index = LogIndex(random.next(below: 12))
        switch random.next(below: 6) {
        case 0: _ = progress.accept(index)
        case 1: _ = progress.reject(index, possibleMatch: LogIndex(random.next(below: 12)))
        case 2: if !progress.isPaused { progress.sent(count: Int(random.next(below: 3)), inflightLimit: 2) }
        case 3: progress.becomeReplicate()
        case 4: progress.becomeProbe()
        default: progress.resume()
        }
        if progress.match >= progress.next || progress.match < match { wrong.append("seed \(seed)") }
        match = progress.match
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
  }

  /// A seed means the same run with every compiler and on every machine.
  @Test func seedsKeepTheirMeaning() {
    var source = RandomSource(seed: 42)
    let first = (0..<4).map { _ in source.next() }
    #expect(first == PartsTests.known)
    var other = RandomSource(seed: 42, stream: 1)
    #expect(other.next() != first[0])
    var copy = source
    #expect(copy.next(below: 1_000) == source.next(below: 1_000))
    var split = source.split()
    #expect(split.next() != source.next())
  }

  /// From an independent implementation of xoshiro256** and SplitMix64.
  static let known: [UInt64] = [
    0x0A0DD1CB57B72A11, 0x5B65556D3A30CDA0, 0xD7FFAD27B08A9325, 0x9F38FC7ABA5C013A,
  ]

  @Test(arguments: [1, 2, 3, 7, 10, 64] as [UInt64]) func drawsAreUniform(bound: UInt64) {
    var source = RandomSource(seed: 9)
    var counts = [Int](repeating: 0, count: Int(bound))
    let draws = 20_000
    for _ in 0..<draws { counts[Int(source.next(below: bound))] += 1 }
    let expected = Double(draws) / Double(bound)
    let squares = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // Chi-square: mean bound - 1, variance twice that; six deviations are never passed by a fair source.
    #expect(squares < Double(bound) + 6 * (2 * Double(bound)).squareRoot())
  }

  @Test func spansStayInTheirRange() {
    var source = RandomSource(seed: 4)
    let range = TimeSpan.nanoseconds(5)...(.nanoseconds(8))
    var seen = Set<Int64>()
    for _ in 0..<200 { seen.insert(source.next(in: range).nanoseconds) }
    #expect(seen == [5, 6, 7, 8])
    #expect(source.next(in: .milliseconds(3)...(.milliseconds(3))) == .milliseconds(3))
    for _ in 0..<200 { #expect((0..<1).contains(source.nextUnit())) }
  }

  @Test func theDefaultsFitTogether() {
    let settings = Settings()
    #expect(settings.heartbeatInterval * 3 <= settings.electionTimeout.lowerBound, "three lost heartbeats depose")
    #expect(settings.electionTimeout.upperBound >= settings.electionTimeout.lowerBound * 2)
    #expect(settings.maximumBytesPerMessage < settings.maximumUncommittedBytes)
    #expect(settings.usesPreVote && settings.checksQuorum && settings.readConfirmation == .round)
  }

  @Test func aBoundedLogRefusesMoreAndTakesOne() {
    var leader = Solo(voters: 3) { $0.maximumUncommittedBytes = 100 }
    leader.lead()
    leader.receive(accepted(1, 1))
    leader.turn { node, _ in _ = try? node.propose([UInt8](repeating: 0, count: 500)) }
    #expect(leader.node.lastPosition.index == LogIndex(2), "the largest command does not depend on the bound")
    #expect(throws: ProposalRefusal.logFull) { _ = try leader.node.propose([1]) }
    leader.receive(accepted(1, 2))
    #expect(throws: Never.self) { _ = try leader.node.propose([1]) }
  }
}
