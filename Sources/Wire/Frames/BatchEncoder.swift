import Raft

/// Encodes messages of which several carry the same entries: those are encoded twice at most, and copied as one piece for
/// every further message.
///
/// A leader hands the same array of entries to all followers that need them, and to their secretaries. The encoder holds
/// on to the array it saw last, so that no other can take its place in memory, and recognises it by that. The second
/// message shows that there are several, so that its section is kept for those that follow.
public struct BatchEncoder: Sendable {
  private var entries: [Entry] = []
  private var sectionSize = EntriesSection.headSize
  /// The section of `entries`, once a second message carried them; empty before.
  private var section: [UInt8] = []
  /// Whether `entries` were written since they were noted.
  private var isWritten = false

  /// The most memory that is kept from batch to batch.
  private static let keptCapacity = 1 << 20

  /// Makes an encoder that has seen nothing.
  public init() {}

  /// The bytes of the frame that carries a message, header included.
  public mutating func size(of envelope: Envelope) -> Int {
    let size = FrameHeader.size + Envelope.headSize + envelope.message.fieldsSize
    guard let carried = envelope.message.entries else { return size }
    if carried.isEmpty { return size + EntriesSection.headSize }
    if !isKnown(carried) { note(carried) }
    return size + sectionSize
  }

  /// Writes the frame that carries a message, and returns its size.
  @discardableResult
  public mutating func write(
    _ envelope: Envelope, group: GroupID, to buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let carried = envelope.message.entries, !carried.isEmpty else {
      return FrameEncoder.write(envelope, group: group, to: buffer)
    }
    if !isKnown(carried) { note(carried) }
    var writer = WireWriter(buffer)
    FrameEncoder.writeHead(
      of: envelope, fieldsSize: envelope.message.fieldsSize + sectionSize, group: group, to: &writer)
    if section.isEmpty {
      let start = writer.offset
      EntriesSection.write(carried, size: sectionSize, to: &writer)
      if isWritten { section.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[start..<writer.offset])) }
      isWritten = true
    } else {
      writer.raw(section)
    }
    return writer.offset
  }

  /// Lets go of the entries seen last, which are held otherwise for as long as no others come.
  public mutating func forget() { note([]) }

  private func isKnown(_ carried: [Entry]) -> Bool {
    carried.count == entries.count
      && carried.withUnsafeBufferPointer { carried in
        entries.withUnsafeBufferPointer { carried.baseAddress == $0.baseAddress }
      }
  }

  private mutating func note(_ carried: [Entry]) {
    entries = carried
    sectionSize = EntriesSection.size(of: carried)
    section.removeAll(keepingCapacity: section.capacity <= BatchEncoder.keptCapacity)
    isWritten = false
  }
}
