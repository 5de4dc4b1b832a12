import Raft

@testable import Storage

/// What a storage should hold, without files.
struct Model: Hashable {
  var hardState = HardState()
  var snapshot = SnapshotDescription(last: .zero, configuration: Model.bootstrap)
  var bytes: [UInt8]?
  var entries: [Entry] = []

  static let bootstrap = Configuration(voters: [NodeID(0), NodeID(1), NodeID(2)])

  var end: LogIndex { snapshot.last.index + entries.count }

  mutating func take(_ write: Write) {
    if let state = write.hardState { hardState = state }
    guard write.firstIndex > snapshot.last.index, write.firstIndex <= end.next else { return }
    entries.removeSubrange((write.firstIndex.previous - snapshot.last.index)...)
    entries.append(contentsOf: write.entries)
  }

  mutating func take(_ save: SnapshotSave) {
    let covered = save.description.last.index - snapshot.last.index
    entries = save.replacesLog ? [] : Array(entries.dropFirst(covered))
    snapshot = save.description
    bytes = save.bytes
  }

  init() {}

  init(_ recovered: RecoveredStorage) {
    hardState = recovered.state.hardState
    snapshot = recovered.state.snapshot
    bytes = recovered.snapshot
    entries = recovered.state.entries
  }
}
