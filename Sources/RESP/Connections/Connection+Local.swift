import Server

/// Commands that the connection answers itself.
extension Connection {
  mutating func answer(_ command: ClientCommand) {
    switch command {
    case .operation, .ask: preconditionFailure("the connection was to answer what only its host can")
    case .ping(nil): answer { $0.status("PONG") }
    case .ping(let text?), .echo(let text): answer { $0.bulk(text) }
    case .selectDatabase, .noEffect: answer { $0.ok() }
    case .readOnly: use(.local)
    case .readWrite: use(.linearizable)
    case .consistency(let wanted?): use(wanted)
    case .consistency(nil):
      let word = consistency.rawValue
      answer { $0.bulk(word) }
    case .hello(let name):
      if let name { self.name = name }
      let id = Int64(id)
      answer { $0.hello(connection: id) }
    case .clientID:
      let id = Int64(id)
      answer { $0.integer(id) }
    case .clientName:
      let name = name
      answer { name.isEmpty ? $0.null() : $0.bulk(name) }
    case .setClientName(let name):
      self.name = name
      answer { $0.ok() }
    case .clientInfo:
      let line = description
      answer { $0.bulk(line) }
    case .commandTable: answer { $0.commands(CommandName.allCases) }
    case .commandCount: answer { $0.integer(Int64(CommandName.allCases.count)) }
    case .commandList: answer { $0.names(of: CommandName.allCases) }
    case .commandInfo(let names): answer { $0.commands(names) }
    case .commandDocs(let names): answer { $0.documentation(of: names) }
    case .configuration(let patterns):
      answer { $0.configuration(ConnectionSettings.shown, matching: patterns) }
    case .reset:
      name = []
      consistency = settings.consistency
      answer { $0.status("RESET") }
    case .quit:
      isEnding = true
      answer { $0.ok() }
    }
  }

  private mutating func use(_ consistency: ReadConsistency) {
    self.consistency = consistency
    answer { $0.ok() }
  }

  /// The connection as a line of `CLIENT LIST`, without its end.
  public var description: String {
    let flags = consistency == .linearizable ? "N" : "r"
    return
      "id=\(id) name=\(String(decoding: name, as: UTF8.self)) db=0 flags=\(flags) consistency=\(consistency.rawValue) "
      + "outstanding=\(queue.count) obl=\(output.count) resp=2"
  }
}
