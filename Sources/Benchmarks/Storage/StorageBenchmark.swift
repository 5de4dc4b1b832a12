import Foundation
import Raft
import Storage

/// The log on a real disk: writes of 128 bytes made durable per second, so many at once, by wall time.
struct StorageBenchmark: Benchmark {
  /// How many writes share a durable write.
  var together: Int

  var name: String { "storage.writes.\(together)" }

  func run(_ effort: Effort) throws -> [Measurement] {
    let (samples, flushes) = effort == .full ? (9, 200) : (3, 40)
    let disk = try DiskLog()
    defer { disk.remove() }
    try disk.write(flushes, together)
    var (rates, spans): ([Double], [Double]) = ([], [])
    for _ in 0..<samples {
      let clock = ContinuousClock()
      let start = clock.now
      try disk.write(flushes, together)
      let seconds = (clock.now - start) / .seconds(1)
      rates.append(Double(flushes * together) / seconds)
      spans.append(seconds / Double(flushes) * 1e6)
    }
    return [
      Measurement(name: name, value: rates.median, unit: "writes/s"),
      Measurement(name: "\(name).bytes", value: rates.median * 128, unit: "bytes/s"),
      Measurement(name: "\(name).flush", value: spans.median, unit: "us"),
    ]
  }
}

/// What an entry of 128 bytes costs before it reaches the disk: the copy into the batch, and its checksum.
struct StorageEncodingBenchmark: Benchmark {
  let name = "storage.encode"

  func run(_ effort: Effort) throws -> [Measurement] {
    let (samples, rounds) = effort == .full ? (9, 600) : (3, 100)
    let together = 512
    let write = DiskLog.write(1, first: 1)
    var times: [Double] = []
    for _ in 0..<samples {
      // A new log each time, whose one segment holds all of it: the making of segments does not count.
      let log = try DiskLog.withoutDisk()
      let start = ThreadClock.seconds
      for _ in 0..<rounds {
        // The same index again and again; a log cares for the order alone.
        for _ in 0..<together { try log.append(write) }
        _ = try log.flush()
      }
      times.append((ThreadClock.seconds - start) / Double(rounds * together) * 1e9)
    }
    return [Measurement(name: name, value: times.median, unit: "ns/entry")]
  }
}
