/// Reads a segment's sectors in order through a window.
struct SectorReader<Files: FileSystem> {
  private let file: Files.File
  /// The sectors of the file.
  let count: Int
  private var window: [UInt8] = []
  private var first = 0

  private static var windowSectors: Int { 1024 }

  init(_ file: Files.File, count: Int) {
    self.file = file
    self.count = count
  }

  /// Makes sure that a sector is in the window, and looks at it.
  mutating func look<Result>(
    at place: Int, in files: inout Files, _ body: (UnsafeRawPointer) -> Result
  ) throws(StorageError) -> Result {
    if place < first || (place + 1 - first) * Sector.bytes > window.count {
      first = place
      let wanted = min(count - place, Self.windowSectors) * Sector.bytes
      window = try files.bytes(of: file, at: place * Sector.bytes, limit: wanted)
      guard window.count == wanted else {
        throw .file(FileError(operation: "read", file: "a segment", reason: .ended))
      }
    }
    return window.withUnsafeBytes { body($0.baseAddress! + (place - first) * Sector.bytes) }
  }

  /// Appends the first bytes that a sector carries.
  mutating func append(
    _ count: Int, at place: Int, to content: inout [UInt8], in files: inout Files
  ) throws(StorageError) {
    try look(at: place, in: &files) {
      content.append(contentsOf: UnsafeRawBufferPointer(start: $0 + Sector.prefix, count: count))
    }
  }

  /// What a sector is found to be.
  mutating func condition(at place: Int, in files: inout Files) throws(StorageError) -> Sector.Condition {
    try look(at: place, in: &files) { Sector.condition($0, at: place) }
  }
}
