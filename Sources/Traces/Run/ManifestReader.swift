import Raft

extension Manifest {
  /// The most bytes that a manifest may have.
  static let sizeLimit = 1 << 26

  /// Reads the manifest of a run directory; strict, but members may stand in any order.
  public init(directory: String) throws(TraceError) {
    var input = try InputBytes(path: "\(directory)/\(Manifest.fileName)", limit: Manifest.sizeLimit)
    while try input.fill() {}
    guard input.isAtEnd else { throw .lineTooLong(file: Manifest.fileName, line: 1, limit: Manifest.sizeLimit) }
    var fields = ManifestFields()
    do throws(JSONScanner.Mistake) {
      self = try input.bytes[input.range].withUnsafeBufferPointer { (bytes) throws(JSONScanner.Mistake) in
        var scanner = JSONScanner(bytes)
        do throws(JSONScanner.Mistake) {
          try scanner.object { (scanner, key) throws(JSONScanner.Mistake) in try fields.read(key, from: &scanner) }
          try scanner.expectEnd()
        } catch {
          fields.line = 1 + bytes[..<scanner.index].count { $0 == UInt8(ascii: "\n") }
          throw error
        }
        return try fields.manifest()
      }
    } catch {
      throw .malformed(
        file: Manifest.fileName, line: fields.line, column: fields.member, found: error.found,
        expected: error.expected)
    }
  }
}

/// The members of a manifest as they come.
private struct ManifestFields {
  var member = "file"
  var line = 1

  private var format: UInt64?
  private var name: String?
  private var world: String?
  private var seed: UInt64?
  private var isComplete: Bool?
  private var verdict: String??
  private var duration: TimeSpan?
  private var version: String?
  private var swift: String?
  private var system: String?
  private var architecture: String?
  private var files: [FileDigest]?
  private var spec: String?

  mutating func read(_ key: UnsafeBufferPointer<UInt8>, from scanner: inout JSONScanner) throws(JSONScanner.Mistake) {
    member = String(decoding: key, as: UTF8.self)
    switch member {
    case "format":
      format = try scanner.unsigned()
      guard format == UInt64(Manifest.format) else {
        throw .init(found: "format \(format ?? 0)", expected: "format \(Manifest.format)")
      }
    case "name": name = try scanner.text()
    case "world": world = try scanner.text()
    case "seed": seed = try scanner.unsigned()
    case "complete": isComplete = try scanner.bool()
    case "verdict": verdict = .some(try scanner.skipNull() ? nil : scanner.text())
    case "duration_s": duration = try scanner.seconds()
    case "versions":
      var (eraft, compiler) = (version, swift)
      try scanner.object { (scanner, key) throws(JSONScanner.Mistake) in
        switch String(decoding: key, as: UTF8.self) {
        case "eraft": eraft = try scanner.text()
        case "swift": compiler = try scanner.text()
        default: throw scanner.mistake("eraft or swift")
        }
      }
      (version, swift) = (eraft, compiler)
    case "host":
      var (os, machine) = (system, architecture)
      try scanner.object { (scanner, key) throws(JSONScanner.Mistake) in
        switch String(decoding: key, as: UTF8.self) {
        case "system": os = try scanner.text()
        case "architecture": machine = try scanner.text()
        default: throw scanner.mistake("system or architecture")
        }
      }
      (system, architecture) = (os, machine)
    case "files":
      var list: [FileDigest] = []
      try scanner.array { (scanner) throws(JSONScanner.Mistake) in list.append(try ManifestFields.file(&scanner)) }
      files = list
    case "spec": spec = try scanner.text()
    default: throw .init(found: "the member \"\(member)\"", expected: "a member of manifests")
    }
  }

  private static func file(_ scanner: inout JSONScanner) throws(JSONScanner.Mistake) -> FileDigest {
    var (name, rows, bytes, crc32) = (String?.none, Int?.none, Int?.none, String?.none)
    try scanner.object { (scanner, key) throws(JSONScanner.Mistake) in
      switch String(decoding: key, as: UTF8.self) {
      case "name":
        let text = try scanner.text()
        guard TraceFile(rawValue: text) != nil else {
          throw .init(found: "the file \"\(text)\"", expected: "the name of a trace file")
        }
        name = text
      case "rows": rows = try scanner.count()
      case "bytes": bytes = try scanner.count()
      case "crc32": crc32 = try scanner.text()
      default: throw scanner.mistake("name, rows, bytes or crc32")
      }
    }
    guard let name, let rows, let bytes, let crc32 else { throw scanner.mistake("name, rows, bytes and crc32") }
    return FileDigest(name: name, rows: rows, bytes: bytes, crc32: crc32)
  }

  private mutating func need<Field>(_ field: Field?, _ name: String) throws(JSONScanner.Mistake) -> Field {
    guard let field else {
      member = "file"
      throw .init(found: "no member \"\(name)\"", expected: "one")
    }
    return field
  }

  mutating func manifest() throws(JSONScanner.Mistake) -> Manifest {
    _ = try need(format, "format")
    return Manifest(
      name: try need(name, "name"), world: try need(world, "world"), seed: try need(seed, "seed"),
      spec: try need(spec, "spec"), version: try need(version, "versions.eraft"),
      host: HostFacts(
        system: try need(system, "host.system"), architecture: try need(architecture, "host.architecture"),
        swift: try need(swift, "versions.swift")),
      duration: try need(duration, "duration_s"), verdict: try need(verdict, "verdict"),
      isComplete: try need(isComplete, "complete"), files: try need(files, "files"))
  }
}

extension JSONScanner {
  /// A number of seconds with six decimals.
  mutating func seconds() throws(Mistake) -> TimeSpan {
    let whole = try integer()
    let start = index
    guard whole >= 0, take() == UInt8(ascii: ".") else { throw mistake("seconds with six decimals") }
    let fractionStart = index
    let fraction = try unsigned()
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflows) = scaled.addingReportingOverflow(Int64(clamping: fraction) &* 1_000)
    guard index - fractionStart == 6, !overflow, !overflows else {
      rewind(to: start)
      throw mistake("seconds with six decimals")
    }
    return TimeSpan(nanoseconds: sum)
  }
}
