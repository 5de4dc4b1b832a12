import Raft
import Server
import Storage

/// Damage to what is stored, and how recovery finds it.
extension DiskContents {
  /// Flips one bit of one stored thing; which one, or nil when there is nothing to damage.
  mutating func damageAnything(_ random: inout RandomSource) -> StoredRecord? {
    guard identity != nil else { return nil }
    var records: [StoredRecord] = [.hardState, .snapshotDescription]
    if snapshot?.isEmpty == false { records.append(.snapshot) }
    if !entries.isEmpty {
      let place = Int(random.next(below: UInt64(entries.count)))
      records.append(.entry(base + place + 1))
    }
    let record = records[Int(random.next(below: UInt64(records.count)))]
    damage(record, &random)
    return record
  }

  /// Flips one bit of a record that is there, and keeps the checksum that was stored with it.
  mutating func damage(_ record: StoredRecord, _ random: inout RandomSource) {
    if !suspects.contains(where: { $0.record == record }) {
      suspects.append(Suspect(record: record, checksum: checksum(of: record)))
    }
    switch record {
    case .hardState: hardState.flipBit(&random)
    case .snapshotDescription: description.flipBit(&random)
    case .snapshot: snapshot?.flipBit(&random)
    case .entry(let index): entries[place(of: index)].flipBit(&random)
    }
  }

  /// What the checksum of a record's present content is.
  func checksum(of record: StoredRecord) -> UInt64 {
    var checksum = RecordChecksum()
    switch record {
    case .hardState: checksum.add(hardState)
    case .snapshotDescription: checksum.add(description)
    case .snapshot: checksum.add(snapshot ?? [])
    case .entry(let index): checksum.add(entries[place(of: index)])
    }
    return checksum.value
  }

  /// Whether something that is stored is not what was written.
  var isDamaged: Bool { suspects.contains { checksum(of: $0.record) != $0.checksum } }

  private func length(of record: StoredRecord) -> Int {
    switch record {
    case .hardState: 24
    case .snapshotDescription: 96
    case .snapshot: snapshot?.count ?? 0
    case .entry(let index): entries[place(of: index)].cost
    }
  }

  private func place(of index: LogIndex) -> Int { index - base - 1 }

  /// Reads the disk for a start: a torn record at the end is discarded, a damaged one refused; whether one was torn.
  mutating func recover() throws(StorageRefusal) -> Bool {
    for suspect in suspects {
      let computed = checksum(of: suspect.record)
      // A bit that was flipped leaves the length alone: all of the record is there.
      let length = length(of: suspect.record)
      let condition = RecordCondition(
        length: length, present: length, isLast: false, checksum: suspect.checksum, computed: computed)
      if condition != .intact {
        throw .recordDamaged(suspect.record, checksum: suspect.checksum, computed: computed)
      }
    }
    guard let torn else { return false }
    let condition = RecordCondition(length: torn.length, present: torn.present, isLast: true, checksum: 0, computed: 0)
    precondition(condition == .torn, "a record of \(torn.length) bytes is torn though all of it is there")
    self.torn = nil
    return true
  }

  /// What ``DiskDefect/dropsDamage`` makes of the disk: what is damaged is gone, and so is everything behind it.
  mutating func dropDamage(bootstrap: Configuration) {
    let damaged = suspects.filter { checksum(of: $0.record) != $0.checksum }.map(\.record)
    suspects.removeAll()
    if damaged.contains(.snapshot) || damaged.contains(.snapshotDescription) {
      self = DiskContents(DurableState(bootstrap: bootstrap), identity: identity)
      return
    }
    for case .entry(let index) in damaged where place(of: index) < entries.count {
      entries.removeSubrange(place(of: index)...)
    }
    // What is left of the hard states is the one that came with the last entry, before any vote.
    if damaged.contains(.hardState) { hardState = HardState(term: entries.last?.term ?? description.last.term) }
  }
}

// MARK: Bits

/// Numbers are damaged in their low bits: those are believed most easily by a recovery that does not look at checksums.
extension UInt64 {
  fileprivate mutating func flipLowBit(_ random: inout RandomSource) { self ^= 1 << random.next(below: 6) }
}

extension NodeID {
  fileprivate mutating func flipLowBit(_ random: inout RandomSource) { rawValue ^= 1 << UInt32(random.next(below: 3)) }
}

extension [UInt8] {
  fileprivate mutating func flipBit(_ random: inout RandomSource) {
    let bit = Int(random.next(below: UInt64(count) * 8))
    self[bit / 8] ^= 1 << UInt8(bit % 8)
  }
}

extension Entry {
  fileprivate mutating func flipBit(_ random: inout RandomSource) {
    if case .command(var bytes) = payload, !bytes.isEmpty, random.nextBool(probability: 0.75) {
      bytes.flipBit(&random)
      payload = .command(bytes)
    } else {
      term.rawValue.flipLowBit(&random)
    }
  }
}

extension HardState {
  fileprivate mutating func flipBit(_ random: inout RandomSource) {
    switch random.next(below: 3) {
    case 0: term.rawValue.flipLowBit(&random)
    case 1: commit.rawValue.flipLowBit(&random)
    default:
      if vote == nil { vote = NodeID(0) } else { vote?.flipLowBit(&random) }
    }
  }
}

extension SnapshotDescription {
  fileprivate mutating func flipBit(_ random: inout RandomSource) {
    let isPlain = !configuration.isJoint && !configuration.voters.isEmpty
    switch random.next(below: isPlain ? 3 : 2) {
    case 0: last.index.rawValue.flipLowBit(&random)
    case 1: last.term.rawValue.flipLowBit(&random)
    default:
      var voters = configuration.voters
      voters[Int(random.next(below: UInt64(voters.count)))].flipLowBit(&random)
      configuration = Configuration(voters: voters, learners: configuration.learners)
    }
  }
}
