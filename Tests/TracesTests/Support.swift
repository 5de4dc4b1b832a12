import Emulation
import Foundation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Traces

/// A directory for one test, removed at its end.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/eraft-traces-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)
  }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

extension RandomSource {
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(next(below: UInt64(elements.count)))] }

  mutating func number(_ bound: Int) -> Int { Int(next(below: UInt64(bound))) }

  mutating func moment() -> Instant { Instant(nanoseconds: Int64(next(below: 1 << 40)) * 1_000) }

  mutating func span() -> TimeSpan { .microseconds(Int64(next(below: 1 << UInt64(number(34))))) }

  mutating func text() -> String {
    pick(["us-east-1.0", "a,b", "say \"hi\"", "two\nlines", "\r", "é", " x ", "\"", "0"])
  }

  mutating func optional<Element>(_ value: Element) -> Element? { nextBool(probability: 0.3) ? nil : value }

  mutating func bytes() -> [UInt8] {
    switch number(4) {
    case 0: Array("user\(number(1_000))".utf8)
    case 1: (0..<number(12)).map { _ in UInt8(truncatingIfNeeded: next()) }
    case 2: Array("quote \" back \\ line \n tab \t nul \0 del \u{7F} é 😀 /".utf8)
    default: []
    }
  }
}

/// Names of three sites with two nodes each.
func threeSites() -> NameTable {
  var names = NameTable(sites: ["us-east-1", "us-west-2", "eu-central-1"])
  for node in 0..<6 { names.add(NodeID(UInt32(node)), site: SiteID(UInt16(node / 2)), number: node % 2) }
  return names
}

/// An operation that ended, from milliseconds.
func operation(
  client: UInt64 = 1, sequence: UInt64 = 1, site: UInt16 = 0, isRead: Bool = false, kind: OperationKind? = nil,
  intended: Double, ended: Double, outcome: OutcomeWord = .ok
) -> OperationRecord {
  let key = Key("user1")
  let intended = Instant.zero + TimeSpan(milliseconds: intended)
  let result: OperationRecord.Outcome =
    switch outcome {
    case .ok: .ok(isRead ? .value(nil) : .stored)
    case .failed: .failed
    case .unknown: .unknown
    }
  return OperationRecord(
    client: ClientID(client), sequence: SequenceNumber(sequence), site: SiteID(site),
    operation: isRead ? .get(key) : .put(key, [1]), kind: kind ?? (isRead ? .read : .update),
    consistency: .linearizable, intended: intended, started: intended, ended: .zero + TimeSpan(milliseconds: ended),
    server: NodeID(0), role: .leader, attempts: 1, outcome: result)
}

func at(_ milliseconds: Double) -> Instant { .zero + TimeSpan(milliseconds: milliseconds) }
