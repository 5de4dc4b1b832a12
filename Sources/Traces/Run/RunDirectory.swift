/// The directory that a run writes into: created or taken over at the start, locked until the end.
///
/// A directory is a run directory when it is empty, new, or has a `manifest.json`. Taking one over removes the trace
/// files of the earlier run (one spec and seed give the same bytes again) and nothing else. A manifest that says
/// `"complete": false` is there from the first moment on, so a run that was killed leaves a run directory too.
public final class RunDirectory {
  /// The directory's path.
  public let path: String
  /// Held open for the lock on it.
  private let descriptor: Int32
  /// Directories made for this run, outermost first: removed again when the start fails.
  private var created: [String]
  private var written: [String] = []
  private let tookOver: Bool

  /// The name of a run's directory; throws ``TraceError/badName(_:)`` when a part is no plain file name.
  public static func name(spec: String, world: String, seed: UInt64) throws(TraceError) -> String {
    for part in [spec, world] {
      let isPlain = part.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
      guard isPlain, let first = part.first, first != ".", first != "-", part.utf8.count <= 100 else {
        throw .badName(part)
      }
    }
    return "\(spec)-\(world)-\(seed)"
  }

  /// Creates the directory with its parents, or takes over an earlier run's, and writes a first manifest.
  ///
  /// When that fails, what was created is removed again and an earlier run is left as it was, except that its manifest
  /// may say already that it is not complete.
  public init(path: String, manifest: Manifest) throws(TraceError) {
    self.path = path
    var made: [String] = []
    var open: Int32 = -1
    var isRun = false
    do throws(TraceError) {
      try RunDirectory.makeDirectories(path, made: &made)
      open = try POSIX.openForReading(path)
      guard try POSIX.lock(open, path: path) else { throw TraceError.inUse(path: path) }
      isRun = POSIX.isFile("\(path)/\(Manifest.fileName)")
      if !isRun {
        guard try POSIX.isEmptyDirectory(path) else { throw TraceError.notARunDirectory(path: path) }
      }
      try RunDirectory.write(manifest, to: path)
      for file in TraceFile.allCases { try POSIX.removeFile("\(path)/\(file.name)") }
    } catch {
      if open >= 0 { POSIX.closeQuietly(open) }
      RunDirectory.remove(directories: made, files: made.isEmpty ? [] : ["\(path)/\(Manifest.fileName)"])
      throw error
    }
    descriptor = open
    created = made
    tookOver = isRun
  }

  deinit { POSIX.closeQuietly(descriptor) }

  /// The path of a trace file, which is this run's from now on.
  func claim(_ file: TraceFile) -> String {
    let path = "\(path)/\(file.name)"
    written.append(path)
    return path
  }

  /// Replaces the manifest in one step.
  public func replace(manifest: Manifest) throws(TraceError) { try RunDirectory.write(manifest, to: path) }

  /// Undoes a start that failed: removes this run's files and the directories that were made for it.
  ///
  /// A directory that was taken over stays a run directory, of a run that is not complete.
  func abandon() {
    RunDirectory.remove(
      directories: created, files: tookOver ? written : written + ["\(path)/\(Manifest.fileName)"])
    created = []
    written = []
  }

  private static func remove(directories: [String], files: [String]) {
    for file in files { try? POSIX.removeFile(file) }
    for directory in directories.reversed() { POSIX.removeEmptyDirectory(directory) }
  }

  private static func write(_ manifest: Manifest, to directory: String) throws(TraceError) {
    let target = "\(directory)/\(Manifest.fileName)"
    let temporary = "\(target).new"
    try POSIX.removeFile(temporary)
    let descriptor = try POSIX.create(temporary)
    do throws(TraceError) {
      do throws(TraceError) {
        let text = Array(manifest.json.utf8)
        try text.withUnsafeBufferPointer { (bytes) throws(TraceError) in
          try POSIX.writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, path: temporary)
        }
      } catch {
        POSIX.closeQuietly(descriptor)
        throw error
      }
      try POSIX.closeFile(descriptor, path: temporary)
      try POSIX.move(temporary, to: target)
    } catch {
      try? POSIX.removeFile(temporary)
      throw error
    }
  }

  private static func makeDirectories(_ path: String, made: inout [String]) throws(TraceError) {
    var prefix = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      prefix += prefix.isEmpty || prefix.hasSuffix("/") ? String(part) : "/\(part)"
      if try POSIX.makeDirectory(prefix) { made.append(prefix) }
    }
  }
}

extension RunDirectory {
  /// A file that is not what the manifest says.
  public enum Discrepancy: Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(name: String, error: TraceError)
    /// The file has another length.
    case length(name: String, found: Int, expected: Int)
    /// The file has the right length and another checksum.
    case checksum(name: String, found: String, expected: String)

    /// One line for people.
    public var description: String {
      switch self {
      case .unreadable(let name, let error): "\(name): \(error)"
      case .length(let name, let found, let expected): "\(name): \(found) bytes, the manifest says \(expected)"
      case .checksum(let name, let found, let expected): "\(name): CRC-32 \(found), the manifest says \(expected)"
      }
    }
  }

  /// Compares the files of a run directory with its manifest; nothing found means that all are as they were written.
  public static func verify(_ path: String) throws(TraceError) -> [Discrepancy] {
    var found: [Discrepancy] = []
    for file in try Manifest(directory: path).files {
      do throws(TraceError) {
        var input = try InputBytes(path: "\(path)/\(file.name)", limit: 1 << 20)
        var (crc, length) = (CRC32(), 0)
        while try input.fill() {
          input.bytes.withUnsafeBytes { crc.update(UnsafeRawBufferPointer(rebasing: $0[input.range])) }
          length += input.range.count
          input.consume(input.range.count)
        }
        if length != file.bytes {
          found.append(.length(name: file.name, found: length, expected: file.bytes))
        } else if crc.hexadecimal != file.crc32 {
          found.append(.checksum(name: file.name, found: crc.hexadecimal, expected: file.crc32))
        }
      } catch {
        found.append(.unreadable(name: file.name, error: error))
      }
    }
    return found
  }
}
