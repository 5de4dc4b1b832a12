import KeyValue
import Raft
import Server
import Testing

@testable import RESP

@Suite("A connection")
struct ConnectionTests {
  private func operations(_ connection: Connection) -> [Operation] {
    connection.requests.compactMap { if case .execute(let operation, _) = $0.action { operation } else { nil } }
  }

  @Test("answers in the order of the requests, whatever the order of their ends")
  func order() {
    var connection = Connection(id: 1)
    for number in 0..<4 { connection.feed(request("INCRBY", "n", "\(number)")) }
    connection.feed(request("PING"))
    let tickets = connection.requests.map(\.ticket)
    for number in [2, 1, 3] {
      connection.complete(tickets[number], .done(.incremented(Int64(number))))
      #expect(connection.output.count == 0)
    }
    connection.complete(tickets[0], .done(.incremented(0)))
    #expect(connection.drain() == ":0\r\n:1\r\n:2\r\n:3\r\n+PONG\r\n")
    #expect(connection.outstandingCount == 0)
  }

  @Test("holds a read back until the writes before it have ended, and a write until the reads have")
  func kinds() {
    var connection = Connection(id: 1)
    connection.feed(
      request("SET", "a", "1") + request("SET", "b", "2") + request("GET", "a") + request("PING") + request("GET", "b")
        + request("DEL", "a"))
    #expect(operations(connection) == [.put(Key("a"), bytes("1")), .put(Key("b"), bytes("2"))])
    let writes = connection.requests.map(\.ticket)
    connection.requests.removeAll()
    connection.complete(writes[1], .done(.stored))
    #expect(connection.requests.isEmpty)
    connection.complete(writes[0], .done(.stored))
    #expect(operations(connection) == [.get(Key("a")), .get(Key("b"))])
    let reads = connection.requests.map(\.ticket)
    connection.requests.removeAll()
    connection.complete(reads[0], .done(.value(bytes("1"))))
    #expect(connection.requests.isEmpty)
    connection.complete(reads[1], .done(.value(bytes("2"))))
    #expect(operations(connection) == [.delete(Key("a"))])
    connection.complete(connection.requests[0].ticket, .unknown)
    #expect(
      connection.drain()
        == "+OK\r\n+OK\r\n$1\r\n1\r\n+PONG\r\n$1\r\n2\r\n"
        + "-UNKNOWN whether the command took effect is not known: do not repeat it blindly\r\n")
  }

  @Test("gives every read the consistency that was set before it")
  func consistency() {
    var connection = Connection(id: 1)
    connection.feed(
      request("GET", "a") + request("READONLY") + request("GET", "b") + request("CONSISTENCY", "bounded")
        + request("GET", "c") + request("RESET") + request("GET", "d"))
    let found: [ReadConsistency] = connection.requests.compactMap {
      if case .execute(_, let consistency) = $0.action { consistency } else { nil }
    }
    #expect(found == [.linearizable, .local, .bounded, .linearizable])
  }

  @Test("leaves alone an end that is told twice, and one of nothing")
  func lateEnds() {
    var connection = Connection(id: 1)
    connection.feed(request("INCR", "n") + request("INCR", "n"))
    let tickets = connection.requests.map(\.ticket)
    connection.complete(tickets[1], .done(.incremented(2)))
    connection.complete(tickets[1], .done(.incremented(9)))
    connection.complete(Ticket(77), .unknown)
    connection.complete(tickets[0], .done(.incremented(1)))
    connection.complete(tickets[0], .unknown)
    #expect(connection.drain() == ":1\r\n:2\r\n")
  }

  @Test("takes no more requests than it may have outstanding, and goes on when some have ended")
  func backpressure() {
    var settings = ConnectionSettings()
    settings.maximumOutstanding = 3
    var connection = Connection(id: 1, settings: settings)
    let one = request("INCR", "n")
    let all = Array((0..<5).map { _ in one }.joined())
    let taken = all.withUnsafeBytes { connection.receive($0) }
    #expect(taken == 3 * one.count && !connection.wantsMoreInput && connection.requests.count == 3)
    connection.complete(connection.requests[0].ticket, .done(.incremented(1)))
    #expect(connection.wantsMoreInput)
    #expect(all[taken...].withUnsafeBytes { connection.receive($0) } == one.count)
  }

  @Test("takes no more bytes of requests than it may hold")
  func pendingBytes() {
    var settings = ConnectionSettings()
    settings.maximumPendingBytes = 1_000
    var connection = Connection(id: 1, settings: settings)
    let large = request("SET", "k", String(repeating: "x", count: 2_000))
    let all = large + large
    #expect(all.withUnsafeBytes { connection.receive($0) } == large.count)
    connection.complete(connection.requests[0].ticket, .done(.stored))
    #expect(connection.wantsMoreInput)
  }

  @Test("makes no replies beyond its output's bound until those are written")
  func outputBound() {
    var settings = ConnectionSettings()
    settings.maximumOutputBytes = 100
    var connection = Connection(id: 1, settings: settings)
    for _ in 0..<4 { connection.feed(request("GET", "k")) }
    let value = Array(repeating: UInt8(ascii: "v"), count: 80)
    for request in connection.requests { connection.complete(request.ticket, .done(.value(value))) }
    #expect(connection.output.count == 2 * 87 && !connection.wantsMoreInput && connection.outstandingCount == 2)
    connection.written(connection.output.count)
    #expect(connection.output.count == 2 * 87 && connection.outstandingCount == 0)
  }

  @Test("ends after QUIT and after a protocol error, with all replies before")
  func ends() {
    for (ending, reply) in [
      (request("QUIT"), "+OK\r\n"), (bytes("*x\r\n"), "-ERR Protocol error: invalid multibulk length\r\n"),
      (bytes("*1\r\n:"), "-ERR Protocol error: expected '$', got ':'\r\n"),
    ] {
      var connection = Connection(id: 1)
      connection.feed(request("INCR", "n") + ending + request("INCR", "n"))
      #expect(connection.requests.count == 1 && !connection.isFinished && !connection.wantsMoreInput)
      connection.feed(request("INCR", "n"))
      connection.complete(connection.requests[0].ticket, .done(.incremented(1)))
      #expect(connection.isFinished && connection.drain() == ":1\r\n" + reply)
    }
  }

  @Test("keeps order through a long random life", arguments: [UInt64(1), 2])
  func randomLife(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var settings = ConnectionSettings()
    settings.maximumOutstanding = 20
    settings.maximumOutputBytes = 50
    var connection = Connection(id: 1, settings: settings)
    var pending: [OutgoingRequest] = []
    var input: [UInt8] = []
    var (asked, replies) = (0, "")
    while asked < 3_000 || connection.outstandingCount > 0 || !input.isEmpty {
      if asked < 3_000, input.count < 500 {
        let key = "\(asked)"
        switch random.next(below: 3) {
        case 0: input += request("GET", key)
        case 1: input += request("INCRBY", "n", key)
        default: input += request("ECHO", key)
        }
        asked += 1
      }
      let count = Int(random.next(below: UInt64(input.count + 1)))
      let taken = input[..<count].withUnsafeBytes { connection.receive($0) }
      input.removeFirst(taken)
      pending += connection.requests
      connection.requests.removeAll()
      if !pending.isEmpty, random.nextBool(probability: 0.7) {
        let chosen = pending.remove(at: Int(random.next(below: UInt64(pending.count))))
        switch chosen.action {
        case .execute(.get(let key), _): connection.complete(chosen.ticket, .done(.value(key.bytes)))
        case .execute(.increment(_, let by), _): connection.complete(chosen.ticket, .done(.incremented(by)))
        default: Issue.record("an action that was not asked for: \(chosen.action)")
        }
      }
      let written = Int(random.next(below: UInt64(connection.output.count + 1)))
      replies += String(decoding: connection.output.bytes[..<written], as: UTF8.self)
      connection.written(written)
    }
    replies += connection.drain()
    let numbers = replies.split(separator: "\r\n").filter { !$0.hasPrefix("$") }.map { Int($0.drop { $0 == ":" }) }
    #expect(numbers == (0..<3_000).map { $0 })
  }

  @Test("tells tickets and addresses apart")
  func addresses() {
    let address = ClientAddress(connection: 3, ticket: Ticket(.max))
    #expect(address.connection == 3 && address.ticket == Ticket(.max))
  }

  @Test("asks its host's server for operations without a session")
  func sessionless() {
    let request = ClientRequest(sessionless: .get(Key("k")), consistency: .local)
    #expect(request.client == .sessionless && request.consistency == .local)
  }
}
