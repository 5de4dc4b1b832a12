import AllocationCounter
import KeyValue
import RESP

/// What the client port costs without sockets and store: requests parsed, handed out, ended and answered on 64
/// connections, in pipelines of 16.
struct RESPBenchmark: Benchmark {
  /// What clients do.
  enum Load: String, CaseIterable {
    case get
    case set
  }

  var load: Load

  var name: String { "resp.\(load.rawValue)" }

  private static let pipeline = 16
  private static let value = [UInt8](repeating: 0x78, count: 128)

  func run(_ effort: Effort) throws -> [Measurement] {
    let (samples, rounds) = effort == .full ? (7, 1_000) : (3, 200)
    var connections = ContiguousArray((1...64).map { Connection(id: $0) })
    let input = ContiguousArray((0..<RESPBenchmark.pipeline).map(request).joined())
    let operations = connections.count * RESPBenchmark.pipeline * rounds
    drive(&connections, input, rounds: 10)
    var times: [Double] = []
    times.reserveCapacity(samples)
    let allocationsBefore = allocation_count()
    for _ in 0..<samples {
      let start = ThreadClock.seconds
      drive(&connections, input, rounds: rounds)
      times.append((ThreadClock.seconds - start) * 1e9 / Double(operations))
    }
    let allocations = Double(allocation_count() - allocationsBefore) / Double(samples * operations)
    return [
      Measurement(name: name, value: times.median, unit: "ns/operation", goal: nil),
      Measurement(name: "\(name).allocations", value: allocations, unit: "allocations/operation", goal: nil),
    ]
  }

  private func drive(_ connections: inout ContiguousArray<Connection>, _ input: ContiguousArray<UInt8>, rounds: Int) {
    let completion = Completion.done(load == .get ? .value(RESPBenchmark.value) : .stored)
    for _ in 0..<rounds {
      for place in connections.indices {
        let taken = input.withUnsafeBytes { connections[place].receive($0) }
        precondition(taken == input.count && connections[place].requests.count == RESPBenchmark.pipeline)
        for number in 0..<RESPBenchmark.pipeline {
          connections[place].complete(connections[place].requests[number].ticket, completion)
        }
        connections[place].requests.removeAll(keepingCapacity: true)
        precondition(connections[place].outstandingCount == 0)
        connections[place].written(connections[place].output.count)
      }
    }
  }

  /// A request for a key of 16 bytes.
  private func request(_ number: Int) -> [UInt8] {
    let key = "key:00000000\(1_000 + number)"
    switch load {
    case .get: return Array("*2\r\n$3\r\nGET\r\n$16\r\n\(key)\r\n".utf8)
    case .set:
      return Array("*3\r\n$3\r\nSET\r\n$16\r\n\(key)\r\n$128\r\n".utf8) + RESPBenchmark.value + Array("\r\n".utf8)
    }
  }
}
