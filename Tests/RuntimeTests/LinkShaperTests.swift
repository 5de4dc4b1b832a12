import Emulation
import Raft
import Testing
import Wire

@testable import Runtime

/// The links that a sender emulates.
struct LinkShaperTests {
  private func shaper(_ change: (inout LinkModel) -> Void = { _ in }) throws -> LinkShaper<Int> {
    var shaper = LinkShaper<Int>(seed: 7)
    var model = LinkModel(delay: .milliseconds(40))
    change(&model)
    try shaper.addPeer(3, over: model, now: .zero)
    return shaper
  }

  @Test func framesLeaveInOrderWhenTheirDelayIsOver() throws {
    var shaper = try shaper()
    for number in 0..<10 {
      let isSentAtOnce = shaper.take(number, bytes: 100, for: 3, at: Instant(nanoseconds: Int64(number) * 1_000_000))
      #expect(!isSentAtOnce)
    }
    #expect(shaper.nextDue == Instant(nanoseconds: 40_000_000))
    let early = shaper.popDue(at: Instant(nanoseconds: 39_999_999))
    #expect(early?.payload == nil)
    var left: [Int] = []
    while let frame = shaper.popDue(at: Instant(nanoseconds: 44_000_000)) { left.append(frame.payload) }
    #expect(left == [0, 1, 2, 3, 4])
    #expect(shaper.nextDue == Instant(nanoseconds: 45_000_000))
  }

  @Test func aPeerWithoutALineIsSentToAtOnce() throws {
    var shaper = try shaper()
    let isSentAtOnce = shaper.take(1, bytes: 10, for: 9, at: .zero)
    #expect(isSentAtOnce)
    #expect(shaper.nextDue == .distantFuture)
  }

  @Test func bandwidthSpacesFramesOut() throws {
    // 1 Mbit/s: 1,250 bytes take 10 ms.
    var shaper = try shaper { $0.bandwidth = Bandwidth(bitsPerSecond: 1_000_000) }
    for number in 0..<3 { _ = shaper.take(number, bytes: 1_250, for: 3, at: .zero) }
    var due: [Int64] = []
    while let frame = shaper.popDue(at: .distantFuture - .seconds(1)) { due.append(frame.due.nanoseconds) }
    #expect(due == [50_000_000, 60_000_000, 70_000_000])
  }

  @Test func aLineThatIsCutLosesWhatIsOnItAndWhatIsSent() throws {
    var shaper = try shaper()
    _ = shaper.take(1, bytes: 10, for: 3, at: .zero)
    try shaper.set(LinkUpdate(peer: NodeID(3), delay: .milliseconds(5), isPartitioned: true), at: .zero)
    let isSentAtOnce = shaper.take(2, bytes: 10, for: 3, at: .zero)
    #expect(!isSentAtOnce)
    let whileCut = shaper.popDue(at: Instant(nanoseconds: 100_000_000))
    #expect(whileCut?.payload == nil)
    try shaper.set(LinkUpdate(peer: NodeID(3), delay: .milliseconds(5)), at: Instant(nanoseconds: 100_000_000))
    _ = shaper.take(3, bytes: 10, for: 3, at: Instant(nanoseconds: 100_000_000))
    let joined = shaper.popDue(at: Instant(nanoseconds: 200_000_000))
    #expect(joined?.payload == 3)
  }

  @Test func aConnectionThatBreaksTakesItsFramesWithItAndLeavesOthers() throws {
    var shaper = try shaper()
    try shaper.addPeer(4, over: LinkModel(delay: .milliseconds(10)), now: .zero)
    _ = shaper.take(1, bytes: 10, for: 3, at: .zero)
    _ = shaper.take(2, bytes: 10, for: 4, at: .zero)
    shaper.reset(3)
    let left = shaper.popDue(at: .distantFuture - .seconds(1))
    #expect(left?.payload == 2)
    #expect(shaper.nextDue == .distantFuture)
  }

  @Test func valuesOutOfRangeAreRefusedAndLeaveTheLineAsItWas() throws {
    var shaper = try shaper()
    #expect(throws: NetworkError.self) {
      try shaper.set(LinkUpdate(peer: NodeID(3), delay: .seconds(-1)), at: .zero)
    }
    _ = shaper.take(1, bytes: 10, for: 3, at: .zero)
    #expect(shaper.nextDue == Instant(nanoseconds: 40_000_000))
  }
}
