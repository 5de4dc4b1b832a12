import Raft

/// Snapshots: each in a file of its own, and a marker in the log that makes it count.
extension WriteAheadLog {
  /// Writes the next part of a snapshot; the snapshot once it is durable and counts.
  func advanceSnapshots() throws(StorageError) -> SnapshotSave? {
    if staging == nil {
      guard !waitingSnapshots.isEmpty else { return nil }
      staging = try SnapshotStaging(waitingSnapshots.removeFirst(), number: nextSnapshot, in: &files)
      nextSnapshot += 1
    }
    guard try staging!.advance(by: settings.snapshotChunkBytes, in: &files) else { return nil }
    let (save, reference) = (staging!.save, try staging!.finish(in: &files))
    staging = nil
    let replaced = image.snapshot.number
    guard image.take(reference, replacesLog: save.replacesLog) else {
      try files.remove(SnapshotFile.name(reference.number))
      return save
    }
    if image.end == reference.last.index { effect.noteReplacement() }
    buffer.put(reference, replacesLog: save.replacesLog)
    try writeBatch()
    // Only now: until the marker was durable, a start needed the old ones.
    try files.remove(SnapshotFile.name(replaced))
    try files.synchronizeDirectory()
    try retireSegments()
    return save
  }
}
