extension NodeFault: CustomStringConvertible {
  /// The value as a sentence.
  public var description: String {
    switch self {
    case .acknowledgedEntriesLost(let commit, let last):
      "told to commit \(commit), which was acknowledged here, but the log ends at \(last)"
    case .committedEntryContradicted(let index, let held, let received):
      "the committed entry of term \(held) at \(index) was to be replaced by one of term \(received)"
    case .twoLeaders(let term, let first, let second):
      "\(first) and \(second) both lead term \(term)"
    case .durableWriteFailed(let sequence):
      "a durable write after number \(sequence.rawValue) failed"
    }
  }
}

extension RecoveryRefusal: CustomStringConvertible {
  /// The value as a sentence.
  public var description: String {
    switch self {
    case .identifierTooLarge(let node):
      "\(node) is beyond the largest identifier, \(NodeID.largest)"
    case .commitBeyondLog(let commit, let last):
      "the log ends at \(last), though \(commit) was committed"
    case .entryBeyondTerm(let last, let term):
      "the log ends at \(last), which is beyond the stored term \(term)"
    }
  }
}
