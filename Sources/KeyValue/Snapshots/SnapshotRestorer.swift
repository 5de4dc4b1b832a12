import Raft

/// Builds a store from the chunks of a snapshot, cut anywhere. It believes nothing that it has not checked.
///
/// The store it builds is a new one: the caller's own state stays as it is until ``finish()`` has succeeded. After
/// an error the restorer repeats that error. It holds at most one frame and one chunk beside the new store.
public struct SnapshotRestorer: Sendable {
  private enum Stage: Sendable {
    case preamble
    case header
    case contents
    case finished
  }

  private let limits: StoreLimits
  private var stage = Stage.preamble
  private var store: Store
  private var keysLeft: UInt64 = 0
  private var sessionsLeft: UInt64 = 0
  private var lastKey: Key?
  private var lastUse = LogIndex.zero
  private var shardBytes: [UInt8] = []
  private var checksum = StableHash(seed: SnapshotFormat.checksumSeed)
  private var failure: SnapshotError?
  private var pending: [UInt8] = []
  /// How many bytes of `pending` are used up, and how many went before them.
  private var start = 0
  private var offset = 0

  /// Begins to restore a store with these limits.
  public init(limits: StoreLimits = StoreLimits()) {
    self.limits = limits
    store = Store(limits: limits)
  }

  /// Takes the next bytes of the snapshot.
  public mutating func consume(_ chunk: [UInt8]) throws(SnapshotError) {
    if let failure { throw failure }
    pending.append(contentsOf: chunk)
    do {
      while try step() {}
    } catch {
      failure = error
      pending = []
      throw error
    }
    pending.removeFirst(start)
    offset += start
    start = 0
  }

  /// The restored store, once the whole snapshot was taken in and found intact.
  public func finish() throws(SnapshotError) -> Store {
    if let failure { throw failure }
    guard case .finished = stage else { throw .incomplete(bytes: offset + pending.count) }
    return store
  }

  /// Uses up the next part of the pending bytes; false when more bytes are needed.
  private mutating func step() throws(SnapshotError) -> Bool {
    switch stage {
    case .preamble:
      return try takePreamble()
    case .finished:
      if start < pending.count { throw .trailingBytes(offset: offset + start) }
      return false
    case .header, .contents:
      guard let range = try nextFrame() else { return false }
      let position = offset + start
      let bytes = Array(pending[range])
      let frame: SnapshotFrame
      do {
        frame = try SnapshotFrame(decoding: bytes)
      } catch {
        throw .malformed(error, offset: position)
      }
      try take(frame, at: position)
      checksum.combine(SnapshotFormat.frameHash(bytes))
      start = range.upperBound
      return true
    }
  }

  private mutating func takePreamble() throws(SnapshotError) -> Bool {
    let magic = SnapshotFormat.magic
    guard zip(pending, magic).allSatisfy(==) else { throw .notASnapshot }
    guard pending.count > magic.count else { return false }
    guard pending[magic.count] == SnapshotFormat.version else { throw .unknownVersion(pending[magic.count]) }
    start = magic.count + 1
    stage = .header
    return true
  }

  /// Where the next frame's bytes are; nil when they are not all there.
  private func nextFrame() throws(SnapshotError) -> Range<Int>? {
    var reader = ByteReader(pending, in: start..<pending.count)
    let length: UInt64
    do {
      length = try reader.varint()
    } catch .truncated {
      return nil
    } catch {
      throw .malformed(error, offset: offset + start)
    }
    guard length <= SnapshotFormat.largestFrame(limits) else {
      throw .frameTooLong(length, offset: offset + start)
    }
    guard UInt64(reader.remaining) >= length else { return nil }
    return reader.offset..<reader.offset + Int(length)
  }

  private func restoredShard(at position: Int) throws(SnapshotError) -> Shard {
    do {
      return try Shard(decoding: shardBytes)
    } catch {
      throw .malformed(error, offset: position)
    }
  }

  private mutating func take(_ frame: SnapshotFrame, at position: Int) throws(SnapshotError) {
    switch (stage, frame) {
    case (.header, .header(let header)):
      guard header.limits == limits else { throw .otherLimits(header.limits) }
      keysLeft = header.keys
      sessionsLeft = header.sessions
      store = Store(limits: limits, appliedIndex: header.appliedIndex, watermark: header.watermark)
      stage = .contents
    case (.contents, .entry(let key, let value)):
      guard keysLeft > 0 else { throw .wrongCount(offset: position) }
      keysLeft -= 1
      if let lastKey, key <= lastKey { throw .wrongOrder(offset: position) }
      guard key.bytes.count <= limits.keyBytes, value.count <= limits.valueBytes else {
        throw .frameTooLong(UInt64(key.bytes.count + value.count), offset: position)
      }
      lastKey = key
      store.set(key, value)
    case (.contents, .session(let session)):
      guard keysLeft == 0, sessionsLeft > 0, store.sessionCount < limits.sessions else {
        throw .wrongCount(offset: position)
      }
      sessionsLeft -= 1
      guard
        session.lastUse >= lastUse, session.lastUse <= store.appliedIndex, session.client != .sessionless,
        store.sessions.session(of: session.client) == nil
      else {
        throw .wrongOrder(offset: position)
      }
      lastUse = session.lastUse
      store.sessions.remember(session.client, session.sequence, session.result, at: session.lastUse)
    case (.contents, .shard(let piece)):
      guard keysLeft == 0, sessionsLeft == 0 else { throw .wrongOrder(offset: position) }
      shardBytes.append(contentsOf: piece)
    case (.contents, .trailer(let expected)):
      guard keysLeft == 0, sessionsLeft == 0 else { throw .wrongCount(offset: position) }
      guard expected == checksum.value else { throw .checksumMismatch }
      if !shardBytes.isEmpty { store.shard = try restoredShard(at: position) }
      stage = .finished
    default:
      throw .wrongOrder(offset: position)
    }
  }
}
