import NIOCore
import Raft
import Server
import Wire

extension ByteBuffer {
  /// Appends the frame of a message, whose size was asked for before: one reservation and plain stores.
  @inline(__always)
  mutating func writeMessage(_ envelope: Envelope, size: Int) {
    writeWithUnsafeMutableBytes(minimumWritableBytes: size) {
      FrameEncoder.write(envelope, group: .first, to: $0)
    }
  }

  /// Appends a frame of any kind.
  @inline(__always)
  mutating func writeFrame(_ frame: Frame) {
    writeWithUnsafeMutableBytes(minimumWritableBytes: FrameEncoder.size(of: frame)) {
      FrameEncoder.write(frame, group: .first, to: $0)
    }
  }
}
