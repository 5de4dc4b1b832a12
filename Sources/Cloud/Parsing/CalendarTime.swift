import Raft

/// A point of the calendar, as files state it: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct CalendarTime: Hashable, Comparable, Sendable {
  /// Nanoseconds since the epoch.
  public var nanoseconds: Int64

  /// Makes a time from nanoseconds since the epoch.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Orders by time.
  public static func < (left: CalendarTime, right: CalendarTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The span from `right` to `left`.
  public static func - (left: CalendarTime, right: CalendarTime) -> TimeSpan {
    TimeSpan(nanoseconds: left.nanoseconds - right.nanoseconds)
  }

  /// Reads `2016-04-25T12:06:56.000Z`: ISO 8601 with seconds, up to nine decimals, and `Z` or an offset such as
  /// `+00:00`; years 1970 to 2200. Nil when the text is something else.
  public init?(_ text: some StringProtocol) {
    var rest = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int64? {
      guard rest.count >= count else { return nil }
      var value: Int64 = 0
      for byte in rest.prefix(count) {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
      rest = rest.dropFirst(count)
      return value
    }
    func take(_ mark: Unicode.Scalar) -> Bool {
      guard let first = rest.first, Unicode.Scalar(first) == mark else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), take("T"),
      let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2),
      (1970...2200).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(of: month, year),
      hour < 24, minute < 60, second < 60
    else { return nil }
    var fraction: Int64 = 0
    if take(".") {
      let decimals = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
      guard (1...9).contains(decimals), let value = digits(decimals) else { return nil }
      fraction = (decimals..<9).reduce(value) { scaled, _ in scaled * 10 }
    }
    var offset: Int64 = 0
    if !take("Z") {
      let isEast = take("+")
      guard isEast || take("-"), let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60
      else { return nil }
      offset = (isEast ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
    guard rest.isEmpty else { return nil }
    let days = Self.daysBefore(year) + (1..<month).reduce(0) { $0 + Self.days(of: $1, year) } + day - 1
    nanoseconds = (days * 86_400 + hour * 3_600 + minute * 60 + second - offset) * 1_000_000_000 + fraction
  }

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(of month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func daysBefore(_ year: Int64) -> Int64 {
    (1970..<year).reduce(0) { $0 + (isLeap($1) ? 366 : 365) }
  }
}
