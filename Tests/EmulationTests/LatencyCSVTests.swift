import Raft
import Testing

@testable import Emulation

struct LatencyCSVTests {
  private func read(_ text: String) throws(LatencyCSVError) -> LatencyTable {
    try LatencyTable(name: "mine", csv: Array(text.utf8))
  }

  @Test func aFileIsRead() throws {
    let table = try read(
      """
      \u{FEFF}# measured at home
      to, from ,rtt_ms\r

      b,a,10.5\r
      a,b,11
      "c",a,3e1
      b,c,0
      a,a,0.3
      """)
    #expect(table.sites == ["a", "b", "c"])
    // Each direction its own figure; the reverse stands in where a direction has none.
    #expect(table.delay(from: "a", to: "b") == .microseconds(5_250))
    #expect(table.delay(from: "b", to: "a") == .microseconds(5_500))
    #expect(table.delay(from: "c", to: "a") == .milliseconds(15))
    #expect(table.delay(from: "b", to: "c") == .zero)
    // Within a site: the row, or the default.
    #expect(table.delay(from: "a", to: "a") == .microseconds(150))
    #expect(table.delay(from: "b", to: "b") == LatencyTable.defaultWithinSite / 2)
  }

  @Test func oneWayDelaysAreTakenAsTheyAre() throws {
    let table = try read("from,to,one_way_ms\na,b,7.25\nb,a,3")
    #expect(table.delay(from: "a", to: "b") == .microseconds(7_250))
    #expect(table.delay(from: "b", to: "a") == .milliseconds(3))
  }

  @Test func aMissingPairIsNamedWhenItIsSelected() throws {
    let table = try read("from,to,rtt_ms\na,b,10\nb,c,20")
    #expect(try table.matrix(of: ["b", "c"]).sites == ["b", "c"])
    #expect(throws: LatencyError.missingPair(from: "a", to: "c", table: "mine")) {
      try table.matrix(of: ["a", "b", "c"])
    }
  }

  @Test(arguments: [
    ("", "the file: found no header line, expected from,to,rtt_ms"),
    ("from,to,rtt_ms", "the file: found no row, expected a row per pair of sites"),
    ("from,to\na,b", "line 1: found from,to, expected from,to,rtt_ms or from,to,one_way_ms"),
    (
      "from,to,rtt\na,b,1",
      "line 1, column 3: found 'rtt' in the header, expected from, to and rtt_ms (or one_way_ms)"
    ),
    ("from,too,rtt_ms", "did you mean 'to'?"),
    ("from,from,rtt_ms", "line 1, column from: found the column twice, expected one"),
    ("from,rtt_ms,one_way_ms", "line 1: found from,rtt_ms,one_way_ms"),
    ("from,to,rtt_ms\na,b", "line 2: found 2 fields, expected 3"),
    ("from,to,rtt_ms\n\na,b,fast", "line 3, column rtt_ms: found 'fast', expected milliseconds in 0 ... 120000"),
    ("from,to,one_way_ms\na,b,-1", "line 2, column one_way_ms: found '-1', expected milliseconds in 0 ... 60000"),
    ("from,to,rtt_ms\na,b,nan", "found 'nan'"), ("from,to,rtt_ms\na,b,0x10", "found '0x10'"),
    ("from,to,rtt_ms\na,b,", "found ''"), ("from,to,rtt_ms\na,b,120001", "found '120001'"),
    ("from,to,rtt_ms\na b,b,1", "line 2, column from: found 'a b', expected a site's name"),
    ("from,to,rtt_ms\na,,1", "line 2, column to: found ''"),
    ("from,to,rtt_ms\na,b,1\nb,a,1\na,b,2", "line 4: found a to b again (first on line 2), expected one row"),
    ("from,to,rtt_ms\n\"a,b,1", "line 2: found a quote that never ends, expected a closing quote"),
    ("from,to,rtt_ms\n\"a\"x,b,1", "line 2: found 'x' after a closing quote, expected a comma"),
  ])
  func aFaultIsNamedWithItsPlace(text: String, message: String) {
    do {
      _ = try read(text)
      Issue.record("accepted")
    } catch { #expect(error.description.contains(message), "\(error)") }
  }

  @Test func sizesAreBounded() {
    func fault(_ bytes: [UInt8]) -> String {
      do {
        _ = try LatencyTable(name: "big", csv: bytes)
        return "accepted"
      } catch { return error.description }
    }
    #expect(fault([UInt8](repeating: 10, count: LatencyTable.mostBytes + 1)).contains("expected at most 16777216"))
    #expect(fault(Array("from,to,rtt_ms\n".utf8) + [0x61, 0xFF, 0x2C]).contains("line 2: found bytes that are not"))
    #expect(fault([UInt8](repeating: 0x61, count: 2_000)).contains("a line of 2000 bytes"))
    let many = (0...LatencyTable.mostSites).map { "s,s\($0),1" }.joined(separator: "\n")
    #expect(fault(Array("from,to,rtt_ms\n\(many)".utf8)).contains("at most 512 sites"))
  }
}
