/// A number of bytes as text: `128B`, `4KiB`, `1MB`.
public enum SizeText {
  private static let units = [
    Unit(name: "B", scale: 1), Unit(name: "kB", scale: 1_000), Unit(name: "KiB", scale: 1 << 10),
    Unit(name: "MB", scale: 1_000_000), Unit(name: "MiB", scale: 1 << 20), Unit(name: "GB", scale: 1_000_000_000),
    Unit(name: "GiB", scale: 1 << 30),
  ]

  static let expected = "a size such as 4KiB (B, kB, KiB, MB, MiB, GB, GiB)"

  /// The exact number of bytes that a text says, at most 1 TiB.
  public static func parse(_ text: String) throws(QuantityError) -> Int {
    let bytes = try units.parse(text, expected: expected)
    guard bytes.magnitude <= 1 << 40 else { throw .outOfRange(expected: "a size of at most 1024GiB") }
    return Int(bytes)
  }

  /// The text that ``parse(_:)`` reads back as the same size.
  public static func format(_ bytes: Int) -> String { units.format(Int64(bytes), zero: "0B") }
}
