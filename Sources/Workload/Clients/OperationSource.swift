import KeyValue
import Raft

/// Draws operations: for each phase its kinds, keys and values.
struct OperationSource: Sendable {
  /// An operation's first step.
  struct Draft {
    var kind: OperationKind
    var operation: Operation
    var continuation: ClientSlot.Continuation
  }

  private struct Phase: Sendable {
    var mix: OperationMix
    var chooser: KeyChooser
    var value: ValueSize
  }

  private var phases: ContiguousArray<Phase>
  private var space: KeySpace
  private var random: RandomSource
  private let longestScan: Int

  init(_ phases: [LoadPhase], place: SitePlace, longestScan: Int, random: RandomSource) {
    self.phases = ContiguousArray(
      phases.map { Phase(mix: $0.mix, chooser: KeyChooser($0.keys, initial: $0.keyCount), value: $0.value) })
    space = KeySpace(place: place, firstInserted: phases.reduce(0) { max($0, $1.keyCount) })
    self.longestScan = longestScan
    self.random = random
  }

  /// Draws the next operation of a phase, to be sent by a client under a number.
  mutating func draw(phase: Int, client: ClientID, sequence: SequenceNumber) -> Draft {
    let kind = phases[phase].mix.draw(&random)
    if kind == .insert {
      let key = WorkloadKey.key(space.insert())
      let value = ValueMaker.value(client, sequence, size: phases[phase].value.draw(&random))
      return Draft(kind: kind, operation: .put(key, value), continuation: .none)
    }
    let position = phases[phase].chooser.position(in: space, &random)
    let key = key(at: position, phase: phase, kind: kind)
    var draft = Draft(kind: kind, operation: .get(key), continuation: .none)
    switch kind {
    case .read, .insert: break
    case .update:
      draft.operation = .put(key, ValueMaker.value(client, sequence, size: phases[phase].value.draw(&random)))
    case .readModifyWrite: draft.continuation = .put(size: phases[phase].value.draw(&random))
    case .compareAndSwap: draft.continuation = .swap(size: phases[phase].value.draw(&random))
    case .scan:
      let length = 1 + Int(random.next(below: UInt64(longestScan)))
      if length > 1 { draft.continuation = .scan(position: position, left: length - 1) }
    case .delete: draft.operation = .delete(key)
    case .increment: draft.operation = .increment(key, by: 1)
    case .append: draft.operation = .append(key, ValueMaker.mark(client, sequence))
    }
    return draft
  }

  /// The step after one that ended well; nil when the operation is complete.
  func next(
    after continuation: ClientSlot.Continuation, key: Key, result: OperationResult, phase: Int, kind: OperationKind,
    client: ClientID, sequence: SequenceNumber
  ) -> (operation: Operation, continuation: ClientSlot.Continuation)? {
    switch continuation {
    case .none:
      return nil
    case .put(let size):
      return (.put(key, ValueMaker.value(client, sequence, size: size)), .none)
    case .swap(let size):
      guard case .value(let found) = result else { return nil }
      let new = ValueMaker.value(client, sequence, size: size)
      return (.compareAndSwap(key, expected: found, new: new), .none)
    case .scan(let last, let left):
      let position = (last + 1) % space.count(initial: phases[phase].chooser.initial)
      let rest = left > 1 ? ClientSlot.Continuation.scan(position: position, left: left - 1) : .none
      return (.get(self.key(at: position, phase: phase, kind: kind)), rest)
    }
  }

  private func key(at position: Int, phase: Int, kind: OperationKind) -> Key {
    let number = space.number(at: position, initial: phases[phase].chooser.initial)
    let isCounter = kind == .increment || phases[phase].mix.concernsCounters
    return WorkloadKey.key(number, family: isCounter ? .counter : .record)
  }
}
