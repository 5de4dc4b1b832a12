@testable import Raft

/// Runs the commands of one transcript; `README.md` beside this file describes them.
struct Interpreter {
  var stage = Stage()

  /// Runs all blocks and returns what each printed; a mistake is reported with the line it is in.
  mutating func run(_ transcript: Transcript) throws -> [[String]] {
    try transcript.blocks.map { block in
      stage.lines = []
      for command in block.commands {
        do {
          try execute(command.text)
        } catch let error as ScriptError {
          throw ScriptError("line \(command.line): \(command.text): \(error.message)")
        }
      }
      return stage.lines.isEmpty ? ["ok"] : stage.lines
    }
  }

  private mutating func execute(_ text: String) throws {
    let words = text.split(separator: " ")
    guard let name = words.first else { throw ScriptError("no command") }
    guard let command = Interpreter.commands.first(where: { $0.name == name }) else {
      throw ScriptError("there is no command '\(name)'")
    }
    var arguments = Arguments(Array(words.dropFirst()))
    try command.run(&self, &arguments)
    try arguments.finish()
  }

  typealias Command = (name: String, run: @Sendable (inout Interpreter, inout Arguments) throws -> Void)

  private static let commands: [Command] = [
    ("group", { try $0.group(&$1) }), ("boot", { try $0.boot(&$1) }), ("crash", { try $0.crash(&$1) }),
    ("restart", { try $0.restart(&$1) }), ("persist", { try $0.persist(&$1) }), ("refuse", { try $0.refuse(&$1) }),
    ("fail", { try $0.failDisk(&$1) }),
    ("apply", { try $0.apply(&$1) }), ("compact", { try $0.compact(&$1) }),

    ("campaign", { try $0.campaign(&$1) }), ("elect", { try $0.elect(&$1) }), ("tick", { try $0.tick(&$1) }),
    ("wait", { try $0.wait(&$1) }), ("run", { try $0.run(&$1) }), ("propose", { try $0.propose(&$1) }),
    ("change", { try $0.change(&$1) }), ("leave", { try $0.leave(&$1) }), ("transfer", { try $0.transfer(&$1) }),
    ("read", { try $0.read(&$1) }),

    ("deliver", { try $0.deliver(&$1) }), ("drop", { try $0.drop(&$1) }), ("duplicate", { try $0.duplicate(&$1) }),
    ("hold", { try $0.hold(&$1) }), ("release", { try $0.release(&$1) }), ("cut", { try $0.cut(&$1) }),
    ("heal", { try $0.heal(&$1) }), ("stabilize", { try $0.stabilize(&$1) }),

    ("status", { try $0.status(&$1) }), ("log", { try $0.log(&$1) }), ("progress", { try $0.progress(&$1) }),
    ("config", { try $0.config(&$1) }), ("state", { try $0.state(&$1) }), ("disk", { try $0.disk(&$1) }),
    ("messages", { try $0.messages(&$1) }),
  ]

  // MARK: Arguments that several commands share

  func known(_ slot: Int) throws -> Int {
    guard stage.slots.contains(slot) else { throw ScriptError("there is no node \(slot)") }
    return slot
  }

  /// A node that is up.
  func node(_ arguments: inout Arguments) throws -> Int {
    let slot = try known(arguments.node())
    guard stage[slot].isUp else { throw ScriptError("node \(slot) is down") }
    return slot
  }

  /// Nodes, up or not: those named, or all.
  func nodes(_ arguments: inout Arguments) throws -> [Int] {
    try arguments.nodes(all: stage.slots)?.map(known) ?? stage.slots
  }
}
