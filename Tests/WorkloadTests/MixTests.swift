import KeyValue
import Raft
import Server
import Testing

@testable import Workload

@Suite("Mixes and values")
struct MixTests {
  @Test("Kinds come in their proportions", arguments: OperationMix.presets.indices)
  func proportions(_ number: Int) {
    let mix = OperationMix.presets[number]
    #expect(OperationMix.named(mix.name) == mix)
    var random = RandomSource(seed: 11)
    var counts: [OperationKind: Int] = [:]
    for _ in 0..<10_000 { counts[mix.draw(&random), default: 0] += 1 }
    let total = mix.weights.reduce(0) { $0 + $1.weight }
    #expect(abs(total - 1) < 1e-9)
    for (kind, weight) in mix.weights {
      let expected = 10_000 * weight / total
      #expect(abs(Double(counts[kind] ?? 0) - expected) <= 4 * expected.squareRoot(), "\(mix.name) \(kind)")
    }
    #expect(counts.count == mix.weights.count)
  }

  @Test("YCSB's mixes have the published names and proportions")
  func ycsb() {
    let expected: [(String, [(OperationKind, Double)])] = [
      ("ycsb-a", [(.read, 0.5), (.update, 0.5)]), ("ycsb-b", [(.read, 0.95), (.update, 0.05)]),
      ("ycsb-c", [(.read, 1)]), ("ycsb-d", [(.read, 0.95), (.insert, 0.05)]),
      ("ycsb-e", [(.scan, 0.95), (.insert, 0.05)]), ("ycsb-f", [(.read, 0.5), (.readModifyWrite, 0.5)]),
    ]
    for (name, weights) in expected {
      #expect(OperationMix.named(name)?.weights.elementsEqual(weights) { $0 == $1 } == true, "\(name)")
    }
    #expect(OperationMix.named("ycsb-z") == nil)
    #expect(OperationMix.ycsbD.usualKeys == .latest(theta: 0.99))
  }

  @Test("Values have the size asked for, and name their writer where there is room")
  func values() {
    var seen: Set<Value> = []
    var wrong = 0
    for client in 1...20 as ClosedRange<UInt64> {
      for sequence in 1...50 as ClosedRange<UInt64> {
        for size in [6, 12, 40] {
          let value = ValueMaker.value(ClientID(client), SequenceNumber(sequence), size: size)
          if value.count != size || !seen.insert(value).inserted { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0)
    #expect(ValueMaker.value(ClientID(12), SequenceNumber(7), size: 8) == Array("12.7;...".utf8))
    #expect(ValueMaker.value(ClientID(12), SequenceNumber(7), size: 0) == [])
    #expect(ValueMaker.value(ClientID(.max), SequenceNumber(.max), size: 25).count == 25)
    var random = RandomSource(seed: 1)
    #expect(Set((0..<200).map { _ in ValueSize.uniform(3...5).draw(&random) }) == [3, 4, 5])
  }

  @Test("Kinds made of steps: a read-modify-write puts, a swap expects what was found, a scan walks on")
  func steps() throws {
    let mix = OperationMix(name: "steps", weights: [(.readModifyWrite, 1), (.compareAndSwap, 1), (.scan, 1)])
    var world = World(try clients([phase(mix)], stop: .seconds(3)) { $0.longestScan = 4 })
    world.run(until: .distantFuture, prompt)
    var scans = 0
    for (first, second) in zip(world.records, world.records.dropFirst()) {
      guard case .get(let key) = first.operation else { continue }
      if first.kind == .readModifyWrite {
        #expect(second.kind == .readModifyWrite && second.operation.key == key && second.intended == first.ended)
      } else if first.kind == .compareAndSwap {
        guard case .compareAndSwap(key, let expected, _) = second.operation else {
          Issue.record("a swap follows the get")
          return
        }
        #expect(expected == [1])
      } else if second.kind == .scan {
        scans += 1
      }
    }
    #expect(scans > 10)
    #expect(world.records.last.map { $0.ended <= milliseconds(3_050) } == true)
  }

  @Test("A mix of increments has keys of its own for counters")
  func counters() throws {
    var world = World(try clients([phase(.increments)], stop: .seconds(1)))
    world.run(until: .distantFuture, prompt)
    #expect(world.records.allSatisfy { $0.operation.key.description.hasPrefix("count") })
  }
}
