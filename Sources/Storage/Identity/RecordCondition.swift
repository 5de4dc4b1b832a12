/// How recovery finds a record, which decides what becomes of it.
///
/// A record says how long it is, and its header has a checksum of its own, so that a damaged length is damage and
/// nothing else. A loss of power cuts off what was being written: the last record is then *torn*, shorter than it says.
/// Nobody was told that it is durable, so it is discarded. A record that has its full length and a wrong checksum is
/// *damaged*: it was complete once and may have been acknowledged. So may a short record with another one behind it, as
/// records are written in order. To drop either would break a promise: the start is refused (trap 34).
public enum RecordCondition: Hashable, Sendable {
  /// As it was written.
  case intact
  /// Cut off at the very end; to be discarded.
  case torn
  /// Changed after it was written; to be refused.
  case damaged

  /// Classifies a record of which `present` of its `length` bytes are there.
  public init(
    length: Int, present: Int, isLast: Bool, checksum: UInt64, computed: @autoclosure () -> UInt64
  ) {
    if present < length {
      self = isLast ? .torn : .damaged
    } else {
      self = computed() == checksum ? .intact : .damaged
    }
  }
}
