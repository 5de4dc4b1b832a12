import Raft

/// Batches and segments.
extension WriteAheadLog {
  /// Writes what was appended as one batch, once, and waits until it is durable.
  func writeBatch() throws(StorageError) {
    guard !buffer.isEmpty else { return }
    let sectors = buffer.sectors
    if place + sectors > segments[segments.count - 1].sectors { try startSegment(for: sectors) }
    let bytes = buffer.seal(batch: nextBatch, at: place)
    try files.writeAll(bytes, to: current, at: place * Sector.bytes)
    try files.synchronize(current)
    place += sectors
    lastBatch = nextBatch
    nextBatch += 1
    effect.apply(to: &segments)
    effect = BatchEffect()
    durable = image
    buffer.removeAll()
  }

  /// Starts the next segment, with room for a batch of `sectors` at least.
  private func startSegment(for sectors: Int) throws(StorageError) {
    let usual = settings.segmentBytes / Sector.bytes
    let header = SegmentHeader(
      number: segments[segments.count - 1].number + 1, sectors: max(usual, 1 + sectors), lastBatch: lastBatch,
      identity: identity, image: durable)
    let spare = header.sectors == usual ? spares.popLast() : nil
    current = try header.create(from: spare, in: &files)
    segments.append(Segment(number: header.number, sectors: header.sectors))
    place = 1
  }

  /// Removes the segments that a snapshot covers, oldest first, or sets them aside.
  func retireSegments() throws(StorageError) {
    var retired = 0
    while retired < segments.count - 1, segments[retired].highest <= durable.snapshot.last.index {
      let segment = segments[retired]
      let name = SegmentHeader.name(segment.number)
      if spares.count < settings.spareSegments, segment.sectors == settings.segmentBytes / Sector.bytes {
        let spare = FileName.spare + hex(nextSpare, digits: 16)
        nextSpare += 1
        try files.rename(name, to: spare)
        spares.append(spare)
      } else {
        try files.remove(name)
      }
      // In order, one by one: a loss of power must never leave a gap in the numbers.
      try files.synchronizeDirectory()
      retired += 1
    }
    segments.removeFirst(retired)
  }

  /// Sets a segment aside unless there is one, if the reserve allows it.
  func prepareSpare() throws(StorageError) -> StorageSpace {
    let available = try files.availableBytes()
    if spares.isEmpty, settings.spareSegments > 0 {
      guard available >= settings.segmentBytes + settings.reserveBytes else { return .nearlyFull }
      let name = FileName.spare + hex(nextSpare, digits: 16)
      nextSpare += 1
      let file = try files.create(name)
      do throws(StorageError) {
        try files.allocate(settings.segmentBytes, for: file)
      } catch {
        // Nothing was torn: the log goes on in the segment that it has.
        guard case .file(let failure) = error, failure.reason == .full else { throw error }
        try files.remove(name)
        return .nearlyFull
      }
      try files.synchronize(file)
      spares.append(name)
      return .ample
    }
    return available >= settings.reserveBytes ? .ample : .nearlyFull
  }
}

extension SegmentHeader {
  /// Makes the segment, out of a file that was set aside if there is one, and gives it its name last.
  func create<Files: FileSystem>(from spare: String?, in files: inout Files) throws(StorageError) -> Files.File {
    let bytes = sectors * Sector.bytes
    let file: Files.File
    if let spare {
      file = try files.open(spare, .write)
    } else {
      file = try files.create(FileName.unfinishedSegment)
      do throws(StorageError) {
        try files.allocate(bytes, for: file)
      } catch {
        guard case .file(let failure) = error, failure.reason == .full else { throw error }
        try? files.remove(FileName.unfinishedSegment)
        throw .full(needed: bytes, available: try files.availableBytes())
      }
    }
    try files.writeAll(self.bytes, to: file, at: 0)
    try files.synchronize(file)
    try files.rename(spare ?? FileName.unfinishedSegment, to: name)
    try files.synchronizeDirectory()
    return file
  }
}
