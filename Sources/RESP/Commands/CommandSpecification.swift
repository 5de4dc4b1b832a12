/// What `COMMAND` says of a command, and how many arguments it takes.
public struct CommandSpecification: Sendable {
  /// The name in lower case.
  public let name: StaticString
  /// The name in upper case.
  public let upperName: StaticString
  /// How many arguments it takes, its name among them; negative: at least as many.
  public let arity: Int
  /// The flags of Redis, separated by blanks.
  public let flags: StaticString
  /// Where the first and the last key stand among the arguments, and the step between them; zeros without keys.
  public let keys: (first: Int, last: Int, step: Int)
  /// The group of commands that Redis puts it in.
  public let group: StaticString
  /// One line on what it does.
  public let summary: StaticString

  /// Whether it takes a number of arguments, its name among them.
  @inline(__always)
  func takes(_ count: Int) -> Bool { arity >= 0 ? count == arity : count >= -arity }
}

extension CommandName {
  /// What `COMMAND` says of the command.
  public var specification: CommandSpecification {
    func of(
      _ name: StaticString, _ upper: StaticString, _ arity: Int, _ flags: StaticString, keys: (Int, Int, Int),
      _ group: StaticString, _ summary: StaticString
    ) -> CommandSpecification {
      CommandSpecification(
        name: name, upperName: upper, arity: arity, flags: flags,
        keys: (first: keys.0, last: keys.1, step: keys.2), group: group, summary: summary)
    }
    let (none, one) = ((0, 0, 0), (1, 1, 1))
    switch self {
    case .append:
      return of(
        "append", "APPEND", 3, "write denyoom fast", keys: one, "string", "Appends a string to the value of a key.")
    case .auth:
      return of(
        "auth", "AUTH", -2, "noscript loading stale fast no_auth", keys: none, "connection",
        "Refused: there are no passwords.")
    case .cas:
      return of(
        "cas", "CAS", 4, "write denyoom fast", keys: one, "string",
        "Sets a key if it holds an expected value (an extension).")
    case .client:
      return of("client", "CLIENT", -2, "", keys: none, "connection", "Names and describes connections.")
    case .command:
      return of("command", "COMMAND", -1, "loading stale", keys: none, "server", "Describes the commands.")
    case .config:
      return of("config", "CONFIG", -2, "", keys: none, "server", "Shows settings.")
    case .consistency:
      return of(
        "consistency", "CONSISTENCY", -1, "loading stale fast", keys: none, "connection",
        "Sets how fresh reads are: linearizable, bounded or local (an extension).")
    case .dbsize:
      return of(
        "dbsize", "DBSIZE", 1, "readonly fast", keys: none, "server", "Returns the number of keys in the node's state.")
    case .decr:
      return of(
        "decr", "DECR", 2, "write denyoom fast", keys: one, "string", "Decrements the integer value of a key by one.")
    case .decrby:
      return of(
        "decrby", "DECRBY", 3, "write denyoom fast", keys: one, "string",
        "Decrements the integer value of a key by a number.")
    case .del:
      return of("del", "DEL", -2, "write", keys: (1, -1, 1), "generic", "Deletes keys.")
    case .echo:
      return of("echo", "ECHO", 2, "loading stale fast", keys: none, "connection", "Returns the given string.")
    case .exists:
      return of("exists", "EXISTS", -2, "readonly fast", keys: (1, -1, 1), "generic", "Counts the keys that exist.")
    case .get:
      return of("get", "GET", 2, "readonly fast", keys: one, "string", "Returns the value of a key.")
    case .getset:
      return of(
        "getset", "GETSET", 3, "write denyoom fast", keys: one, "string", "Sets a key and returns its old value.")
    case .hello:
      return of(
        "hello", "HELLO", -1, "noscript loading stale fast no_auth allow_busy", keys: none, "connection",
        "Describes the server; only protocol version 2 is spoken.")
    case .incr:
      return of(
        "incr", "INCR", 2, "write denyoom fast", keys: one, "string", "Increments the integer value of a key by one.")
    case .incrby:
      return of(
        "incrby", "INCRBY", 3, "write denyoom fast", keys: one, "string",
        "Increments the integer value of a key by a number.")
    case .info:
      return of("info", "INFO", -1, "loading stale", keys: none, "server", "Returns facts about the node.")
    case .mget:
      return of(
        "mget", "MGET", -2, "readonly fast", keys: (1, -1, 1), "string", "Returns the values of keys, all of one state."
      )
    case .mset:
      return of("mset", "MSET", -3, "write denyoom", keys: (1, -1, 2), "string", "Sets keys, all or none.")
    case .ping:
      return of("ping", "PING", -1, "fast", keys: none, "connection", "Returns PONG or the given string.")
    case .quit:
      return of(
        "quit", "QUIT", -1, "noscript loading stale fast no_auth allow_busy", keys: none, "connection",
        "Closes the connection.")
    case .readonly:
      return of(
        "readonly", "READONLY", 1, "loading stale fast", keys: none, "cluster", "Lets reads be stale, from any node.")
    case .readwrite:
      return of(
        "readwrite", "READWRITE", 1, "loading stale fast", keys: none, "cluster", "Makes reads linearizable again.")
    case .reset:
      return of(
        "reset", "RESET", 1, "noscript loading stale fast no_auth allow_busy", keys: none, "connection",
        "Resets the connection.")
    case .select:
      return of(
        "select", "SELECT", 2, "loading stale fast", keys: none, "connection", "Selects database 0, the only one.")
    case .set:
      return of("set", "SET", -3, "write denyoom", keys: one, "string", "Sets a key, on a condition if one is given.")
    case .setnx:
      return of("setnx", "SETNX", 3, "write denyoom fast", keys: one, "string", "Sets a key that does not exist.")
    case .strlen:
      return of("strlen", "STRLEN", 2, "readonly fast", keys: one, "string", "Returns the length of a value.")
    }
  }
}
