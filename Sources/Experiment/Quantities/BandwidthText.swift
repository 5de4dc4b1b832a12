import Emulation

/// Bits per second as text: `1Gbps`, `500kbps`.
public enum BandwidthText {
  private static let units = [
    Unit(name: "bps", scale: 1), Unit(name: "kbps", scale: 1_000), Unit(name: "Mbps", scale: 1_000_000),
    Unit(name: "Gbps", scale: 1_000_000_000), Unit(name: "Tbps", scale: 1_000_000_000_000),
  ]

  static let expected = "a bandwidth such as 1Gbps (bps, kbps, Mbps, Gbps, Tbps)"

  /// The exact positive bandwidth that a text says, at most 1000 Tbps.
  public static func parse(_ text: String) throws(QuantityError) -> Bandwidth {
    let bits = try units.parse(text, expected: expected)
    guard bits > 0, bits <= 1_000_000_000_000_000 else {
      throw .outOfRange(expected: "a positive bandwidth of at most 1000Tbps")
    }
    return Bandwidth(bitsPerSecond: UInt64(bits))
  }

  /// The text that ``parse(_:)`` reads back as the same bandwidth.
  public static func format(_ bandwidth: Bandwidth) -> String {
    units.format(Int64(clamping: bandwidth.bitsPerSecond), zero: "0bps")
  }
}
