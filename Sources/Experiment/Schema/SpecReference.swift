/// The documentation of the spec, made from the same table that reads specs.
public enum SpecReference {
  /// Every key that a spec may have, in the order of the reference.
  public static var keys: [SpecKey] { SpecKeys.section.keys(defaults: ExperimentSpec()) }

  /// The reference as Markdown: a table per top-level key.
  public static var markdown: String {
    var lines = [
      "# The spec, key by key", "",
      "A spec is one YAML file. Whatever is left out has the default given here; `eraft validate SPEC` prints the spec",
      "with all defaults filled in. Unknown keys, values without a unit and keys given twice are errors. `[]` stands for",
      "each item of a list.", "",
      "| value | is written as |", "| --- | --- |",
      "| duration | a number and `ns`, `us`, `ms`, `s`, `min`, `h` or `d`: `150ms`, `1.5h` |",
      "| rate | a number and `/s`, `/min` or `/h`: `500/s` |",
      "| size | a number and `B`, `kB`, `KiB`, `MB`, `MiB`, `GB` or `GiB`: `128B` |",
      "| bandwidth | a number and `bps`, `kbps`, `Mbps`, `Gbps` or `Tbps`: `1Gbps` |",
      "| probability, fraction | a number, a percentage or parts per million: `0.001`, `0.1%`, `1000ppm` |",
      "| target | a node (`us-east-1.0`), a site, `leader`, `follower`, `learner` or `any`; the last three also at a site: "
        + "`follower@us-west-2` |",
    ]
    let keys = keys
    var section = ""
    for key in keys {
      var top = String(key.path.prefix { $0 != "." && $0 != "[" })
      // Keys without keys inside them share one table.
      if !keys.contains(where: { $0.path.hasPrefix(top + ".") || $0.path.hasPrefix(top + "[") }) { top = "The run" }
      if top != section {
        lines += ["", "## \(top)", "", "| key | value | default | meaning |", "| --- | --- | --- | --- |"]
        section = top
      }
      let cells = ["`\(key.path)`", key.type, key.fallback, key.meaning].map {
        $0.replacing("|", with: "\\|")
      }
      lines.append("| \(cells.joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
