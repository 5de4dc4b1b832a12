import Experiment

/// Names the directories of a sweep's runs: a number, and the values in short.
enum SweepNaming {
  /// The most characters of a name's description.
  static let limit = 60

  /// The names in the order of the runs; no two are the same.
  static func names(of sweep: LoadedSweep) -> [String] {
    let width = String(sweep.runs.count).count
    return sweep.runs.map { run in
      let digits = String(run.number)
      let number = String(repeating: "0", count: width - digits.count) + digits
      let parts = zip(sweep.axes, run.choices).map { axis, choice in part(axis.name, choice.label) }
      return "\(number)-\(trimmed(String(parts.joined(separator: "-").prefix(limit))))"
    }
  }

  /// A value in short; a number alone says nothing, so it follows its key's last word.
  private static func part(_ name: String, _ label: String) -> String {
    let value = plain(label)
    guard value.first?.isLetter != true else { return value }
    let key = plain(String(name.split(separator: ".").last ?? "value"))
    return value.isEmpty ? key : "\(key)-\(value)"
  }

  /// Letters, digits and points; everything else becomes single dashes.
  private static func plain(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == ".")
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else if result.last != "-" {
        result.append("-")
      }
    }
    return trimmed(result)
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == "-" || $0 == "." }.reversed().drop { $0 == "-" || $0 == "." }.reversed())
  }
}
