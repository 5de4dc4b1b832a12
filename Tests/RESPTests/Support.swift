import KeyValue
import Raft
import Server

@testable import RESP

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A request as clients send it.
func request(_ arguments: String...) -> [UInt8] { request(arguments.map(bytes)) }

func request(_ arguments: [[UInt8]]) -> [UInt8] {
  var encoded = bytes("*\(arguments.count)\r\n")
  for argument in arguments { encoded += bytes("$\(argument.count)\r\n") + argument + bytes("\r\n") }
  return encoded
}

/// A connection whose host executes everything at once on a store of its own.
struct Served {
  var connection: Connection
  var store = Store()
  var index: UInt64 = 0

  init(_ settings: ConnectionSettings = ConnectionSettings()) { connection = Connection(id: 7, settings: settings) }

  /// Executes what the host has been given.
  mutating func execute() {
    while !connection.requests.isEmpty {
      let requests = connection.requests
      connection.requests.removeAll()
      for request in requests { connection.complete(request.ticket, completion(of: request.action)) }
    }
  }

  mutating func completion(of action: OutgoingRequest.Action) -> Completion {
    switch action {
    case .execute(let operation, _):
      index += 1
      let command = Command(client: .sessionless, sequence: SequenceNumber(0), operation: operation)
      return store.apply(command, at: LogIndex(index)).result.map { .done($0) } ?? .unknown
    case .answer(.keyCount): return .number(Int64(store.keyCount))
    case .answer(.information(let sections)): return .text(bytes("# " + sections.joined(separator: ",")))
    case .answer(.clientList): return .text(bytes(connection.description))
    }
  }

  /// The replies to some bytes.
  mutating func replies(to input: [UInt8]) -> String {
    connection.feed(input)
    execute()
    return connection.drain()
  }
}

extension Connection {
  /// Gives bytes, all of which it must take.
  mutating func feed(_ input: [UInt8]) { precondition(input.withUnsafeBytes { receive($0) } == input.count) }

  /// Takes the output.
  mutating func drain() -> String {
    var text: [UInt8] = []
    while output.count > 0 {
      text += output.bytes
      written(output.count)
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// All requests in some bytes, given in chunks that end at some places.
func parse(
  _ input: [UInt8], cutAt cuts: [Int] = [], limits: RequestLimits = RequestLimits()
) throws(ProtocolError) -> [[[UInt8]]] {
  var parser = RequestParser(limits: limits)
  var requests: [[[UInt8]]] = []
  var start = 0
  for end in cuts + [input.count] {
    let chunk = Array(input[start..<end])
    start = end
    try chunk.withUnsafeBufferPointer { (bytes) throws(ProtocolError) in
      let chunk = UnsafeRawBufferPointer(bytes)
      var offset = 0
      while try parser.next(in: chunk, at: &offset) {
        requests.append((0..<parser.argumentCount).map { parser.take($0, in: chunk) })
      }
      precondition(offset == chunk.count)
    }
  }
  return requests
}
