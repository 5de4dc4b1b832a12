/// The voters of one configuration as slots, for counting without looking anything up.
///
/// In a joint configuration every decision needs both halves (Raft thesis, 4.3).
struct Quorum: Sendable {
  private(set) var incoming: ContiguousArray<Int> = []
  private(set) var outgoing: ContiguousArray<Int> = []
  private var scratch: ContiguousArray<UInt64> = []
  #if Mutants
    /// Whether half of the voters count as a majority (``Mutant/commitsOnHalf``).
    var takesHalfForMajority = false
  #endif

  /// How a vote stands.
  enum Outcome: Sendable { case won, lost, pending }

  init(_ configuration: Configuration) {
    incoming = ContiguousArray(configuration.voters.map(\.slot))
    outgoing = ContiguousArray(configuration.outgoing.map(\.slot))
    scratch.reserveCapacity(max(incoming.count, outgoing.count))
  }

  var isJoint: Bool { !outgoing.isEmpty }

  /// How many of the incoming voters make a majority.
  var majority: Int { incoming.count / 2 + 1 }

  /// The largest value that a quorum has reached, given every voter's value: the commit index of match indices, the
  /// confirmed round of acknowledged rounds, the last contact of times of contact.
  mutating func reached(_ value: (Int) -> UInt64) -> UInt64 {
    let first = reached(incoming, value)
    return isJoint ? min(first, reached(outgoing, value)) : first
  }

  private mutating func reached(_ voters: ContiguousArray<Int>, _ value: (Int) -> UInt64) -> UInt64 {
    #if Mutants
      if takesHalfForMajority, !voters.isEmpty {
        scratch.removeAll(keepingCapacity: true)
        for slot in voters { scratch.append(value(slot)) }
        return scratch.select(rank: voters.count / 2)
      }
    #endif
    // An empty half agrees with everything; only a node that knows no configuration at all sees one.
    guard !voters.isEmpty else { return .max }
    scratch.removeAll(keepingCapacity: true)
    for slot in voters { scratch.append(value(slot)) }
    return scratch.select(rank: (voters.count - 1) / 2)
  }

  /// How a vote stands, given each voter's ballot.
  func outcome(_ ballot: (Int) -> Ballot) -> Outcome {
    let first = outcome(incoming, ballot)
    if !isJoint || first == .lost { return first }
    let second = outcome(outgoing, ballot)
    if second == .lost { return .lost }
    return first == .won && second == .won ? .won : .pending
  }

  private func outcome(_ voters: ContiguousArray<Int>, _ ballot: (Int) -> Ballot) -> Outcome {
    var granted = 0
    var missing = 0
    for slot in voters {
      switch ballot(slot) {
      case .granted: granted += 1
      case .missing: missing += 1
      case .refused: break
      }
    }
    let majority = voters.count / 2 + 1
    if voters.isEmpty || granted >= majority { return .won }
    return granted + missing >= majority ? .pending : .lost
  }
}

/// What a voter answered to a candidate.
enum Ballot: UInt8, Sendable { case missing, granted, refused }

extension ContiguousArray<UInt64> {
  /// The element that would stand at `rank` if the array were sorted upwards; reorders the array.
  fileprivate mutating func select(rank: Int) -> UInt64 {
    var low = 0
    var high = count - 1
    while high - low > 16 {
      let pivot = self[low + (high - low) / 2]
      var left = low
      var right = high
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right { high = right } else if rank >= left { low = left } else { return self[rank] }
    }
    var place = low + 1
    while place <= high {
      let value = self[place]
      var hole = place
      while hole > low && self[hole - 1] > value {
        self[hole] = self[hole - 1]
        hole -= 1
      }
      self[hole] = value
      place += 1
    }
    return self[rank]
  }
}
