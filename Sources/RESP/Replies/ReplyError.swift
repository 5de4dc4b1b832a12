/// The errors that a command is answered with, worded as Redis words them.
public enum ReplyError: Error, Hashable, Sendable {
  /// No command has the name.
  case unknownCommand(name: [UInt8], arguments: [[UInt8]])
  /// The command has no such subcommand.
  case unknownSubcommand(CommandName, [UInt8])
  /// The command takes another number of arguments.
  case wrongArgumentCount(CommandName, subcommand: StaticWord?)
  /// The arguments do not fit together.
  case syntax
  /// An argument or a value is no integer of 64 bits.
  case notAnInteger
  /// An increment would leave 64 bits.
  case overflow
  /// A decrement's amount has no negative counterpart.
  case decrementOverflow
  /// There is only database 0.
  case databaseOutOfRange
  /// Only protocol version 2 is spoken.
  case unsupportedProtocol
  /// An argument of `HELLO` is no protocol version.
  case protocolNotAnInteger
  /// There are no passwords.
  case noPassword
  /// Keys do not expire.
  case expiryUnsupported
  /// A connection's name has blanks or special characters.
  case malformedClientName
  /// An option of `CLIENT SETINFO` that does not exist.
  case unknownClientInfo([UInt8])
  /// A consistency that does not exist.
  case unknownConsistency([UInt8])
  /// A key or a value exceeds the store's limit.
  case tooLarge
  /// The keys belong to different groups.
  case crossSlot
  /// Another node serves the key; the slot is the one that Redis Cluster would have it in.
  case moved(slot: Int, Endpoint)
  /// No leader is known.
  case clusterDown
  /// The node does not take writes.
  case readOnly
  /// The node, or the key's group, has no room or is not ready: nothing was done, and the client may try again.
  case tryAgain
  /// The node is still starting.
  case loading
  /// Whether the command took effect, or will, is not known.
  case unknownOutcome
}

/// A word that the program has, for use in errors.
public struct StaticWord: Hashable, Sendable {
  /// The word.
  public let text: StaticString

  /// Makes a word of a literal.
  public init(_ text: StaticString) { self.text = text }

  /// Two words are equal when their bytes are.
  public static func == (left: StaticWord, right: StaticWord) -> Bool {
    left.text.description == right.text.description
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(text.description) }
}
