import KeyValue
import Server

/// A request that was understood: a known command with arguments that fit it.
public enum ClientCommand: Hashable, Sendable {
  /// An operation of the replicated store.
  case operation(Operation, ReplyForm)
  /// Something that only the host knows.
  case ask(HostQuestion)
  /// `PING`, with what is to come back.
  case ping([UInt8]?)
  /// `ECHO`.
  case echo([UInt8])
  /// `SELECT 0`.
  case selectDatabase
  /// `CONSISTENCY`: how fresh reads are to be from now on; nil asks how fresh they are.
  case consistency(ReadConsistency?)
  /// `READONLY`: reads may be stale from now on, as from a replica of Redis.
  case readOnly
  /// `READWRITE`: reads are linearizable again.
  case readWrite
  /// `HELLO` for version 2, with the connection's new name.
  case hello(name: [UInt8]?)
  /// `CLIENT ID`.
  case clientID
  /// `CLIENT GETNAME`.
  case clientName
  /// `CLIENT SETNAME`.
  case setClientName([UInt8])
  /// `CLIENT INFO`.
  case clientInfo
  /// A command that changes nothing here and is answered with `OK`, such as `CLIENT SETINFO`.
  case noEffect
  /// `COMMAND`.
  case commandTable
  /// `COMMAND COUNT`.
  case commandCount
  /// `COMMAND LIST`.
  case commandList
  /// `COMMAND INFO` with names; an unknown one is nil.
  case commandInfo([CommandName?])
  /// `COMMAND DOCS`; without names, of all commands.
  case commandDocs([CommandName])
  /// `CONFIG GET` with patterns.
  case configuration([[UInt8]])
  /// `RESET`.
  case reset
  /// `QUIT`.
  case quit
}

/// What a command asks that only the connection's host can answer.
public enum HostQuestion: Hashable, Sendable {
  /// `INFO`, with the sections wanted in lower case; none means all.
  case information(sections: [String])
  /// `DBSIZE`: how many keys the node's state has.
  case keyCount
  /// `CLIENT LIST`: a line of ``Connection/description`` for each connection.
  case clientList
}
