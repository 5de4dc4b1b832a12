import Foundation

/// A spec's bytes, and how to get at the files beside it.
struct SpecFile {
  /// The file's name as people wrote it.
  let source: String
  let bytes: [UInt8]
  /// Gives the bytes of a file that the spec names, or says in words why it cannot.
  let readFile: (String) -> Result<[UInt8], CompanionFileError>

  init(source: String, bytes: [UInt8], readFile: @escaping (String) -> Result<[UInt8], CompanionFileError>) {
    self.source = source
    self.bytes = bytes
    self.readFile = readFile
  }

  /// Reads a file; the files that it names are looked for beside it. Throws why it cannot be read.
  init(path: String) throws(SpecRefusal) {
    switch BoundedFile.read(path, limit: SpecDocument.byteLimit) {
    case .success(let content): bytes = content
    case .failure(let error):
      throw SpecRefusal(problems: [
        SpecProblem(
          severity: .error, place: .file(path), key: "", message: "found a file that cannot be used: \(error.reason)")
      ])
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    source = path
    readFile = { name in BoundedFile.read(URL(fileURLWithPath: name, relativeTo: folder).path, limit: 16 << 20) }
  }

  /// A spec that was not read from a file and so cannot name others.
  init(text: String, source: String) {
    self.init(source: source, bytes: Array(text.utf8)) { _ in
      .failure(CompanionFileError(reason: "this spec was not read from a file"))
    }
  }

  /// A reading that has found nothing yet.
  func reading(policies: [String] = []) -> Reading {
    Reading(source: source, policies: policies, readFile: readFile)
  }
}
