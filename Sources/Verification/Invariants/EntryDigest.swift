import Raft

extension Entry {
  /// A 64-bit digest of what the entry carries; the term is not part of it.
  var payloadDigest: UInt64 {
    switch payload {
    case .empty: return 1
    case .command(let bytes): return ByteInterner.hash(bytes)
    case .configuration(let change):
      var digest = RandomSource.mix(2)
      func add(_ word: UInt64) { digest = RandomSource.mix(digest ^ word &* 0x9E37_79B9_7F4A_7C15) }
      switch change.transition {
      case .automatic: add(1)
      case .jointThenLeave: add(2)
      case .jointUntilTold: add(3)
      }
      for step in change.steps {
        switch step {
        case .addVoter(let node): add(1 << 32 | UInt64(node.rawValue))
        case .addLearner(let node): add(2 << 32 | UInt64(node.rawValue))
        case .remove(let node): add(3 << 32 | UInt64(node.rawValue))
        }
      }
      return digest
    }
  }
}
