import Raft

@testable import KeyValue

/// A store with a log position that counts itself up.
struct TestStore {
  var store: Store
  var index: UInt64 = 0

  init(_ limits: StoreLimits = StoreLimits()) { store = Store(limits: limits) }

  @discardableResult
  mutating func apply(_ client: UInt64, _ sequence: UInt64, _ operation: Operation) -> ApplyOutcome {
    index += 1
    return store.apply(command(client, sequence, operation), at: LogIndex(index))
  }

  /// Executes an operation as a client's next command.
  mutating func run(_ operation: Operation) -> OperationResult? {
    apply(999, index + 1, operation).result
  }
}

func command(_ client: UInt64, _ sequence: UInt64, _ operation: Operation) -> Command {
  Command(client: ClientID(client), sequence: SequenceNumber(sequence), operation: operation)
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension RandomSource {
  mutating func bytes(upTo limit: Int) -> [UInt8] {
    (0..<Int(next(below: UInt64(limit) + 1))).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  mutating func operation(keys: Int) -> Operation {
    let key = Key("k\(next(below: UInt64(keys)))")
    func several() -> NonEmpty<Key> {
      NonEmpty((0...Int(next(below: 3))).map { _ in Key("k\(next(below: UInt64(keys)))") })!
    }
    switch next(below: 12) {
    case 0: return .get(key)
    case 1: return .put(key, bytes(upTo: 12))
    case 2: return .delete(key)
    case 3:
      return .compareAndSwap(key, expected: nextBool(probability: 0.5) ? nil : bytes(upTo: 1), new: bytes(upTo: 9))
    case 4: return .increment(key, by: Int64(truncatingIfNeeded: next()) >> 40)
    case 5: return .exchange(key, bytes(upTo: 9), PutCondition.allCases[Int(next(below: 3))])
    case 6: return .length(key)
    case 7: return .getMany(several())
    case 8: return .countPresent(several())
    case 9: return .putMany(NonEmpty(several().elements.map { KeyedValue($0, bytes(upTo: 9)) })!)
    case 10: return .deleteMany(several())
    default: return .append(key, bytes(upTo: 5))
    }
  }
}

/// A store after random commands of a few clients.
func randomStore(seed: UInt64, commands: Int, keys: Int = 40, limits: StoreLimits = StoreLimits()) -> TestStore {
  var random = RandomSource(seed: seed)
  var test = TestStore(limits)
  for sequence in 1...UInt64(commands) {
    test.apply(1 + random.next(below: 7), sequence, random.operation(keys: keys))
  }
  return test
}
