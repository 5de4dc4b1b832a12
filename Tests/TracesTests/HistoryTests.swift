import Foundation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Traces

@Suite struct HistoryTests {
  private func result(_ random: inout RandomSource) -> OperationResult {
    switch random.number(13) {
    case 0: .value(random.bytes())
    case 1: .value(nil)
    case 2: .stored
    case 3: .deleted(existed: random.nextBool(probability: 0.5))
    case 4: .swapped(random.nextBool(probability: 0.5), found: random.optional(random.bytes()))
    case 5: .incremented(Int64(bitPattern: random.next()))
    case 6: .appended(length: random.number(.max))
    case 7: .exchanged(random.nextBool(probability: 0.5), old: random.optional(random.bytes()))
    case 8: .length(random.number(.max))
    case 9: .values((0..<random.number(4)).map { _ in random.optional(random.bytes()) })
    case 10: .present(random.number(.max))
    case 11: .removed(random.number(.max))
    default: .refused(random.pick([.notAnInteger, .overflow, .tooLarge]))
    }
  }

  private func entry(_ random: inout RandomSource) -> HistoryEntry {
    let key = Key(random.bytes())
    let operations: [KeyValue.Operation] = [
      .get(key), .put(key, random.bytes()), .delete(key),
      .compareAndSwap(key, expected: random.optional(random.bytes()), new: random.bytes()),
      .increment(key, by: .min), .append(key, random.bytes()),
      .exchange(key, random.bytes(), random.pick(PutCondition.allCases)), .length(key),
      .getMany(NonEmpty([key, Key(random.bytes())])!), .countPresent(NonEmpty([key])!),
      .putMany(NonEmpty([KeyedValue(key, random.bytes()), KeyedValue(Key(random.bytes()), [])])!),
      .deleteMany(NonEmpty([key, key])!),
    ]
    return HistoryEntry(
      client: ClientID(random.next()), sequence: SequenceNumber(random.next()), site: random.text(),
      operation: random.pick(operations), invoked: random.moment(), returned: random.moment(),
      consistency: random.pick(ReadConsistency.allCases),
      outcome: random.pick([.ok(result(&random)), .failed, .unknown]))
  }

  @Test(arguments: [UInt64(1), 2]) func everyEntryComesBackAsItWasWritten(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let scratch = try Scratch()
    let entries = (0..<500).map { _ in entry(&random) }
    let writer = try HistoryWriter(path: scratch.file("history.jsonl"))
    for entry in entries { try writer.write(entry) }
    let digest = try writer.close()
    #expect(digest.rows == 500)
    let read = try HistoryReader.readAll(path: scratch.file("history.jsonl"))
    #expect(read.entries == entries)
    #expect(!read.isTruncated)
    for line in try scratch.read("history.jsonl").split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      if object?["op"] == nil { Issue.record("not JSON: \(line)") }
    }
  }

  private let line = """
    {"client":1,"sequence":2,"site":"s","op":"get","key":"k","invoked_ns":1,"returned_ns":2,\
    "consistency":"local","outcome":"ok","result":{"value":null}}
    """

  @Test func lineThatWasCutOffIsDroppedAndReported() throws {
    let scratch = try Scratch()
    let path = try scratch.write(line + "\n" + line.dropLast(9), to: "history.jsonl")
    let read = try HistoryReader.readAll(path: path)
    #expect(read.entries.count == 1 && read.isTruncated)
  }

  @Test func spacesEscapesAndOrderMakeNoDifference() throws {
    let scratch = try Scratch()
    let other = """
      { "result" : {"value" : null}, "outcome":"ok", "consistency":"\\u006cocal", "returned_ns":2, "invoked_ns":1,
      """
      + #" "key":"\u006b", "op":"get", "site":"s", "sequence":2, "client":1 }"#
    let path = try scratch.write(line + "\n" + other.replacingOccurrences(of: "\n", with: "") + "\n", to: "h")
    let entries = try HistoryReader.readAll(path: path).entries
    #expect(entries.count == 2 && entries.first == entries.last)
    let surrogates = try scratch.write(
      line.replacingOccurrences(of: "\"k\"", with: #""\ud83d\ude00""#) + "\n", to: "h")
    #expect(try HistoryReader.readAll(path: surrogates).entries.first?.operation == .get(Key("😀")))
  }

  @Test(arguments: [
    ("\"client\":1", "\"client\":-1"), ("\"client\":1", "\"client\":1,\"client\":1"), ("\"client\":1,", ""),
    ("\"key\":\"k\"", "\"key\":{\"hex\":\"0\"}"), ("\"key\":\"k\"", "\"key\":\"\\ud800\""),
    ("\"outcome\":\"ok\"", "\"outcome\":\"failed\""), ("\"op\":\"get\"", "\"op\":\"put\""),
    ("\"op\":\"get\"", "\"op\":\"fetch\""), (",\"result\":{\"value\":null}", ""), ("null}}", "null}}}"),
    ("\"site\":\"s\"", "\"place\":\"s\""), ("\"sequence\":2", "\"sequence\":18446744073709551616"),
    ("{\"value\":null}", "{}"), ("{\"value\":null}", "{\"swapped\":true}"), ("\"key\":\"k\"", "\"key\":\"k"),
  ])
  func mistakesAreRefusedWithTheirLine(good: String, bad: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      line + "\n" + line.replacingOccurrences(of: good, with: bad) + "\n", to: "history.jsonl")
    do throws(TraceError) {
      _ = try HistoryReader.readAll(path: path)
      Issue.record("accepted")
    } catch {
      guard case .malformed("history.jsonl", 2, _, _, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func lineThatIsTooLongIsRefused() throws {
    let scratch = try Scratch()
    let path = try scratch.write(line + String(repeating: " ", count: 500_000) + "\n", to: "h")
    var reader = try HistoryReader(path: path, lineLimit: 1_000)
    do throws(TraceError) {
      _ = try reader.next()
      Issue.record("accepted")
    } catch { #expect(error == .lineTooLong(file: "h", line: 1, limit: 1_000)) }
  }
}
