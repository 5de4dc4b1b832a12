import Raft

/// What a run directory says of itself, in `manifest.json`.
public struct Manifest: Hashable, Sendable {
  /// The file's name.
  public static let fileName = "manifest.json"
  /// The number of the manifest's layout; readers refuse another one.
  public static let format = 1

  /// The spec's name.
  public var name: String
  /// The world, such as `simulated`.
  public var world: String
  /// The seed.
  public var seed: UInt64
  /// The spec as it was run, defaults and overrides included.
  public var spec: String
  /// The version of eraft.
  public var version: String
  /// The machine and the compiler.
  public var host: HostFacts
  /// How long the run lasted on its own clock.
  public var duration: TimeSpan
  /// What the checks said; nil when they were not made.
  public var verdict: String?
  /// Whether the run went on to its end.
  public var isComplete: Bool
  /// The trace files, in the order of ``TraceFile``; empty while the run goes on.
  public var files: [FileDigest]

  /// Makes the manifest of a run that begins.
  public init(
    name: String, world: String, seed: UInt64, spec: String, version: String, host: HostFacts = .current,
    duration: TimeSpan = .zero, verdict: String? = nil, isComplete: Bool = false, files: [FileDigest] = []
  ) {
    self.name = name
    self.world = world
    self.seed = seed
    self.spec = spec
    self.version = version
    self.host = host
    self.duration = duration
    self.verdict = verdict
    self.isComplete = isComplete
    self.files = files
  }

  /// The description of the file.
  static let reference = """
    One JSON object; its members stand in this order. There are no dates and no wall-clock times in it: two runs of \
    one spec and seed on one machine leave the same bytes.

    | member | value |
    | --- | --- |
    | `format` | the number of this layout: \(format) |
    | `name`, `world`, `seed` | the spec's name, the world it ran in, the seed |
    | `complete` | `false` while the run goes on and when it was interrupted |
    | `verdict` | what the checks said; `null` when they were not made |
    | `duration_s` | how long the run lasted on its own clock, in seconds |
    | `versions` | `eraft` and the `swift` compiler |
    | `host` | `system` and `architecture` |
    | `files` | per trace file: `name`, `rows` (header not counted), `bytes`, `crc32` (of zlib and gzip, eight \
    hexadecimal digits); empty while the run goes on |
    | `spec` | the spec as it was run |
    """

  /// The file's text.
  public var json: String {
    var output = OutputBytes(capacity: 4096 + spec.utf8.count)
    output.append("{\n  \"format\": ")
    output.append(decimal: Int64(Manifest.format))
    output.append(",\n  \"name\": ")
    output.append(jsonString: name)
    output.append(",\n  \"world\": ")
    output.append(jsonString: world)
    output.append(",\n  \"seed\": ")
    output.append(decimal: seed)
    output.append(isComplete ? ",\n  \"complete\": true" : ",\n  \"complete\": false")
    output.append(",\n  \"verdict\": ")
    if let verdict { output.append(jsonString: verdict) } else { output.append("null") }
    output.append(",\n  \"duration_s\": ")
    output.append(Fixed.microseconds(duration.nanoseconds), decimals: 6)
    output.append(",\n  \"versions\": {\"eraft\": ")
    output.append(jsonString: version)
    output.append(", \"swift\": ")
    output.append(jsonString: host.swift)
    output.append("},\n  \"host\": {\"system\": ")
    output.append(jsonString: host.system)
    output.append(", \"architecture\": ")
    output.append(jsonString: host.architecture)
    output.append("},\n  \"files\": [")
    for (index, file) in files.enumerated() {
      output.append(index == 0 ? "\n    {\"name\": " : ",\n    {\"name\": ")
      output.append(jsonString: file.name)
      output.append(", \"rows\": ")
      output.append(decimal: Int64(file.rows))
      output.append(", \"bytes\": ")
      output.append(decimal: Int64(file.bytes))
      output.append(", \"crc32\": ")
      output.append(jsonString: file.crc32)
      output.append("}")
    }
    output.append(files.isEmpty ? "],\n  \"spec\": " : "\n  ],\n  \"spec\": ")
    output.append(jsonString: spec)
    output.append("\n}\n")
    return output.withBytes { String(decoding: $0, as: UTF8.self) }
  }
}
