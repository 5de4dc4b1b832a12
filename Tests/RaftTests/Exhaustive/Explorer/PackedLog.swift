@testable import Raft

/// Up to eight entries in one word, one byte each: three bits of term, five of payload.
struct PackedLog: Hashable {
  private(set) var bytes: UInt64 = 0
  private(set) var count = 0

  init() {}

  init(_ entries: some Collection<Entry>, changes: [ConfigurationChange]) {
    precondition(entries.count <= 8, "a log of \(entries.count) entries")
    for entry in entries {
      let payload: UInt64
      switch entry.payload {
      case .empty: payload = 0
      case .command(let command): payload = UInt64(command[0])
      case .configuration(.leaveJoint): payload = 31
      case .configuration(let change): payload = UInt64(16 + (changes.firstIndex(of: change) ?? 14))
      }
      bytes |= (entry.term.rawValue << 5 | payload) << UInt64(8 * count)
      count += 1
    }
  }

  func prefix(_ length: Int) -> PackedLog {
    var result = self
    result.count = min(length, count)
    result.bytes &= PackedLog.mask(result.count)
    return result
  }

  func hasPrefix(_ other: PackedLog) -> Bool {
    count >= other.count && (bytes ^ other.bytes) & PackedLog.mask(other.count) == 0
  }

  /// Log matching: where two logs agree on an index and its term, they agree on all entries up to it.
  func matches(_ other: PackedLog) -> Bool {
    let shorter = min(count, other.count)
    var difference = (bytes ^ other.bytes) & PackedLog.mask(shorter)
    if difference == 0 { return true }
    let first = difference.trailingZeroBitCount / 8
    difference >>= UInt64(8 * first)
    for _ in first..<shorter {
      if difference & 0xE0 == 0 { return false }
      difference >>= 8
    }
    return true
  }

  private static func mask(_ count: Int) -> UInt64 { count == 8 ? .max : 1 << UInt64(8 * count) - 1 }
}
