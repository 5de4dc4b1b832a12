/// A file of commands and what they are expected to print; `README.md` beside this file describes the format.
struct Transcript {
  /// A few commands and what they print together.
  struct Block {
    var commands: [Command]
    var expected: [String]
    /// Whether the line between commands and output is there.
    var isSeparated: Bool
  }

  struct Command {
    var line: Int
    var text: String
  }

  enum Part {
    /// A comment or a blank line, kept as it is.
    case prose(String)
    case block(Block)
  }

  var parts: [Part] = []

  var blocks: [Block] {
    parts.compactMap { if case .block(let block) = $0 { block } else { nil } }
  }

  init(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    var place = 0
    while place < lines.count {
      if lines[place].isEmpty || lines[place].hasPrefix("#") {
        parts.append(.prose(lines[place]))
        place += 1
        continue
      }
      var block = Block(commands: [], expected: [], isSeparated: false)
      while place < lines.count, !lines[place].isEmpty {
        if lines[place] == Transcript.separator {
          block.isSeparated = true
        } else if block.isSeparated {
          block.expected.append(lines[place])
        } else {
          block.commands.append(Command(line: place + 1, text: lines[place]))
        }
        place += 1
      }
      parts.append(.block(block))
    }
  }

  static let separator = "----"

  /// The file again, with the blocks' output replaced.
  func text(with outputs: [[String]]) -> String {
    var lines: [String] = []
    var place = 0
    for part in parts {
      switch part {
      case .prose(let line): lines.append(line)
      case .block(let block):
        lines += block.commands.map(\.text) + [Transcript.separator] + outputs[place]
        place += 1
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A mistake in a transcript, or a broken promise of the group: it fails the test, even when outputs are rewritten.
struct ScriptError: Error, Equatable {
  var message: String

  init(_ message: String) { self.message = message }
}

/// The lines of two texts side by side: what is only expected with a minus, what is only found with a plus.
func difference(expected: [String], found: [String]) -> String {
  let changes = found.difference(from: expected)
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for change in changes {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  var lines: [String] = []
  var old = 0
  var new = 0
  while old < expected.count || new < found.count {
    if removed.contains(old) {
      lines.append("- " + expected[old])
      old += 1
    } else if inserted.contains(new) {
      lines.append("+ " + found[new])
      new += 1
    } else {
      lines.append("  " + expected[old])
      old += 1
      new += 1
    }
  }
  return lines.joined(separator: "\n")
}

extension Transcript {
  /// For each block that printed something else: the line of its last command, and both outputs.
  func differences(from outputs: [[String]]) -> [String] {
    zip(blocks, outputs).compactMap { block, output in
      guard let command = block.commands.last else { return "0: an output without a command" }
      if !block.isSeparated { return "\(command.line): \(command.text): no \(Transcript.separator) follows" }
      if block.expected == output { return nil }
      return "\(command.line): \(command.text)\n" + difference(expected: block.expected, found: output)
    }
  }
}
