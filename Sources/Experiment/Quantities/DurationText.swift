import Raft

/// A length of time as text: `150ms`, `10s`, `1.5h`.
public enum DurationText {
  private static let units = [
    Unit(name: "ns", scale: 1), Unit(name: "us", scale: 1_000), Unit(name: "ms", scale: 1_000_000),
    Unit(name: "s", scale: 1_000_000_000), Unit(name: "min", scale: 60_000_000_000),
    Unit(name: "h", scale: 3_600_000_000_000), Unit(name: "d", scale: 86_400_000_000_000),
  ]

  /// Ten years: sums of a few durations stay far from the end of 64 bits.
  public static let longest = TimeSpan.seconds(3_650 * 86_400)

  static let expected = "a duration such as 150ms (ns, us, ms, s, min, h, d)"

  /// The exact length that a text says; 0 needs no unit.
  public static func parse(_ text: String) throws(QuantityError) -> TimeSpan {
    let span = TimeSpan(nanoseconds: try units.parse(text, expected: expected))
    guard span.nanoseconds.magnitude <= longest.nanoseconds.magnitude else {
      throw .outOfRange(expected: "a duration of at most 3650d")
    }
    return span
  }

  /// The text that ``parse(_:)`` reads back as the same length: the largest unit that leaves it whole, of those that
  /// experiments are planned in (`90s`, not `1.5min`; `2h`).
  public static func format(_ span: TimeSpan) -> String {
    units.filter { !["min", "d"].contains($0.name) }.format(span.nanoseconds, zero: "0s")
  }
}
