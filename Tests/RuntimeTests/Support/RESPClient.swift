import Experiment
import Foundation

/// A blocking client that speaks RESP2 over a real socket: small, and independent of the room that it tests.
final class RESPClient {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// What a server answers.
  enum Reply: Equatable {
    case status(String)
    case error(String)
    case integer(Int)
    case bulk(String?)
    case array([Reply])
  }

  init(_ address: NetworkAddress) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var timeout = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = address.port.bigEndian
    target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isOpen = withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isOpen else {
      close(descriptor)
      throw TestProblem("cannot connect to \(address)")
    }
  }

  deinit { close(descriptor) }

  /// Sends a command and waits for its reply.
  func ask(_ words: String...) throws -> Reply {
    try send([words])
    return try reply()
  }

  /// Sends commands in one go.
  func send(_ commands: [[String]]) throws {
    var text = ""
    for words in commands {
      text += "*\(words.count)\r\n"
      for word in words { text += "$\(word.utf8.count)\r\n\(word)\r\n" }
    }
    try send(raw: Array(text.utf8))
  }

  func send(raw bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
      guard count > 0 else { throw TestProblem("cannot write") }
      sent += count
    }
  }

  /// The next reply.
  func reply() throws -> Reply {
    let text = try line()
    let rest = String(text.dropFirst())
    switch text.first {
    case "+": return .status(rest)
    case "-": return .error(rest)
    case ":": return .integer(Int(rest)!)
    case "$":
      let count = Int(rest)!
      guard count >= 0 else { return .bulk(nil) }
      while buffer.count < count + 2 { try fill() }
      defer { buffer.removeFirst(count + 2) }
      return .bulk(String(decoding: buffer[..<count], as: UTF8.self))
    case "*": return .array(try (0..<max(0, Int(rest)!)).map { _ in try reply() })
    default: throw TestProblem("found \(text), expected a reply")
    }
  }

  /// Whether the other end has closed the connection.
  func isClosedByServer() -> Bool {
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) == 0
  }

  /// All that comes until the other end closes the connection.
  func readToEnd() -> String {
    while (try? fill()) != nil {}
    return String(decoding: buffer, as: UTF8.self)
  }

  private func line() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: 13), end + 1 < buffer.count {
        defer { buffer.removeFirst(end + 2) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      try fill()
    }
  }

  private func fill() throws {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = read(descriptor, &chunk, chunk.count)
    guard count > 0 else { throw TestProblem("the connection ended") }
    buffer += chunk[..<count]
  }
}
