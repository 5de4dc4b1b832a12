import Foundation
import Raft
import Testing

@testable import Traces

@Suite struct CSVReaderTests {
  private let header = FaultRow.schema.header + "\n"

  private func error(_ text: String, limit: Int = 1 << 20) throws -> TraceError? {
    let scratch = try Scratch()
    let path = try scratch.write(text, to: "faults.csv")
    do throws(TraceError) {
      _ = try CSVReader<FaultRow>.readAll(path: path, lineLimit: limit)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("x,,crash,leader,,injected,\n", 2, "at_s", "\"x\""),
    ("1.0,,crash,leader,,injected,\n", 2, "at_s", "\"1.0\""),
    ("1.000000,,crash,leader,,injected,\n1.000000,,crash,leader,,dropped,\n", 3, "outcome", "\"dropped\""),
    ("1.000000,,crash,leader,,injected\n", 2, "all", "6 fields"),
    ("1.000000,,cra\"sh,leader,,injected,\n", 2, "column 3", "a quote"),
    ("1.000000,,\"crash\"x,leader,,injected,\n", 2, "column 3", "text behind a closing quote"),
    ("1.000000,,\"a\nb\",leader,,injected,\n1.0,,a,b,,injected,\n", 4, "at_s", "\"1.0\""),
    ("1.000000,,crash,leader,,injected,\r\n", 2, "column 7", "CR"),
    ("99999999999999999999.000000,,crash,leader,,injected,\n", 2, "at_s", "\"99999999999999999999.000000\""),
    ("9999999999999.000000,,crash,leader,,injected,\n", 2, "at_s", "\"9999999999999.000000\""),
  ])
  func mistakesNameFileLineColumnAndWhatWasFound(text: String, line: Int, column: String, found: String) throws {
    guard case .malformed("faults.csv", line, column, found, let expected) = try error(header + text) else {
      Issue.record("\(try error(header + text)?.description ?? "no error")")
      return
    }
    #expect(!expected.isEmpty)
  }

  @Test func anotherHeaderIsRefused() throws {
    #expect(try error("at_s,fault\n") != nil)
    #expect(try error(header.replacingOccurrences(of: "target", with: "aim")) != nil)
  }

  @Test func lineThatIsTooLongIsRefusedWithoutReadingItWhole() throws {
    let long = String(repeating: "x", count: 100_000)
    #expect(
      try error(header + "1.000000,,\(long),leader,,injected,\n", limit: 1_000)
        == .lineTooLong(file: "faults.csv", line: 2, limit: 1_000))
  }

  @Test func lastLineWithoutLineFeedIsDroppedAndReported() throws {
    let scratch = try Scratch()
    let row = "1.000000,,crash,leader,,injected,\n"
    let whole = header + row + row
    for length in 0..<whole.utf8.count {
      let path = try scratch.write(String(whole.prefix(length)), to: "faults.csv")
      if length > 0, length < header.utf8.count { continue }
      let (rows, isTruncated) = try CSVReader<FaultRow>.readAll(path: path)
      let isAtLineEnd = length == header.utf8.count || length == header.utf8.count + row.utf8.count
      #expect(isTruncated != isAtLineEnd && rows.count == max(0, length - header.utf8.count) / row.utf8.count)
    }
    let path = try scratch.write(String(header.dropLast(3)), to: "faults.csv")
    #expect(try CSVReader<FaultRow>.readAll(path: path).isTruncated)
  }

  @Test func contradictingColumnsAreRefused() throws {
    let scratch = try Scratch()
    let text = OutageRow.schema.header + "\ng0,read,1.000000,3.000000,2.500000,unexplained\n"
    let path = try scratch.write(text, to: "outages.csv")
    #expect(throws: TraceError.self) { try CSVReader<OutageRow>.readAll(path: path) }
  }

  @Test func missingFileIsASystemError() {
    #expect(throws: TraceError.system(operation: "open", path: "/nowhere/faults.csv", code: 2)) {
      try CSVReader<FaultRow>.readAll(path: "/nowhere/faults.csv")
    }
  }

  @Test func fullDiskIsAnErrorThatStays() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    var output = OutputBytes(capacity: 64)
    output.append("rows")
    let file = OutputFile(descriptor: open("/dev/full", O_WRONLY), path: "/dev/full")
    let full = TraceError.system(operation: "write", path: "/dev/full", code: ENOSPC)
    do throws(TraceError) {
      try file.write(&output)
      Issue.record("the disk was not full")
    } catch { #expect(error == full) }
    #expect(output.count == 0)
    #expect(throws: full) { try file.close() }
  }
}
