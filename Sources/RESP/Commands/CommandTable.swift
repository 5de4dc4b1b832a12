/// Finds commands by their names: a table of hashes made once, small enough to stay in the cache.
struct CommandTable: Sendable {
  private struct Entry: Sendable {
    var word = Word.none
    var name = CommandName.get
    var arity = 0
  }

  static let shared = CommandTable()

  private static let bits: UInt64 = 7
  private let entries: ContiguousArray<Entry>

  private init() {
    var entries = ContiguousArray(repeating: Entry(), count: 1 << CommandTable.bits)
    for name in CommandName.allCases {
      let word = Word(name.specification.name)
      var slot = word.slot(bits: CommandTable.bits)
      while entries[slot].word != .none { slot = (slot + 1) % entries.count }
      entries[slot] = Entry(word: word, name: name, arity: name.specification.arity)
    }
    self.entries = entries
  }

  /// The command that a word names, and how many arguments it takes.
  @inline(__always)
  func find(_ word: Word) -> (name: CommandName, arity: Int)? {
    guard word != .none else { return nil }
    var slot = word.slot(bits: CommandTable.bits)
    while entries[slot].word != .none {
      if entries[slot].word == word { return (entries[slot].name, entries[slot].arity) }
      slot = (slot + 1) & (1 << Int(CommandTable.bits) - 1)
    }
    return nil
  }
}
