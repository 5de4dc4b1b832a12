import Raft

extension LatencyTable {
  /// The most bytes that a CSV of latencies may have: 16 MiB.
  public static let mostBytes = 16 << 20

  /// Reads a user's CSV (RFC 4180, UTF-8) with a header line: `from,to,rtt_ms`, or `one_way_ms` instead of `rtt_ms`.
  ///
  /// Columns may stand in any order; blank lines and lines that begin with `#` are skipped. Milliseconds are decimal
  /// numbers in 0 ... 120000 (`rtt_ms`) or 0 ... 60000 (`one_way_ms`). A row holds for its own direction; where the
  /// reverse direction has no row of its own, it gets the same delay. A site without a row to itself gets
  /// ``defaultWithinSite``. Site names have 1 to 64 letters, digits, dots, hyphens and underscores. A field holds no
  /// line break, quoted or not.
  ///
  /// Throws ``LatencyCSVError`` at the first fault.
  public init(name: String, csv bytes: some Collection<UInt8>) throws(LatencyCSVError) {
    guard bytes.count <= Self.mostBytes else {
      throw LatencyCSVError(line: 0, found: "\(bytes.count) bytes", expected: "at most \(Self.mostBytes)")
    }
    var reader = LatencyCSVReader()
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    for line in rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      try reader.take(line: line)
    }
    self = try reader.table(named: name)
  }
}

/// Reads the lines of a CSV of latencies one after the other.
private struct LatencyCSVReader {
  /// Which column holds what.
  private struct Columns {
    var from: Int
    var to: Int
    var delay: Int
    var isRoundTrip: Bool
    var delayName: String { isRoundTrip ? "rtt_ms" : "one_way_ms" }
  }

  /// A figure of the file.
  private struct Row {
    var line: Int
    var from: Int
    var to: Int
    var oneWay: Int64
  }

  private var line = 0
  private var columns: Columns?
  private var sites: [String] = []
  private var slots: [String: Int] = [:]
  private var rows: [Row] = []

  mutating func take(line bytes: some Collection<UInt8>) throws(LatencyCSVError) {
    line += 1
    if bytes.first == UInt8(ascii: "#") { return }
    guard bytes.count <= 1_024 else {
      throw LatencyCSVError(line: line, found: "a line of \(bytes.count) bytes", expected: "at most 1024")
    }
    guard var text = String(validating: bytes, as: UTF8.self) else {
      throw LatencyCSVError(line: line, found: "bytes that are not UTF-8", expected: "UTF-8 text")
    }
    if text.last == "\r" { text.removeLast() }
    if trimmed(text).isEmpty { return }
    let fields = try fields(of: text)
    guard let columns else {
      self.columns = try header(fields)
      return
    }
    guard fields.count == 3 else {
      throw LatencyCSVError(line: line, found: "\(fields.count) fields", expected: "3")
    }
    let from = try site(fields[columns.from], column: "from")
    let to = try site(fields[columns.to], column: "to")
    rows.append(Row(line: line, from: from, to: to, oneWay: try delay(fields[columns.delay], columns)))
  }

  func table(named name: String) throws(LatencyCSVError) -> LatencyTable {
    guard columns != nil else {
      throw LatencyCSVError(line: 0, found: "no header line", expected: "from,to,rtt_ms")
    }
    guard !rows.isEmpty else { throw LatencyCSVError(line: 0, found: "no row", expected: "a row per pair of sites") }
    let count = sites.count
    var delays = [Int64](repeating: -1, count: count * count)
    var origin = [Int](repeating: 0, count: count * count)
    for row in rows {
      let slot = row.from * count + row.to
      guard origin[slot] == 0 else {
        throw LatencyCSVError(
          line: row.line, found: "\(sites[row.from]) to \(sites[row.to]) again (first on line \(origin[slot]))",
          expected: "one row per ordered pair")
      }
      delays[slot] = row.oneWay
      origin[slot] = row.line
    }
    for from in 0..<count {
      for to in 0..<count where origin[from * count + to] == 0 {
        delays[from * count + to] =
          from == to ? (LatencyTable.defaultWithinSite / 2).nanoseconds : delays[to * count + from]
      }
    }
    return LatencyTable(name: name, source: "a user's CSV", sites: sites, oneWay: delays)
  }

  /// The fields of a line; a field in double quotes may hold commas and doubled quotes.
  private func fields(of text: String) throws(LatencyCSVError) -> [String] {
    var fields: [String] = []
    var field = ""
    var quoted = false
    var closed = false
    var letters = Array(text)[...]
    while let letter = letters.popFirst() {
      if quoted, letter == "\"", letters.first == "\"" {
        field.append(letter)
        letters.removeFirst()
      } else if quoted, letter == "\"" {
        quoted = false
        closed = true
      } else if quoted {
        field.append(letter)
      } else if letter == "," {
        fields.append(closed ? field : trimmed(field))
        field = ""
        closed = false
      } else if letter == "\"", trimmed(field).isEmpty, !closed {
        field = ""
        quoted = true
      } else if !closed {
        field.append(letter)
      } else if letter != " " {
        throw LatencyCSVError(line: line, found: "'\(letter)' after a closing quote", expected: "a comma")
      }
    }
    if quoted { throw LatencyCSVError(line: line, found: "a quote that never ends", expected: "a closing quote") }
    fields.append(closed ? field : trimmed(field))
    return fields
  }

  /// The text without blanks at its ends.
  private func trimmed(_ text: String) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    let blanks = start.reversed().prefix { $0 == " " || $0 == "\t" }.count
    return String(start.dropLast(blanks))
  }

  private func header(_ names: [String]) throws(LatencyCSVError) -> Columns {
    let valid = ["from", "to", "rtt_ms", "one_way_ms"]
    for (index, name) in names.enumerated() {
      guard valid.contains(name) else {
        throw LatencyCSVError(
          line: line, column: "\(index + 1)", found: "'\(excerpt(name))' in the header",
          expected: "from, to and rtt_ms (or one_way_ms)", nearest: NearestName.of(name, among: valid))
      }
    }
    if let name = names.firstRepeated {
      throw LatencyCSVError(line: line, column: name, found: "the column twice", expected: "one")
    }
    guard let from = names.firstIndex(of: "from"), let to = names.firstIndex(of: "to"), names.count == 3 else {
      throw LatencyCSVError(
        line: line, found: names.joined(separator: ","), expected: "from,to,rtt_ms or from,to,one_way_ms")
    }
    let delay = 3 - from - to
    return Columns(from: from, to: to, delay: delay, isRoundTrip: names[delay] == "rtt_ms")
  }

  private mutating func site(_ name: String, column: String) throws(LatencyCSVError) -> Int {
    if let slot = slots[name] { return slot }
    let isValid =
      (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch UnicodeScalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
        default: false
        }
      }
    guard isValid else {
      throw LatencyCSVError(
        line: line, column: column, found: "'\(excerpt(name))'",
        expected: "a site's name of 1 to 64 letters, digits, dots, hyphens and underscores")
    }
    guard sites.count < LatencyTable.mostSites else {
      throw LatencyCSVError(
        line: line, column: column, found: "one more site, \(name)", expected: "at most \(LatencyTable.mostSites) sites"
      )
    }
    slots[name] = sites.count
    sites.append(name)
    return sites.count - 1
  }

  private func delay(_ text: String, _ columns: Columns) throws(LatencyCSVError) -> Int64 {
    let parts = columns.isRoundTrip ? 2.0 : 1.0
    let longest = LatencyTable.longestDelay.milliseconds * parts
    // `Double` also reads hexadecimal numbers and "nan": a CSV has decimal ones.
    let isDecimal = text.utf8.allSatisfy { "0123456789.+-eE".utf8.contains($0) }
    guard isDecimal, let value = Double(text), value >= 0, value <= longest else {
      throw LatencyCSVError(
        line: line, column: columns.delayName, found: "'\(excerpt(text))'",
        expected: "milliseconds in 0 ... \(Int(longest))")
    }
    return TimeSpan(milliseconds: value / parts).nanoseconds
  }
}
