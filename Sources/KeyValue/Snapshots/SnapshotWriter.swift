import Raft

/// Turns a store's state of one moment into bytes, chunk by chunk, while the store itself moves on.
///
/// All chunks but the last have the same size. The bytes are a function of the state: replicas at one position of
/// the log give the same bytes.
public struct SnapshotWriter: Sequence, IteratorProtocol, Sendable {
  private enum Stage: Sendable {
    case header
    case entries(next: Int)
    case sessions(after: Int32?)
    case shard([UInt8], next: Int)
    case finished
  }

  private let store: Store
  private let keys: [Key]
  private let chunkBytes: Int
  private var stage = Stage.header
  private var checksum = StableHash(seed: SnapshotFormat.checksumSeed)
  /// Bytes made but not handed out yet begin at `start`; never more than a chunk and a frame.
  private var pending: [UInt8] = []
  private var start = 0

  /// Begins a snapshot in chunks of a size in bytes, which is at least 1.
  init(_ store: Store, chunkBytes: Int) {
    self.store = store
    self.chunkBytes = Swift.max(1, chunkBytes)
    keys = store.slots.keys.sorted()
  }

  /// The next chunk, never empty; nil after the last one.
  public mutating func next() -> [UInt8]? {
    if pending.count - start < chunkBytes {
      pending.removeFirst(start)
      start = 0
      while pending.count < chunkBytes, makeFrame() {}
    }
    let end = Swift.min(start + chunkBytes, pending.count)
    guard start < end else { return nil }
    defer { start = end }
    return Array(pending[start..<end])
  }

  /// Makes the next frame; false when there is none left.
  private mutating func makeFrame() -> Bool {
    switch stage {
    case .header:
      pending.append(contentsOf: SnapshotFormat.magic)
      pending.append(SnapshotFormat.version)
      add(
        .header(
          SnapshotFrame.Header(
            limits: store.limits, appliedIndex: store.appliedIndex, watermark: store.sessions.watermark,
            keys: UInt64(keys.count), sessions: UInt64(store.sessions.count))))
      stage = .entries(next: 0)
    case .entries(let next) where next < keys.count:
      add(.entry(keys[next], store.slots[keys[next]]?.value ?? []))
      stage = .entries(next: next + 1)
    case .entries:
      stage = .sessions(after: nil)
    case .sessions(let slot):
      if let (next, session) = store.sessions.next(after: slot) {
        add(.session(session))
        stage = .sessions(after: next)
      } else {
        stage = .shard(store.shard?.encoded() ?? [], next: 0)
      }
    case .shard(let bytes, let next) where next < bytes.count:
      let end = Swift.min(next + SnapshotFormat.shardPieceBytes(store.limits), bytes.count)
      add(.shard(Array(bytes[next..<end])))
      stage = .shard(bytes, next: end)
    case .shard:
      add(.trailer(checksum: checksum.value))
      stage = .finished
    case .finished:
      return false
    }
    return true
  }

  private mutating func add(_ frame: SnapshotFrame) {
    let bytes = frame.encoded()
    checksum.combine(SnapshotFormat.frameHash(bytes))
    var length = ByteWriter(capacity: 8)
    length.varint(UInt64(bytes.count))
    pending.append(contentsOf: length.result)
    pending.append(contentsOf: bytes)
  }
}

extension Store {
  /// The store's state of this moment as a sequence of chunks of a size in bytes; see ``SnapshotWriter``.
  public func snapshot(chunkBytes: Int = 256 << 10) -> SnapshotWriter { SnapshotWriter(self, chunkBytes: chunkBytes) }
}
