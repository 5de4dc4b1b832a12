import Testing

@testable import Raft

/// The public table says what the core's own quorum says, whatever the voters are called.
@Suite struct QuorumTableTests {
  private static let names: [UInt64] = [7, 0, .max, 1 << 40]

  private static func subsets() -> [[Int]] { (0..<16).map { bits in (0..<4).filter { bits >> $0 & 1 == 1 } } }

  @Test func namesDoNotMatter() throws {
    var wrong = 0
    for incoming in Self.subsets() {
      for outgoing in Self.subsets() {
        let table = try #require(
          QuorumTable(incoming: incoming.map { Self.names[$0] }, outgoing: outgoing.map { Self.names[$0] }))
        var quorum = Quorum(joint(incoming, from: outgoing))
        for code in 0..<81 {
          let digits = (0..<4).map { code / [1, 3, 9, 27][$0] % 3 }
          func digit(_ name: UInt64) -> Int { digits[Self.names.firstIndex(of: name)!] }
          let committed = table.committed { digit($0) == 0 ? nil : LogIndex(UInt64(digit($0))) }
          let reached = quorum.reached { UInt64(digits[$0]) }
          let isEmpty = incoming.isEmpty && outgoing.isEmpty
          if committed != (isEmpty ? nil : LogIndex(reached)) { wrong += 1 }
          let vote = table.vote { [nil, true, false][digit($0)] }
          if "\(vote)" != "\(quorum.outcome { [.missing, .granted, .refused][digits[$0]] })" { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0)
  }

  @Test func aNameGivenTwiceIsOneVoter() throws {
    let table = try #require(QuorumTable(incoming: [5, 5, 5, 6, 7]))
    #expect(table.vote { $0 == 5 ? true : nil } == .pending)
    #expect(table.committed { $0 == 5 ? LogIndex(9) : nil } == .zero)
  }

  @Test func theLargestIndexIsNotInfinity() throws {
    let table = try #require(QuorumTable(incoming: [1]))
    #expect(table.committed { _ in LogIndex(.max) } == LogIndex(.max))
  }

  @Test func thereAreAsManyVotersAsNodes() {
    let most = UInt64(QuorumTable.largestCount)
    #expect(QuorumTable(incoming: Array(0..<most)) != nil)
    #expect(QuorumTable(incoming: Array(0..<most), outgoing: [most - 1]) != nil)
    #expect(QuorumTable(incoming: Array(0..<most), outgoing: [most]) == nil)
  }
}
