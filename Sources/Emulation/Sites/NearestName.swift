/// The valid name that a mistyped one probably stands for, by Levenshtein distance over ASCII-folded bytes.
public enum NearestName {
  /// Names longer than this many UTF-8 bytes are not compared, so that a hostile name costs nothing.
  public static let longest = 64

  /// The valid name nearest to `name`, or nil when none is near; the first one wins a tie.
  ///
  /// Near means that at most a third of the longer name (and always one letter) has to change.
  public static func of(_ name: String, among valid: some Sequence<String>) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in valid {
      guard let distance = distance(name, candidate) else { continue }
      let allowed = max(1, max(name.utf8.count, candidate.utf8.count) / 3)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// How many letters must be inserted, removed or replaced to turn one name into the other, ignoring ASCII case; nil
  /// when either is longer than ``longest``.
  public static func distance(_ left: String, _ right: String) -> Int? {
    guard left.utf8.count <= longest, right.utf8.count <= longest else { return nil }
    let from = left.utf8.map(folded)
    let to = right.utf8.map(folded)
    var row = Array(0...to.count)
    for (i, letter) in from.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in to.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[to.count]
  }

  /// An ASCII capital as its small letter; any other byte as it is.
  private static func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
