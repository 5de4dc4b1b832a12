import Foundation
import Raft
import Testing

@testable import Storage

@Suite("Directories: whose they are, and one process at a time") struct DirectoryTests {
  /// Runs a body on a directory that is gone afterwards.
  static func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("eraft-storage-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  static func settings() -> StorageSettings {
    var settings = StorageSettings()
    settings.segmentBytes = 64 * 1024
    settings.reserveBytes = 0
    return settings
  }

  static func setUp(_ path: String) throws {
    try WriteAheadLog.setUp(
      DiskFiles(directory: path), identity: Member.identity, bootstrap: Model.bootstrap, settings: settings())
  }

  static func open(_ path: String) throws -> (log: WriteAheadLog<DiskFiles>, recovered: RecoveredStorage) {
    try WriteAheadLog.open(DiskFiles(existing: path), identity: Member.identity, settings: settings())
  }

  @Test func aDirectoryIsSetUpOnceAndOpenedByOne() throws {
    try DirectoryTests.withDirectory { path in
      try DirectoryTests.setUp(path)
      #expect(try WriteAheadLog.identity(in: DiskFiles(existing: path)) == Member.identity)
      #expect(throws: StorageError.refused(.alreadySetUp(Member.identity))) { try DirectoryTests.setUp(path) }
      let first = try DirectoryTests.open(path)
      #expect(throws: StorageError.locked(path: path)) { try DirectoryTests.open(path) }
      withExtendedLifetime(first) {}
    }
  }

  @Test func theLockGoesWithTheLog() throws {
    try DirectoryTests.withDirectory { path in
      try DirectoryTests.setUp(path)
      for _ in 0..<3 { #expect(try DirectoryTests.open(path).recovered.state.entries.isEmpty) }
    }
  }

  @Test func trap15_aWipedOrForeignDirectoryIsRefused() throws {
    try DirectoryTests.withDirectory { path in
      _ = try DiskFiles(directory: path)
      #expect(throws: StorageError.refused(.identityMissing(expected: Member.identity))) {
        try DirectoryTests.open(path)
      }
    }
    try DirectoryTests.withDirectory { path in
      try DirectoryTests.setUp(path)
      var others = [Member.identity, Member.identity, Member.identity]
      others[0].cluster.low += 1
      others[1].node = NodeID(2)
      others[2].incarnation += 1
      for other in others {
        #expect(throws: StorageError.refused(.identityMismatch(expected: other, found: Member.identity))) {
          try WriteAheadLog.open(DiskFiles(existing: path), identity: other, settings: DirectoryTests.settings())
        }
      }
      try FileManager.default.removeItem(atPath: path + "/IDENTITY")
      let error = #expect(throws: StorageError.self) { try DirectoryTests.setUp(path) }
      guard case .refused(.foreignDirectory) = error else {
        Issue.record("a log without identity was set up anew")
        return
      }
    }
  }

  @Test func aDirectoryWithOtherFilesIsLeftAlone() throws {
    try DirectoryTests.withDirectory { path in
      _ = try DiskFiles(directory: path)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: path + "/notes.txt"))
      #expect(throws: StorageError.refused(.foreignDirectory(path: path, found: "notes.txt"))) {
        try DirectoryTests.setUp(path)
      }
      #expect(try String(contentsOfFile: path + "/notes.txt", encoding: .utf8) == "mine")
    }
  }

  @Test func errorsOfTheSystemNameOperationAndFile() throws {
    #expect(throws: StorageError.file(FileError(operation: "open the directory", file: "/no/such", reason: .missing))) {
      try DiskFiles(existing: "/no/such")
    }
  }
}
