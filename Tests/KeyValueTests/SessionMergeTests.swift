import Raft
import Testing

@testable import KeyValue

@Suite("Sessions that move with keys") struct SessionMergeTests {
  static func remembered(_ table: SessionTable) -> MovedPart.Sessions {
    MovedPart.Sessions(watermark: table.watermark, sessions: table.inOrderOfUse)
  }

  @Test(
    "No command that either group executed is fresh afterwards, whatever expired at either",
    arguments: 1...200 as ClosedRange<UInt64>)
  func safety(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var tables = [SessionTable(capacity: 4), SessionTable(capacity: 1 + Int(random.next(below: 6)))]
    var executed: [(ClientID, SequenceNumber)] = []
    // Clients number their commands over both groups, and leave numbers out now and then.
    var last = [UInt64](repeating: 0, count: 8)
    for index in 1...80 as ClosedRange<UInt64> {
      let client = Int(random.next(below: 8))
      last[client] += 1 + random.next(below: 3)
      let side = Int(random.next(below: 2))
      let (id, sequence) = (ClientID(UInt64(client + 1)), SequenceNumber(last[client]))
      guard case .fresh = tables[side].admission(of: id, sequence) else { continue }
      tables[side].remember(id, sequence, .stored, at: LogIndex(index))
      executed.append((id, sequence))
    }
    var merged = tables[0]
    merged.merge(Self.remembered(tables[1]), at: LogIndex(1_000))
    for (client, sequence) in executed {
      if case .fresh = merged.admission(of: client, sequence) {
        Issue.record("\(client) \(sequence) would be repeated")
      }
    }
    #expect(merged.count <= 4 && merged.watermark >= max(tables[0].watermark, tables[1].watermark))
  }

  @Test("Without expiry every client's last result survives, the more recently used after the others")
  func results() {
    var (left, right) = (SessionTable(capacity: 10), SessionTable(capacity: 10))
    for client in 1...3 as ClosedRange<UInt64> {
      left.remember(ClientID(client), SequenceNumber(10), .incremented(Int64(client)), at: LogIndex(client))
    }
    right.remember(ClientID(2), SequenceNumber(11), .incremented(22), at: LogIndex(1))
    right.remember(ClientID(3), SequenceNumber(9), .incremented(33), at: LogIndex(2))
    right.remember(ClientID(4), SequenceNumber(1), .incremented(44), at: LogIndex(3))
    left.merge(Self.remembered(right), at: LogIndex(50))
    #expect(left.inOrderOfUse.map(\.client.rawValue) == [1, 3, 2, 4])
    #expect(left.inOrderOfUse.map(\.result) == [1, 3, 22, 44].map { .incremented($0) })
    #expect(left.session(of: ClientID(2))?.lastUse == LogIndex(50) && left.watermark == SequenceNumber(0))
  }
}
