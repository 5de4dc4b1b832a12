/// Errors in the words of Redis 7.
extension ReplyWriter {
  /// The most bytes of a client's words that an error repeats.
  private static let longestQuote = 128

  /// An error of a command.
  public mutating func error(_ error: ReplyError) {
    byte(UInt8(ascii: "-"))
    switch error {
    case .unknownCommand(let name, let arguments):
      literal("ERR unknown command '")
      text(name.prefix(ReplyWriter.longestQuote))
      literal("', with args beginning with: ")
      quote(arguments)
    case .unknownSubcommand(let command, let name):
      literal("ERR unknown subcommand '")
      text(name.prefix(ReplyWriter.longestQuote))
      literal("'. Try ")
      literal(command.specification.upperName)
      literal(" HELP.")
    case .wrongArgumentCount(let command, let subcommand):
      literal("ERR wrong number of arguments for '")
      literal(command.specification.name)
      if let subcommand {
        byte(UInt8(ascii: "|"))
        literal(subcommand.text)
      }
      literal("' command")
    case .unknownClientInfo(let name):
      literal("ERR Unrecognized option '")
      text(name.prefix(ReplyWriter.longestQuote))
      byte(UInt8(ascii: "'"))
    case .unknownConsistency(let name):
      literal("ERR unknown consistency '")
      text(name.prefix(ReplyWriter.longestQuote))
      literal("', expected linearizable, bounded or local")
    case .moved(let slot, let endpoint):
      literal("MOVED ")
      decimal(Int64(slot))
      byte(UInt8(ascii: " "))
      text(endpoint.host.utf8)
      byte(UInt8(ascii: ":"))
      decimal(Int64(endpoint.port))
    default: literal(ReplyWriter.words(of: error))
    }
    endLine()
  }

  /// An error after which the connection ends.
  public mutating func error(_ error: ProtocolError) {
    byte(UInt8(ascii: "-"))
    literal(error.message)
    if case .dollarExpected(let found) = error {
      text(CollectionOfOne(found))
      byte(UInt8(ascii: "'"))
    }
    endLine()
  }

  private mutating func quote(_ arguments: [[UInt8]]) {
    var left = ReplyWriter.longestQuote
    for argument in arguments where left > 0 {
      let part = argument.prefix(left)
      byte(UInt8(ascii: "'"))
      text(part)
      literal("' ")
      left -= part.count + 3
    }
  }

  private static func words(of error: ReplyError) -> StaticString {
    switch error {
    case .syntax: "ERR syntax error"
    case .notAnInteger: "ERR value is not an integer or out of range"
    case .overflow: "ERR increment or decrement would overflow"
    case .decrementOverflow: "ERR decrement would overflow"
    case .databaseOutOfRange: "ERR DB index is out of range"
    case .unsupportedProtocol: "NOPROTO unsupported protocol version"
    case .protocolNotAnInteger: "ERR Protocol version is not an integer or out of range"
    case .noPassword:
      "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?"
    case .expiryUnsupported: "ERR keys do not expire here: EX, PX, EXAT and PXAT are not supported"
    case .malformedClientName: "ERR Client names cannot contain spaces, newlines or special characters."
    case .tooLarge: "ERR string exceeds maximum allowed size (proto-max-bulk-len)"
    case .crossSlot: "CROSSSLOT Keys in request don't hash to the same slot"
    case .clusterDown: "CLUSTERDOWN The cluster is down"
    case .readOnly: "READONLY You can't write against a read only replica."
    case .tryAgain: "TRYAGAIN The node cannot take the command now and did nothing: try again later"
    case .loading: "LOADING Redis is loading the dataset in memory"
    case .unknownOutcome: "UNKNOWN whether the command took effect is not known: do not repeat it blindly"
    case .unknownCommand, .unknownSubcommand, .wrongArgumentCount, .unknownClientInfo, .unknownConsistency, .moved:
      "ERR"
    }
  }
}
