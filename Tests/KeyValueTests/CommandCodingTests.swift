import Raft
import Testing

@testable import KeyValue

@Suite("The encoding of commands")
struct CommandCodingTests {
  static func randomCommand(_ random: inout RandomSource) -> Command {
    let shift = random.next(below: 64)
    return Command(
      client: ClientID(random.next() >> shift), sequence: SequenceNumber(random.next() >> random.next(below: 64)),
      operation: random.operation(keys: 1_000))
  }

  @Test("Every command comes back from its encoding, whose size is known beforehand")
  func roundTrip() throws {
    var random = RandomSource(seed: 1)
    var commands = (0..<2_000).map { _ in CommandCodingTests.randomCommand(&random) }
    commands.append(command(.max, .max, .increment(Key(""), by: .min)))
    commands.append(command(0, 0, .increment(Key(""), by: .max)))
    commands.append(command(127, 128, .put(Key("k"), [UInt8](repeating: 1, count: 16_384))))
    var wrong = 0
    for command in commands {
      let encoded = command.encoded()
      if try Command(decoding: encoded) != command || encoded.count != command.encodedSize { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("The encoding stays as it is")
  func layout() throws {
    let encoded = command(300, 7, .compareAndSwap(Key("k"), expected: [9], new: [8, 7])).encoded()
    #expect(encoded == [1, 4, 0xAC, 0x02, 7, 1, 0x6B, 1, 1, 9, 2, 8, 7])
    #expect(command(1, 2, .increment(Key("n"), by: -1)).encoded() == [1, 5, 1, 2, 1, 0x6E, 1])
    #expect(command(0, 0, .exchange(Key("k"), [9], .ifPresent)).encoded() == [1, 7, 0, 0, 1, 0x6B, 2, 1, 9])
    #expect(command(0, 0, .length(Key("k"))).encoded() == [1, 8, 0, 0, 1, 0x6B])
    let keys = NonEmpty([Key("a"), Key("")])!
    for (kind, operation) in [(9, Operation.getMany(keys)), (10, .countPresent(keys)), (12, .deleteMany(keys))] {
      #expect(command(0, 0, operation).encoded() == [1, UInt8(kind), 0, 0, 2, 1, 0x61, 0])
    }
    let pairs = NonEmpty([KeyedValue(Key("a"), [7])])!
    #expect(command(0, 0, .putMany(pairs)).encoded() == [1, 11, 0, 0, 1, 1, 0x61, 1, 7])
  }

  @Test("A command over no keys, or over more than its bytes can hold, is none")
  func counts() {
    for kind in [9, 10, 11, 12] as [UInt8] {
      #expect(throws: CodingError.malformedNumber(at: 4)) { _ = try Command(decoding: [1, kind, 0, 0, 0]) }
      #expect(throws: CodingError.truncated(at: 9)) {
        _ = try Command(decoding: [1, kind, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2])
      }
    }
  }

  @Test("Truncated, lengthened and mutilated bytes are refused or mean exactly one command; nothing crashes")
  func distrust() {
    var random = RandomSource(seed: 2)
    var wrong = 0
    for _ in 0..<300 {
      let encoded = CommandCodingTests.randomCommand(&random).encoded()
      for length in encoded.indices where (try? Command(decoding: Array(encoded[..<length]))) != nil { wrong += 1 }
      if (try? Command(decoding: encoded + [0])) != nil { wrong += 1 }
      for _ in 0..<40 {
        var bad = encoded
        bad[Int(random.next(below: UInt64(bad.count)))] = UInt8(truncatingIfNeeded: random.next())
        if let command = try? Command(decoding: bad), command.encoded() != bad { wrong += 1 }
      }
    }
    for _ in 0..<3_000 {
      let noise = [1, UInt8(1 + random.next(below: 12))] + random.bytes(upTo: 40)
      if let command = try? Command(decoding: noise), command.encoded() != noise { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("Each kind of damage has its name")
  func typedErrors() {
    func error(_ bytes: [UInt8]) -> CodingError? {
      do throws(CodingError) {
        _ = try Command(decoding: bytes)
        return nil
      } catch { return error }
    }
    #expect(error([]) == .truncated(at: 0))
    #expect(error([2, 1]) == .unknownVersion(2))
    #expect(error([1, 77]) == .unknownKind(77))
    #expect(error([1, 1, 0x80, 0x00]) == .malformedNumber(at: 2))
    #expect(error([1, 1] + [UInt8](repeating: 0xFF, count: 12)) == .malformedNumber(at: 2))
    #expect(error([1, 1, 1, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]) == .truncated(at: 14))
    #expect(error(command(1, 1, .get(Key("k"))).encoded() + [1, 2]) == .trailingBytes(2))
  }

  @Test("A store refuses bytes that are no command and stays as it was")
  func storeRefusesGarbage() throws {
    var store = Store()
    #expect(throws: CodingError.unknownVersion(0)) { try store.apply([0], at: LogIndex(1)) }
    #expect(store.appliedIndex == .zero)
    let encoded = command(1, 1, .put(Key("k"), [1])).encoded()
    #expect(try store.apply(encoded, at: LogIndex(1)) == .executed(.stored))
  }
}
