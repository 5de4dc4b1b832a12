import KeyValue
import Raft
import Testing
import Workload

@testable import Verification

private func audit(acknowledged: [(UInt64, UInt64)], applied: [(UInt64, UInt64)], capacity: Int = 100)
  -> DurabilityAudit.Result
{
  var audit = DurabilityAudit(capacity: capacity)
  for (client, sequence) in acknowledged {
    audit.acknowledged(client: ClientID(client), sequence: SequenceNumber(sequence))
  }
  for (offset, (client, sequence)) in applied.enumerated() {
    audit.applied(client: ClientID(client), sequence: SequenceNumber(sequence), at: LogIndex(UInt64(offset + 1)))
  }
  return audit.result()
}

@Test("Every acknowledged write is there once")
func durable() {
  let result = audit(acknowledged: [(1, 1), (2, 1), (1, 2)], applied: [(2, 1), (1, 1), (1, 2), (3, 1)])
  #expect(result.verdict == .pass)
  #expect(result.details == ["3 writes acknowledged, 4 commands applied"])
}

@Test("A lost write is found")
func lost() {
  let result = audit(acknowledged: [(1, 1), (2, 1), (1, 2)], applied: [(2, 1), (1, 1)])
  #expect(result.verdict == .fail)
  #expect(result.details.last == "lost: client 1 command 2 was acknowledged and never applied")
}

@Test("A repeated command is found, acknowledged or not, and counted once")
func repeated() {
  let result = audit(acknowledged: [], applied: [(2, 1), (1, 1), (2, 1), (2, 1)])
  #expect(result.verdict == .fail)
  #expect(result.repeatedCount == 1)
  #expect(result.details.last == "repeated: client 2 command 1 was applied at 1 and again at 3")
}

@Test("Long lists of findings are cut")
func manyLost() {
  let result = audit(acknowledged: (1...25).map { (1, $0) }, applied: [])
  #expect(result.lostCount == 25)
  #expect(result.details.count == 12)
  #expect(result.details.last == "lost: 15 more")
}

@Test("More commands than fit give no verdict, unless one was repeated")
func overfull() {
  #expect(audit(acknowledged: [(1, 1)], applied: [(2, 1), (3, 1), (1, 1)], capacity: 2).verdict == .unknown)
  #expect(audit(acknowledged: [(1, 1)], applied: [(2, 1), (2, 1), (1, 1)], capacity: 2).verdict == .fail)
}

@Test("Only writes that ended well promise anything")
func promises() {
  var audit = DurabilityAudit()
  audit.acknowledged(record(1, .put(Key("k"), [1]), 0...1, .unknown))
  audit.acknowledged(record(2, .put(Key("k"), [1]), 0...1, .failed))
  audit.acknowledged(record(3, .get(Key("k")), 0...1, .ok(.value(nil))))
  #expect(audit.result().acknowledged == 0)
  audit.acknowledged(record(4, .put(Key("k"), [1]), 0...1, .ok(.stored)))
  #expect(audit.result().lostCount == 1)
}

@Test("Replicas that applied the same entries must hold the same state")
func digests() {
  func replica(_ node: UInt32, _ applied: UInt64, _ digest: UInt64) -> ReplicaDigest {
    ReplicaDigest(node: NodeID(node), applied: LogIndex(applied), digest: digest)
  }
  #expect(ReplicaDigest.disagreements(among: []).isEmpty)
  #expect(ReplicaDigest.disagreements(among: [replica(1, 5, 7), replica(2, 5, 7), replica(3, 4, 9)]).isEmpty)
  let found = ReplicaDigest.disagreements(among: [replica(3, 5, 8), replica(1, 5, 7), replica(2, 5, 7)])
  #expect(found.map(\.right.node) == [NodeID(3)])
  #expect(found.map(\.left.node) == [NodeID(1)])
}

@Test("The report is as bad as its worst part")
func report() {
  var report = CheckReport()
  #expect(report.verdict == .pass)
  report.add(nil as InvariantViolation?)
  report.add([] as [DigestDisagreement])
  report.add(DurabilityAudit().result())
  #expect(report.verdict == .pass)
  #expect(report.verdict.exitCode == 0)
  var history = History()
  history.append(record(1, .append(Key("k"), [1]), 0...1, .unknown))
  history.append(record(2, .get(Key("k")), 0...1, .ok(.value([1]))))
  var limits = LinearizabilityChecker.Limits()
  limits.steps = 0
  report.add(LinearizabilityChecker(limits: limits).check(history))
  #expect(report.verdict == .unknown)
  #expect(report.verdict.exitCode == 2)
  history.append(record(2, .get(Key("k")), 2...3, .ok(.value(nil))))
  report.add(LinearizabilityChecker().check(history))
  #expect(report.verdict == .fail)
  #expect(report.verdict.exitCode == 1)
  #expect(report.items.map(\.check) == [.invariants, .digests, .durability, .linearizability, .linearizability])
}
