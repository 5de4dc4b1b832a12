import Raft

/// The checksum that a simulated disk stores with a record.
///
/// Each word enters through a bijection of the state, so that two contents of one shape that differ in one word never
/// have the same checksum: no flipped bit goes unnoticed.
struct RecordChecksum {
  private(set) var value: UInt64 = 0x6572_6166_7463_6B73

  mutating func add(_ word: UInt64) { value = RandomSource.mix(value ^ word) &+ 0x9E37_79B9_7F4A_7C15 }

  mutating func add(_ bytes: [UInt8]) {
    add(UInt64(bytes.count))
    var start = 0
    while start < bytes.count {
      let end = min(start + 8, bytes.count)
      add(bytes[start..<end].reduce(0) { $0 << 8 | UInt64($1) })
      start = end
    }
  }

  mutating func add(_ state: HardState) {
    add(state.term.rawValue)
    add(state.vote.map { UInt64($0.rawValue) } ?? .max)
    add(state.commit.rawValue)
  }

  mutating func add(_ description: SnapshotDescription) {
    add(description.last.index.rawValue)
    add(description.last.term.rawValue)
    let configuration = description.configuration
    for list in [configuration.voters, configuration.outgoing, configuration.learners, configuration.learnersNext] {
      add(UInt64(list.count))
      for node in list { add(UInt64(node.rawValue)) }
    }
    add(configuration.leavesAutomatically ? 1 : 0)
  }

  mutating func add(_ entry: Entry) {
    add(entry.term.rawValue)
    switch entry.payload {
    case .empty: add(0)
    case .command(let bytes):
      add(1)
      add(bytes)
    case .configuration(let change):
      add(2)
      add(change)
    }
  }

  private mutating func add(_ change: ConfigurationChange) {
    switch change.transition {
    case .automatic: add(0)
    case .jointThenLeave: add(1)
    case .jointUntilTold: add(2)
    }
    for step in change.steps {
      switch step {
      case .addVoter(let node): add(1 << 32 | UInt64(node.rawValue))
      case .addLearner(let node): add(2 << 32 | UInt64(node.rawValue))
      case .remove(let node): add(3 << 32 | UInt64(node.rawValue))
      }
    }
  }
}
