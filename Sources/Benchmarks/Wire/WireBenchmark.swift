import AllocationCounter
import Raft
import Wire

/// What it costs to put a message into bytes and to take it out again, in processor time of one thread.
struct WireBenchmark: Benchmark {
  /// How many entries of 128 bytes the message carries; nil for a heartbeat.
  var entries: Int?

  var name: String { entries.map { "wire.append.\($0)" } ?? "wire.heartbeat" }

  func run(_ effort: Effort) throws -> [Measurement] {
    let (samples, operations) = effort == .full ? (7, 400_000) : (3, 40_000)
    let envelope = Envelope(from: NodeID(1), to: NodeID(2), message: message)
    let frame = UnsafeMutableRawBufferPointer.allocate(byteCount: FrameEncoder.size(of: envelope), alignment: 16)
    defer { frame.deallocate() }
    var encoder = BatchEncoder()
    let encoding = Timing(samples: samples, operations: operations) {
      FrameEncoder.write(
        envelope, group: .first,
        to: UnsafeMutableRawBufferPointer(
          start: frame.baseAddress, count: FrameEncoder.size(of: envelope)))
    }
    let sharing = Timing(samples: samples, operations: operations) {
      encoder.write(
        envelope, group: .first,
        to: UnsafeMutableRawBufferPointer(
          start: frame.baseAddress, count: encoder.size(of: envelope)))
    }
    let decoding = Timing(samples: samples, operations: operations) { WireBenchmark.decode(frame) }
    return encoding.measurements("\(name).encode", allocationGoal: 0)
      + (entries == nil ? [] : sharing.measurements("\(name).shared", allocationGoal: 0))
      // One for each payload, and one for their array.
      + decoding.measurements("\(name).decode", allocationGoal: entries.map { Double($0) + 1 } ?? 0)
  }

  private var message: Message {
    guard let entries else {
      return .heartbeat(Heartbeat(term: Term(7), round: Round(1_000), commit: LogIndex(1_000_000)))
    }
    return .appendEntries(
      AppendEntries(
        term: Term(7), round: Round(1_000), previous: LogPosition(index: LogIndex(1_000_000), term: Term(7)),
        commit: LogIndex(1_000_000),
        entries: (0..<entries).map {
          Entry(term: Term(7), payload: .command([UInt8](repeating: UInt8($0), count: 128)))
        }))
  }

  /// Finds the frame as a transport would, and decodes it.
  private static func decode(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
    var splitter = FrameSplitter(limits: FrameLimits())
    var cursor = 0
    guard let raw = try? splitter.next(in: UnsafeRawBufferPointer(bytes), from: &cursor),
      let envelope = try? FrameDecoder().envelope(raw)
    else { preconditionFailure("a frame does not come back") }
    return Int(envelope.to.rawValue)
  }
}

/// Nanoseconds and allocations of an operation that is done many times.
private struct Timing {
  var nanoseconds: Double
  var allocations: Double

  /// Does it `operations` times in each sample; its result is summed up, so that it cannot be left out.
  init(samples: Int, operations: Int, _ operation: () -> Int) {
    var times: [Double] = []
    times.reserveCapacity(samples)
    var sum = 0
    for _ in 0..<operations / 4 { sum &+= operation() }
    let allocationsBefore = allocation_count()
    for _ in 0..<samples {
      let start = ThreadClock.seconds
      for _ in 0..<operations { sum &+= operation() }
      times.append((ThreadClock.seconds - start) / Double(operations) * 1e9)
    }
    allocations = Double(allocation_count() - allocationsBefore) / Double(samples * operations)
    precondition(sum > 0, "the operation did nothing")
    nanoseconds = times.median
  }

  func measurements(_ name: String, allocationGoal: Double) -> [Measurement] {
    [
      Measurement(name: name, value: nanoseconds, unit: "ns"),
      Measurement(
        name: "\(name).allocations", value: allocations, unit: "allocations/message", goal: .atMost(allocationGoal)),
    ]
  }
}
