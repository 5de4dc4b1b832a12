import Raft

@testable import Storage

/// A member that writes at random, and knows what its storage may hold after a crash.
struct Member {
  static let identity = StorageIdentity(cluster: ClusterID(high: 7, low: 9), node: NodeID(1), incarnation: 3)
  static let settings = {
    var settings = StorageSettings()
    settings.segmentBytes = 8 * 1024
    settings.reserveBytes = 0
    settings.snapshotChunkBytes = 1024
    return settings
  }()

  let log: WriteAheadLog<TestFiles>
  /// What was appended, applied in order.
  var model: Model
  /// The states that a start may find: the last one that was reported, and those behind it.
  var possible: [Model]
  var sequence: UInt64 = 0
  var saves: [SnapshotSave] = []
  /// The index from which on the member may not write while a snapshot that replaces its log is being installed.
  var isInstalling = false
  var random: RandomSource

  init(_ log: WriteAheadLog<TestFiles>, _ model: Model, _ random: RandomSource) {
    self.log = log
    self.model = model
    possible = [model]
    self.random = random
  }

  /// A few random requests, and one flush; throws what the log throws.
  mutating func step() throws(StorageError) {
    for _ in 0...random.next(below: 3) { try request() }
    try flush()
    _ = try log.maintain()
  }

  mutating func flush() throws(StorageError) {
    if possible.last != model { possible.append(model) }
    let written = model
    if let save = saves.first { possible.append(with(save)) }
    let flushed = try log.flush()
    guard flushed.through == WriteSequence(sequence) else { fatalError("a flush says less than was appended") }
    if let save = flushed.snapshot {
      guard save.description == saves.removeFirst().description else { fatalError("a snapshot out of order") }
      model.take(save)
      isInstalling = isInstalling && !save.replacesLog
      possible = [model]
    } else {
      possible = [written]
    }
  }

  private func with(_ save: SnapshotSave) -> Model {
    var model = model
    model.take(save)
    return model
  }

  private mutating func request() throws(StorageError) {
    switch random.next(below: 12) {
    case 0...4: if !isInstalling { try write(from: model.end.next, count: 1 + Int(random.next(below: 4))) }
    case 5...6:
      // Another leader's entries take the place of what is not committed.
      let floor = max(model.snapshot.last.index, model.hardState.commit)
      guard !isInstalling, saves.isEmpty, model.end > floor else { return }
      model.hardState.term = model.hardState.term.next
      let first = floor + 1 + Int(random.next(below: UInt64(model.end - floor)))
      try write(from: first, count: Int(random.next(below: 4)), hardState: true)
    case 7...8:
      model.hardState.vote = random.nextBool(probability: 0.3) ? nil : NodeID(UInt32(random.next(below: 3)))
      try write(from: model.end.next, count: 0, hardState: true)
    case 9:
      if !isInstalling { model.hardState.commit = model.end }
      try write(from: model.end.next, count: 0, hardState: true)
    case 10:
      guard saves.isEmpty, model.end > model.snapshot.last.index else { return }
      let place = random.next(below: UInt64(model.end - model.snapshot.last.index))
      try save(at: model.snapshot.last.index + 1 + Int(place), replacesLog: false)
    default:
      guard saves.isEmpty, random.nextBool(probability: 0.3) else { return }
      isInstalling = true
      try save(at: model.end + 1 + Int(random.next(below: 9)), replacesLog: true)
    }
  }

  private mutating func write(from first: LogIndex, count: Int, hardState: Bool = false) throws(StorageError) {
    var entries: [Entry] = []
    for _ in 0..<count {
      let length = Int(random.next(below: random.nextBool(probability: 0.1) ? 1500 : 60))
      let term = model.hardState.term
      switch random.next(below: 8) {
      case 0: entries.append(Entry(term: term, payload: .empty))
      case 1:
        let change = ConfigurationChange([.addLearner(NodeID(9)), .remove(NodeID(2))], transition: .jointThenLeave)
        entries.append(Entry(term: term, payload: .configuration(change)))
      default:
        let bytes = (0..<length).map { _ in random.nextBool(probability: 0.5) ? 0 : UInt8(random.next() & 0xFF) }
        entries.append(Entry(term: term, payload: .command(bytes)))
      }
    }
    sequence += 1
    let write = Write(
      sequence: WriteSequence(sequence), hardState: hardState ? model.hardState : nil, firstIndex: first,
      entries: entries[...])
    try log.append(write)
    model.take(write)
  }

  private mutating func save(at index: LogIndex, replacesLog: Bool) throws(StorageError) {
    // Some take several flushes.
    let most: UInt64 = random.nextBool(probability: 0.1) ? 100_000 : 3000
    let bytes = [UInt8](repeating: UInt8(index.rawValue & 0xFF), count: Int(random.next(below: most)))
    let voters = [NodeID(0), NodeID(UInt32(index.rawValue & 0xFF))]
    let save = SnapshotSave(
      description: SnapshotDescription(
        last: LogPosition(index: index, term: model.hardState.term), configuration: Configuration(voters: voters)),
      bytes: bytes, replacesLog: replacesLog)
    saves.append(save)
    try log.append(save)
  }
}

extension Member {
  /// A storage that was just set up.
  static func setUp(_ files: TestFiles) throws(StorageError) -> TestFiles {
    var files = files
    try WriteAheadLog<TestFiles>.setUp(
      in: &files, identity: identity, bootstrap: Model.bootstrap, settings: settings)
    return files
  }

  /// Opens a storage, and what it holds.
  static func open(
    _ files: TestFiles
  ) throws(StorageError) -> (log: WriteAheadLog<TestFiles>, recovered: RecoveredStorage) {
    try WriteAheadLog<TestFiles>.open(files, identity: identity, settings: settings)
  }

  /// Opens a storage and goes on with what it holds.
  static func start(_ files: TestFiles, _ random: RandomSource) throws(StorageError) -> Member {
    let (log, recovered) = try open(files)
    return Member(log, Model(recovered), random)
  }
}
