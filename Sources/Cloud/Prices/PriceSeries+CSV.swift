import Raft

extension StepSeries where Value == HourlyRate {
  /// Reads a CSV of price changes with the header `at_s,usd_per_hour` or `timestamp,usd_per_hour`.
  ///
  /// | column | meaning |
  /// | --- | --- |
  /// | `at_s` | seconds since the start of the run, a decimal number in 0 ... 9,000,000,000 |
  /// | `timestamp` | instead: ISO 8601 such as `2016-04-25T12:06:56Z`; the first row is the start of the run |
  /// | `usd_per_hour` | the price from then on, 0 ... 1000 with at most nine decimals |
  ///
  /// Columns may stand in either order, rows stand in order of time; of several rows of one instant the last holds.
  /// Blank lines and lines that begin with `#` are skipped, and no field is quoted. Throws ``ParseError`` at the first
  /// fault.
  public init(csv bytes: some Collection<UInt8>) throws(ParseError) {
    let lines = try CSVLines(bytes).lines
    guard let header = lines.first else {
      throw ParseError(.text, found: "no header line", expected: "at_s,usd_per_hour")
    }
    let clocks = ["at_s", "timestamp"]
    guard header.fields.count == 2, let price = header.fields.firstIndex(of: "usd_per_hour"),
      let clock = clocks.first(where: { $0 == header.fields[1 - price] })
    else {
      throw header.error(
        nil, found: "'\(header.fields.joined(separator: ","))'",
        expected: "at_s,usd_per_hour or timestamp,usd_per_hour")
    }
    var steps: [Step] = []
    var origin: CalendarTime?
    for line in lines.dropFirst() {
      guard line.fields.count == 2 else {
        throw line.error(nil, found: "\(line.fields.count) fields", expected: "2")
      }
      let text = line.fields[1 - price]
      let at: TimeSpan
      if clock == "at_s" {
        at = try line.seconds(text, column: clock)
      } else {
        guard let time = CalendarTime(text) else {
          throw line.error(clock, found: "'\(text)'", expected: "a time such as 2016-04-25T12:06:56Z")
        }
        at = time - (origin ?? time)
        origin = origin ?? time
      }
      guard at >= steps.last?.at ?? .zero else {
        throw line.error(clock, found: "'\(text)'", expected: "a time no earlier than the row before")
      }
      guard let rate = HourlyRate(usdPerHour: line.fields[price]) else {
        throw line.error("usd_per_hour", found: "'\(line.fields[price])'", expected: HourlyRate.expectation)
      }
      steps.append(Step(at: at, value: rate))
    }
    guard let series = PriceSeries(steps) else { throw ParseError(.text, found: "no row", expected: "a row or more") }
    self = series
  }
}

extension CSVLines.Line {
  /// Reads a decimal number of units as a span, exactly.
  func seconds(_ text: String, column: String?, unit: TimeSpan = .seconds(1)) throws(ParseError) -> TimeSpan {
    let longest = TimeSpan.seconds(9_000_000_000)
    if let count = DecimalText.billionths(text), count >= 0 {
      let (high, low) = count.magnitude.multipliedFullWidth(by: unit.nanoseconds.magnitude)
      if high < 1_000_000_000 {
        let (nanoseconds, rest) = UInt64(1_000_000_000).dividingFullWidth((high, low))
        let rounded = nanoseconds + (rest >= 500_000_000 ? 1 : 0)
        if rounded <= longest.nanoseconds.magnitude { return TimeSpan(nanoseconds: Int64(rounded)) }
      }
    }
    throw error(column, found: "'\(text)'", expected: "a decimal number of at most 9,000,000,000 seconds")
  }
}
