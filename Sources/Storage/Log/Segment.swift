import Raft

/// A segment that is part of the log.
struct Segment: Hashable, Sendable {
  /// Its number, which its name repeats.
  var number: UInt64
  /// How many sectors it has.
  var sectors: Int
  /// The highest index of an entry in it that is still part of the log.
  var highest = LogIndex.zero
}

/// What a batch does to the segments before it.
struct BatchEffect {
  /// The first index from which on entries of earlier batches are cut; nil when none is.
  private var cut: LogIndex?
  /// Whether everything before the batch is no longer part of the log.
  private var replacesAll = false
  /// The highest index of an entry in the batch that is still part of the log.
  private var highest = LogIndex.zero

  /// Notes that the log is cut before `first` and ends with `end` then.
  mutating func note(first: LogIndex, end: LogIndex) {
    cut = min(cut ?? first, first)
    highest = max(min(highest, first.previous), first <= end ? end : .zero)
  }

  /// Notes that a snapshot takes the place of all entries before it.
  mutating func noteReplacement() {
    replacesAll = true
    highest = .zero
  }

  /// Applies the batch, which is in the last of the segments.
  func apply(to segments: inout [Segment]) {
    for place in segments.indices {
      if replacesAll {
        segments[place].highest = .zero
      } else if let cut {
        segments[place].highest = min(segments[place].highest, cut.previous)
      }
    }
    segments[segments.count - 1].highest = max(segments[segments.count - 1].highest, highest)
  }
}
