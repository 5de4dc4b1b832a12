import Raft

extension TraceReplay {
  /// The unit of the times of a trace of counts.
  public enum TimeUnit: String, Hashable, Sendable, CaseIterable {
    /// Milliseconds, as Parcae's traces have them.
    case milliseconds
    /// Seconds, as Bamboo's of g4dn have them.
    case seconds
    /// Hours, as Bamboo's of p2 have them.
    case hours

    /// One of them.
    var span: TimeSpan {
      switch self {
      case .milliseconds: .milliseconds(1)
      case .seconds: .seconds(1)
      case .hours: .seconds(3_600)
      }
    }
  }

  /// Reads a trace of instance counts as Bamboo (Thorpe and others, NSDI 2023) and Parcae (Duan and others, NSDI 2024)
  /// publish them: a CSV without header, `time,count`, in order of time.
  ///
  /// Such files draw steps: of several rows of one instant the last holds. With `repeats` the trace starts again at the
  /// instant of its last row. Throws ``ParseError`` at the first fault.
  public static func counts(
    csv bytes: some Collection<UInt8>, unit: TimeUnit, repeats: Bool = false
  ) throws(ParseError) -> StepSeries<Int> {
    var steps: [StepSeries<Int>.Step] = []
    for line in try CSVLines(bytes).lines {
      guard line.fields.count == 2 else {
        throw line.error(nil, found: "\(line.fields.count) fields", expected: "2: time,count")
      }
      let at = try line.seconds(line.fields[0], column: "time", unit: unit.span)
      guard at >= steps.last?.at ?? .zero else {
        throw line.error("time", found: "'\(line.fields[0])'", expected: "a time no earlier than the row before")
      }
      guard let count = Int(line.fields[1]), (0...1_000_000).contains(count) else {
        throw line.error("count", found: "'\(line.fields[1])'", expected: "a whole number in 0 ... 1000000")
      }
      steps.append(StepSeries.Step(at: at, value: count))
    }
    var period: TimeSpan?
    if repeats, let end = steps.last?.at {
      period = end
      steps.removeAll { $0.at == end }
    }
    guard let series = StepSeries(steps, period: period) else {
      throw ParseError(.text, found: "no row", expected: repeats ? "rows of two instants" : "a row or more")
    }
    return series
  }

  /// Reads a trace of availability as skypilot-org/spot-traces publishes them:
  /// `{"metadata": {"gap_seconds": 600}, "data": [1, 1, 0]}`, one value per gap; 1 is available.
  ///
  /// With `repeats` the trace starts again after its last value. Throws ``ParseError`` at the first fault.
  public static func availability(
    json bytes: some Collection<UInt8>, repeats: Bool = false
  ) throws(ParseError) -> StepSeries<Bool> {
    var scanner = try JSONScanner(bytes)
    var gap: TimeSpan?
    var values: [Bool] = []
    try scanner.object { scanner, key throws(ParseError) in
      switch key {
      case "metadata":
        try scanner.object { scanner, key throws(ParseError) in
          if key == "gap_seconds" { gap = try Self.gap(&scanner) } else { try scanner.skip() }
        }
      case "data":
        try scanner.array { scanner throws(ParseError) in
          values.append(try Self.isAvailable(&scanner, number: values.count + 1))
        }
      default: try scanner.skip()
      }
    }
    try scanner.end()
    guard let gap else {
      throw ParseError(.text, found: "no metadata with gap_seconds", expected: "the time between two values")
    }
    guard values.count <= 9_000_000_000_000_000_000 / gap.nanoseconds.magnitude else {
      throw ParseError(.text, found: "\(values.count) values \(gap) apart", expected: "at most 285 years")
    }
    let steps = values.enumerated().map { StepSeries.Step(at: gap * Int64($0), value: $1) }
    guard let series = StepSeries(steps, period: repeats ? gap * Int64(values.count) : nil) else {
      throw ParseError(.text, found: "no value in data", expected: "a list of 0 and 1")
    }
    return series
  }

  private static func gap(_ scanner: inout JSONScanner) throws(ParseError) -> TimeSpan {
    let place = scanner.offset
    let text = try scanner.number()
    guard let seconds = Double(text), seconds >= 1, seconds <= 86_400 else {
      throw ParseError(.byte(place), found: "'\(text)'", expected: "gap_seconds in 1 ... 86400")
    }
    return TimeSpan(seconds: seconds)
  }

  private static func isAvailable(_ scanner: inout JSONScanner, number: Int) throws(ParseError) -> Bool {
    let text = try scanner.number()
    guard let value = Double(text), value == 0 || value == 1 else {
      throw ParseError(.record(number, field: "data"), found: "'\(text)'", expected: "0 or 1")
    }
    return value == 1
  }
}
