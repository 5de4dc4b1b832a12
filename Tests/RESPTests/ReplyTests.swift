import KeyValue
import Raft
import Server
import Testing

@testable import RESP

/// What redis-server 7.0 answers to the same; where eraft differs on purpose, the case says so.
@Suite("Replies")
struct ReplyTests {
  struct Case: Sendable {
    var commands: [[String]]
    var reply: String
  }

  static func run(_ commands: [String]..., gives reply: String) -> Case { Case(commands: commands, reply: reply) }

  static let cases: [Case] = [
    run(["PING"], gives: "+PONG\r\n"),
    run(["ping", "a\r\nb"], gives: "$4\r\na\r\nb\r\n"),
    run(["PING", "a", "b"], gives: "-ERR wrong number of arguments for 'ping' command\r\n"),
    run(["ECHO", "hi"], gives: "$2\r\nhi\r\n"),
    run(["ECHO"], gives: "-ERR wrong number of arguments for 'echo' command\r\n"),
    run(["GET", "k"], gives: "$-1\r\n"),
    run(["GET"], gives: "-ERR wrong number of arguments for 'get' command\r\n"),
    run(["SET", "k", "v"], ["gEt", "k"], gives: "+OK\r\n$1\r\nv\r\n"),
    run(["SET", "k", ""], ["GET", "k"], gives: "+OK\r\n$0\r\n\r\n"),
    run(["SET", "k"], gives: "-ERR wrong number of arguments for 'set' command\r\n"),
    run(["SET", "k", "v", "nx"], ["SET", "k", "w", "NX"], ["GET", "k"], gives: "+OK\r\n$-1\r\n$1\r\nv\r\n"),
    run(["SET", "k", "v", "XX"], ["SET", "k", "v"], ["SET", "k", "w", "xx"], gives: "$-1\r\n+OK\r\n+OK\r\n"),
    run(["SET", "k", "v", "GET"], ["SET", "k", "w", "GET"], gives: "$-1\r\n$1\r\nv\r\n"),
    run(
      ["SET", "k", "v", "NX", "GET"], ["SET", "k", "w", "GET", "NX"], ["GET", "k"],
      gives: "$-1\r\n$1\r\nv\r\n$1\r\nv\r\n"),
    run(["SET", "k", "v", "NX", "XX"], gives: "-ERR syntax error\r\n"),
    run(["SET", "k", "v", "nonsense"], gives: "-ERR syntax error\r\n"),
    run(["SET", "k", "v", "KEEPTTL"], gives: "+OK\r\n"),
    run(["SET", "k", "v", "EX"], gives: "-ERR syntax error\r\n"),
    // Redis would set an expiry.
    run(
      ["SET", "k", "v", "EX", "10"], ["GET", "k"],
      gives: "-ERR keys do not expire here: EX, PX, EXAT and PXAT are not supported\r\n$-1\r\n"),
    run(["SETNX", "k", "v"], ["SETNX", "k", "w"], gives: ":1\r\n:0\r\n"),
    run(["GETSET", "k", "v"], ["GETSET", "k", "w"], gives: "$-1\r\n$1\r\nv\r\n"),
    run(["SET", "a", "1"], ["DEL", "a"], ["DEL", "a"], gives: "+OK\r\n:1\r\n:0\r\n"),
    run(["MSET", "a", "1", "b", "2"], ["DEL", "a", "b", "a", "c"], gives: "+OK\r\n:2\r\n"),
    run(["MSET", "a", "1", "b"], gives: "-ERR wrong number of arguments for 'mset' command\r\n"),
    run(["MSET", "a", "1", "a", "2"], ["GET", "a"], gives: "+OK\r\n$1\r\n2\r\n"),
    run(["SET", "a", "1"], ["EXISTS", "a", "b", "a"], ["EXISTS", "b"], gives: "+OK\r\n:2\r\n:0\r\n"),
    run(["SET", "a", "1"], ["MGET", "a", "b", "a"], gives: "+OK\r\n*3\r\n$1\r\n1\r\n$-1\r\n$1\r\n1\r\n"),
    run(
      ["INCR", "n"], ["INCRBY", "n", "41"], ["DECR", "n"], ["DECRBY", "n", "50"], gives: ":1\r\n:42\r\n:41\r\n:-9\r\n"),
    run(["INCRBY", "n", "x"], gives: "-ERR value is not an integer or out of range\r\n"),
    run(["INCRBY", "n", "01"], gives: "-ERR value is not an integer or out of range\r\n"),
    run(["SET", "n", "x"], ["INCR", "n"], gives: "+OK\r\n-ERR value is not an integer or out of range\r\n"),
    run(
      ["SET", "n", "9223372036854775807"], ["INCR", "n"],
      gives: "+OK\r\n-ERR increment or decrement would overflow\r\n"),
    run(["DECRBY", "n", "-9223372036854775808"], gives: "-ERR decrement would overflow\r\n"),
    run(["INCRBY", "n", "-9223372036854775808"], gives: ":-9223372036854775808\r\n"),
    run(
      ["APPEND", "k", "ab"], ["APPEND", "k", "c"], ["STRLEN", "k"], ["STRLEN", "no"], gives: ":2\r\n:3\r\n:3\r\n:0\r\n"),
    // CAS is an extension.
    run(
      ["SET", "k", "a"], ["CAS", "k", "b", "c"], ["CAS", "k", "a", "c"], ["GET", "k"],
      gives: "+OK\r\n:0\r\n:1\r\n$1\r\nc\r\n"),
    run(
      ["SELECT", "0"], ["SELECT", "1"], ["SELECT", "x"],
      gives: "+OK\r\n-ERR DB index is out of range\r\n-ERR value is not an integer or out of range\r\n"),
    run(["HELLO", "3"], gives: "-NOPROTO unsupported protocol version\r\n"),
    run(["HELLO", "x"], gives: "-ERR Protocol version is not an integer or out of range\r\n"),
    run(
      ["FOO", "a", "b"],
      gives: "-ERR unknown command 'FOO', with args beginning with: 'a' 'b' \r\n"),
    run(["F\r\nO"], gives: "-ERR unknown command 'F  O', with args beginning with: \r\n"),
    run(["CLIENT", "SETNAME", "x"], ["CLIENT", "GETNAME"], ["CLIENT", "ID"], gives: "+OK\r\n$1\r\nx\r\n:7\r\n"),
    run(
      ["CLIENT", "SETNAME", "x y"],
      gives: "-ERR Client names cannot contain spaces, newlines or special characters.\r\n"),
    run(["CLIENT", "NONSENSE"], gives: "-ERR unknown subcommand 'NONSENSE'. Try CLIENT HELP.\r\n"),
    run(["CLIENT", "SETNAME"], gives: "-ERR wrong number of arguments for 'client|setname' command\r\n"),
    run(["CONFIG", "GET", "save"], gives: "*2\r\n$4\r\nsave\r\n$0\r\n\r\n"),
    run(["CONFIG", "GET", "APPEND*", "nothing"], gives: "*2\r\n$10\r\nappendonly\r\n$3\r\nyes\r\n"),
    run(["CONFIG", "GET"], gives: "-ERR wrong number of arguments for 'config|get' command\r\n"),
    run(
      ["READONLY"], ["CONSISTENCY"], ["READWRITE"], ["CONSISTENCY"],
      gives: "+OK\r\n$5\r\nlocal\r\n+OK\r\n$12\r\nlinearizable\r\n"),
    run(
      ["CONSISTENCY", "bounded"], ["CONSISTENCY", "eventual"],
      gives: "+OK\r\n-ERR unknown consistency 'eventual', expected linearizable, bounded or local\r\n"),
    run(["COMMAND", "COUNT"], gives: ":\(CommandName.allCases.count)\r\n"),
    run(
      ["COMMAND", "INFO", "get", "nope"],
      gives:
        "*2\r\n*10\r\n$3\r\nget\r\n:2\r\n*2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*0\r\n*0\r\n*0\r\n*0\r\n*-1\r\n"),
    run(["MSET", "a", "1", "b", "2"], ["DBSIZE"], gives: "+OK\r\n:2\r\n"),
    run(["INFO", "Server"], gives: "$8\r\n# server\r\n"),
    run(["RESET"], gives: "+RESET\r\n"),
    run(
      ["AUTH", "x"],
      gives:
        "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n"
    ),
  ]

  @Test("are those of Redis", arguments: cases)
  func replies(of test: Case) {
    var served = Served()
    var replies = ""
    for command in test.commands { replies += served.replies(to: request(command.map(bytes))) }
    #expect(replies == test.reply, "\(test.commands)")
    // And in one pipeline.
    var pipelined = Served()
    #expect(pipelined.replies(to: test.commands.flatMap { request($0.map(bytes)) }) == test.reply, "\(test.commands)")
  }

  @Test(
    "tell how a request ended that was not executed",
    arguments: [
      (.moved(to: Endpoint(host: "10.0.0.1", port: 7001)), "-MOVED 12182 10.0.0.1:7001\r\n"),
      (.noLeader, "-CLUSTERDOWN The cluster is down\r\n"),
      (.readOnly, "-READONLY You can't write against a read only replica.\r\n"),
      (.busy, "-TRYAGAIN The node cannot take the command now and did nothing: try again later\r\n"),
      (.loading, "-LOADING Redis is loading the dataset in memory\r\n"),
      (.crossGroup, "-CROSSSLOT Keys in request don't hash to the same slot\r\n"),
      (.unknown, "-UNKNOWN whether the command took effect is not known: do not repeat it blindly\r\n"),
      (.done(.refused(.tooLarge)), "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n"),
    ] as [(Completion, String)])
  func completions(completion: Completion, reply: String) {
    var connection = Connection(id: 1)
    connection.feed(request("SET", "foo", "v"))
    connection.complete(connection.requests[0].ticket, completion)
    #expect(connection.drain() == reply)
  }

  @Test("follow from what a server answers")
  func outcomes() {
    let here = Endpoint(host: "h", port: 1)
    func completion(_ outcome: ClientReply.Outcome) -> Completion {
      Completion(outcome, member: { $0 == NodeID(2) ? here : nil }, group: { _ in here })
    }
    #expect(completion(.done(.stored)) == .done(.stored))
    #expect(completion(.redirect(to: NodeID(2))) == .moved(to: here))
    #expect(completion(.redirect(to: NodeID(3))) == .noLeader && completion(.redirect(to: nil)) == .noLeader)
    #expect(completion(.moved(KeyRouter())) == .moved(to: here))
    #expect(completion(.busy) == .busy)
    #expect(completion(.unknown(leader: NodeID(2))) == .unknown)
    #expect(completion(.sessionExpired(above: SequenceNumber(1))) == .unknown)
  }
}
