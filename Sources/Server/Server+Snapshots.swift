import KeyValue
import Raft
import Storage

/// A snapshot from the leader, restored as its chunks arrive.
struct ArrivingSnapshot: Sendable {
  var description: SnapshotDescription
  /// What came so far: the bytes for the disk of a member, and how many an observer has taken in.
  var bytes: [UInt8] = []
  var received = 0
  var restorer: SnapshotRestorer
  var restored: Store?
}

/// Snapshots: taking them, giving them to members that lag, and restoring what the leader sends (thesis, 5).
extension Server {
  static func restore(_ chunks: [[UInt8]], limits: StoreLimits) throws(ServerRefusal) -> Store {
    do {
      var restorer = SnapshotRestorer(limits: limits)
      for chunk in chunks { try restorer.consume(chunk) }
      return try restorer.finish()
    } catch {
      throw .snapshotCorrupt(error)
    }
  }

  mutating func takeSnapshotIfDue() {
    guard settings.snapshotEvery > 0, node.appliedIndex - node.snapshot.last.index >= settings.snapshotEvery else {
      return
    }
    _ = takeSnapshot()
  }

  /// Takes a snapshot now, whenever the next one is due; false when there is nothing new, or one is under way.
  public mutating func takeSnapshot() -> Bool {
    guard node.fault == nil, !isSavingSnapshot, arriving == nil, node.appliedIndex > node.snapshot.last.index,
      let description = node.snapshotDescription
    else { return false }
    isSavingSnapshot = true
    var bytes: [UInt8] = []
    for chunk in store.snapshot() { bytes.append(contentsOf: chunk) }
    effects.snapshots.append(SnapshotSave(description: description, bytes: bytes, replacesLog: false))
    return true
  }

  /// Reports that a snapshot of `effects.snapshots` is durable.
  public mutating func snapshotSaved(_ save: SnapshotSave, at now: Instant) {
    guard node.fault == nil else { return }
    if save.replacesLog {
      guard let restored = arriving?.restored, arriving?.description == save.description else { return }
      store = restored
      arriving = nil
      keep(save)
      node.snapshotInstalled(save.description, at: now)
    } else {
      isSavingSnapshot = false
      guard save.description.last.index > node.snapshot.last.index else { return }
      keep(save)
      let last = save.description.last.index.rawValue
      let kept = UInt64(settings.keepEntries)
      node.compact(snapshotAt: save.description.last.index, keepingFrom: LogIndex(last > kept ? last - kept + 1 : 1))
    }
  }

  /// Keeps the newest snapshot, and the one before it for transfers that began with it.
  private mutating func keep(_ save: SnapshotSave) {
    snapshots.append(save)
    if snapshots.count > 2 { snapshots.removeFirst() }
  }

  mutating func supplySnapshotChunks(at now: Instant) {
    var requests = node.effects.snapshotChunkRequests
    node.effects.snapshotChunkRequests.removeAll(keepingCapacity: true)
    while let request = requests.popLast() {
      guard let save = snapshots.last(where: { $0.description.last.index == request.last }) else { continue }
      let start = min(request.offset, save.bytes.count)
      let end = min(save.bytes.count, start + request.limit)
      node.supplySnapshotChunk(
        request, bytes: Array(save.bytes[start..<end]), isLast: end == save.bytes.count, at: now)
    }
    effects.messages.append(contentsOf: node.effects.messages)
    node.effects.messages.removeAll(keepingCapacity: true)
  }

  mutating func stageSnapshotChunks(at now: Instant) {
    let chunks = node.effects.snapshotChunks
    node.effects.snapshotChunks.removeAll()
    for chunk in chunks { stage(chunk, at: now) }
  }

  private mutating func stage(_ chunk: InstallSnapshot, at now: Instant) {
    let description = chunk.snapshot.value
    if chunk.offset == 0 {
      arriving = ArrivingSnapshot(description: description, restorer: SnapshotRestorer(limits: settings.limits))
    }
    guard var snapshot = arriving, snapshot.description == description, snapshot.bytes.count == chunk.offset else {
      return
    }
    arriving = nil
    // The configuration that a joining node gets first comes without a state: at position zero there is none.
    let bytes = description.last == .zero ? Store(limits: settings.limits).snapshot().flatMap { $0 } : chunk.bytes
    do throws(SnapshotError) {
      try snapshot.restorer.consume(bytes)
      snapshot.bytes.append(contentsOf: bytes)
      if chunk.isLast { snapshot.restored = try snapshot.restorer.finish() }
    } catch {
      node.snapshotRefused(description, at: now)
      return
    }
    guard snapshot.bytes.count <= settings.maximumSnapshotBytes else {
      node.snapshotRefused(description, at: now)
      return
    }
    arriving = snapshot
    if chunk.isLast {
      effects.snapshots.append(SnapshotSave(description: description, bytes: snapshot.bytes, replacesLog: true))
    }
  }
}
