import Server

/// Commands that concern the connection or describe the node.
extension ArgumentReader {
  func selectDatabase(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    guard try integer(1, &request) == 0 else { throw .databaseOutOfRange }
    return .selectDatabase
  }

  func auth() throws(ReplyError) -> ClientCommand {
    throw count <= 3 ? .noPassword : .syntax
  }

  func hello(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    var name: [UInt8]?
    if count > 1 {
      guard let version = request.integer(1, in: chunk) else { throw .protocolNotAnInteger }
      guard version == 2 else { throw .unsupportedProtocol }
      var place = 2
      while place < count {
        switch request.word(place, in: chunk) {
        case Word("SETNAME") where place + 1 < count:
          name = try clientName(place + 1, &request)
          place += 2
        case Word("AUTH") where place + 2 < count: throw .noPassword
        default: throw .syntax
        }
      }
    }
    return .hello(name: name)
  }

  func consistency(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    guard count <= 2 else { throw .wrongArgumentCount(.consistency, subcommand: nil) }
    guard count == 2 else { return .consistency(nil) }
    let word = request.word(1, in: chunk)
    for consistency in ReadConsistency.allCases where word == Word(consistency) { return .consistency(consistency) }
    throw .unknownConsistency(request.take(1, in: chunk))
  }

  func configuration(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    guard request.word(1, in: chunk) == Word("GET") else {
      throw .unknownSubcommand(.config, request.take(1, in: chunk))
    }
    guard count > 2 else { throw .wrongArgumentCount(.config, subcommand: StaticWord("get")) }
    return .configuration((2..<count).map { request.take($0, in: chunk) })
  }

  func client(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    func expect(_ expected: Int, _ name: StaticString) throws(ReplyError) {
      if count != expected { throw .wrongArgumentCount(.client, subcommand: StaticWord(name)) }
    }
    switch request.word(1, in: chunk) {
    case Word("ID"):
      try expect(2, "id")
      return .clientID
    case Word("GETNAME"):
      try expect(2, "getname")
      return .clientName
    case Word("INFO"):
      try expect(2, "info")
      return .clientInfo
    case Word("LIST"):
      guard count == 2 else { throw .syntax }
      return .ask(.clientList)
    case Word("SETNAME"):
      try expect(3, "setname")
      return .setClientName(try clientName(2, &request))
    case Word("SETINFO"):
      try expect(4, "setinfo")
      let option = request.word(2, in: chunk)
      guard option == Word("LIB-NAME") || option == Word("LIB-VER") else {
        throw .unknownClientInfo(request.take(2, in: chunk))
      }
      return .noEffect
    case Word("NO-EVICT"), Word("NO-TOUCH"):
      try expect(3, request.word(1, in: chunk) == Word("NO-EVICT") ? "no-evict" : "no-touch")
      let option = request.word(2, in: chunk)
      guard option == Word("ON") || option == Word("OFF") else { throw .syntax }
      return .noEffect
    default: throw .unknownSubcommand(.client, request.take(1, in: chunk))
    }
  }

  private func clientName(_ place: Int, _ request: inout RequestParser) throws(ReplyError) -> [UInt8] {
    let name = request.take(place, in: chunk)
    guard name.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .malformedClientName }
    return name
  }

  func commandQuery(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    guard count > 1 else { return .commandTable }
    let names = (2..<max(2, count)).map { CommandTable.shared.find(request.word($0, in: chunk))?.name }
    switch request.word(1, in: chunk) {
    case Word("COUNT"):
      guard count == 2 else { throw .wrongArgumentCount(.command, subcommand: StaticWord("count")) }
      return .commandCount
    case Word("LIST"):
      guard count == 2 else { throw .syntax }
      return .commandList
    case Word("INFO"): return .commandInfo(count == 2 ? CommandName.allCases : names)
    case Word("DOCS"): return .commandDocs(count == 2 ? CommandName.allCases : names.compactMap { $0 })
    default: throw .unknownSubcommand(.command, request.take(1, in: chunk))
    }
  }
}

extension Word {
  /// The word for a consistency.
  fileprivate init(_ consistency: ReadConsistency) {
    switch consistency {
    case .linearizable: self.init("LINEARIZABLE" as StaticString)
    case .bounded: self.init("BOUNDED" as StaticString)
    case .local: self.init("LOCAL" as StaticString)
    }
  }
}
