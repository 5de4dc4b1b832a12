import Raft
import Storage
import Synchronization

/// Measures what the write-ahead log's durable writes take on a disk.
struct DiskCalibration {
  /// How many small writes are timed, one after the other.
  static let smallWrites = 400
  /// How many large writes are timed.
  static let largeWrites = 24
  /// The payload of a large write in bytes.
  static let largeBytes = 4 << 20

  /// The median time of a durable write of one small entry.
  private(set) var sync: TimeSpan
  /// The throughput of large durable writes in bytes per second, their fixed time taken off.
  private(set) var bytesPerSecond: Double

  /// Measures in a directory, which is made.
  ///
  /// Throws ``StorageError`` when the disk fails.
  init(in directory: String) throws(StorageError) {
    let files = try DiskFiles(directory: directory)
    let identity = StorageIdentity(cluster: ClusterID(high: 0, low: 0), node: NodeID(0), incarnation: 1)
    try WriteAheadLog.setUp(
      files, identity: identity, bootstrap: Configuration(voters: [NodeID(0)]), settings: StorageSettings())
    let log = try WriteAheadLog.open(files, identity: identity, settings: StorageSettings()).log
    var next = (index: LogIndex(1), sequence: UInt64(1))
    let small = try Self.times(of: DiskCalibration.smallWrites, bytes: 128, log, &next)
    let large = try Self.times(of: DiskCalibration.largeWrites, bytes: DiskCalibration.largeBytes, log, &next)
    sync = small[small.count / 2]
    let transfer = max(1e-6, (large[large.count / 2] - sync).seconds)
    bytesPerSecond = Double(DiskCalibration.largeBytes) / transfer
  }

  /// The sorted times of durable writes of one entry each.
  private static func times(
    of count: Int, bytes: Int, _ log: WriteAheadLog<DiskFiles>, _ next: inout (index: LogIndex, sequence: UInt64)
  ) throws(StorageError) -> [TimeSpan] {
    let payload = [UInt8](repeating: 0x5A, count: bytes)
    var times: [TimeSpan] = []
    for _ in 0..<count {
      let began = MonotonicClock.now
      try log.append(
        Write(
          sequence: WriteSequence(next.sequence), hardState: nil, firstIndex: next.index,
          entries: [Entry(term: Term(1), payload: .command(payload))]))
      _ = try log.flush()
      times.append(MonotonicClock.now - began)
      next = (next.index.next, next.sequence + 1)
      _ = try log.maintain()
    }
    return times.sorted()
  }
}
