/// Finds the frames in a stream of bytes that comes in chunks of any size, without I/O.
///
/// ```swift
/// var cursor = 0
/// while let frame = try splitter.next(in: chunk, from: &cursor) { handle(frame) }
/// ```
///
/// A frame that lies in one chunk is given back where it lies; one that spans chunks is put together in a buffer of the
/// splitter, which grows with the bytes that really came and never with what a header claims.
public struct FrameSplitter: ~Copyable {
  /// What is taken; a host widens it when the other end has introduced itself.
  public var limits: FrameLimits
  /// The beginning of a frame of which the rest has not come.
  private var pending: UnsafeMutableRawBufferPointer
  private var pendingCount = 0
  /// Whether `pending` holds a frame that was given back, to be forgotten with the next call.
  private var isSpent = false
  private var failure: WireError?

  /// The most memory that is kept from frame to frame.
  private static let keptCapacity = 1 << 20

  /// Starts at the beginning of a stream.
  public init(limits: FrameLimits) {
    self.limits = limits
    pending = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  deinit { pending.deallocate() }

  /// The bytes that are held back because the frame that they begin is not whole.
  public var heldBytes: Int { isSpent ? 0 : pendingCount }

  /// The bytes of memory that the splitter holds.
  public var capacity: Int { pending.count }

  /// The next whole frame, valid until the next call; nil when all of `chunk` is consumed.
  ///
  /// Throws as soon as a header is seen that no peer sends, and the same error ever after.
  public mutating func next(
    in chunk: UnsafeRawBufferPointer, from cursor: inout Int
  ) throws(WireError) -> RawFrame? {
    if let failure { throw failure }
    if isSpent {
      isSpent = false
      pendingCount = 0
      // A rare large frame is not to hold its memory for as long as the connection lasts.
      if pending.count > FrameSplitter.keptCapacity { release() }
    }
    do {
      return pendingCount == 0 ? try takeWhole(in: chunk, from: &cursor) : try complete(in: chunk, from: &cursor)
    } catch {
      failure = error
      throw error
    }
  }

  /// Takes a frame that begins in the chunk.
  @inline(__always)
  private mutating func takeWhole(
    in chunk: UnsafeRawBufferPointer, from cursor: inout Int
  ) throws(WireError) -> RawFrame? {
    let rest = UnsafeRawBufferPointer(rebasing: chunk[cursor...])
    if rest.count >= FrameHeader.size {
      let header = try FrameHeader(reading: rest, limits: limits)
      let size = FrameHeader.size + header.bodySize
      if rest.count >= size {
        cursor += size
        return RawFrame(header: header, body: UnsafeRawBufferPointer(rebasing: rest[FrameHeader.size..<size]))
      }
    }
    hold(rest.count, of: chunk, from: &cursor)
    return nil
  }

  /// Takes a frame that began in an earlier chunk.
  private mutating func complete(
    in chunk: UnsafeRawBufferPointer, from cursor: inout Int
  ) throws(WireError) -> RawFrame? {
    if pendingCount < FrameHeader.size {
      hold(min(FrameHeader.size - pendingCount, chunk.count - cursor), of: chunk, from: &cursor)
      guard pendingCount >= FrameHeader.size else { return nil }
    }
    let header = try FrameHeader(reading: UnsafeRawBufferPointer(pending), limits: limits)
    let size = FrameHeader.size + header.bodySize
    hold(min(size - pendingCount, chunk.count - cursor), of: chunk, from: &cursor)
    guard pendingCount == size else { return nil }
    isSpent = true
    return RawFrame(header: header, body: UnsafeRawBufferPointer(rebasing: pending[FrameHeader.size..<size]))
  }

  private mutating func hold(_ count: Int, of chunk: UnsafeRawBufferPointer, from cursor: inout Int) {
    guard count > 0 else { return }
    if pendingCount + count > pending.count { grow(to: pendingCount + count) }
    (pending.baseAddress! + pendingCount).copyMemory(from: chunk.baseAddress! + cursor, byteCount: count)
    pendingCount += count
    cursor += count
  }

  private mutating func release() {
    pending.deallocate()
    pending = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  private mutating func grow(to count: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(256, 2 * pending.count, count), alignment: 16)
    if pendingCount > 0 { larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[..<pendingCount])) }
    pending.deallocate()
    pending = larger
  }
}
