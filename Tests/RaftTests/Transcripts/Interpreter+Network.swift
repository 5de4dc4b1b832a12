@testable import Raft

/// Commands that move, lose, repeat and delay messages.
extension Interpreter {
  /// Which of the messages under way are meant.
  struct Selector {
    var from: [Int]?
    var to: [Int]?
    var kinds: [MessageKind]?
    var term: Int?
    var nth: Int?
    var count: Int?

    /// [1->2,3] [type=append,accepted] [term=2] [nth=2] [count=1]
    init(_ arguments: inout Arguments) throws {
      if let link = try arguments.link() { (from, to) = link }
      kinds = try arguments.option("type")?.split(separator: ",").map { name in
        guard let kind = MessageKind(rawValue: String(name)) else {
          throw ScriptError("there is no message '\(name)', only \(MessageKind.allCases.map(\.rawValue))")
        }
        return kind
      }
      term = try arguments.number("term")
      nth = try arguments.number("nth")
      count = try arguments.number("count")
    }

    func places(in messages: [Envelope]) -> [Int] {
      var places = messages.indices.filter { place in
        let envelope = messages[place]
        return from?.contains(envelope.from.slot) ?? true && to?.contains(envelope.to.slot) ?? true
          && kinds?.contains(envelope.message.kind) ?? true
          && term.map { envelope.words.contains(" t\($0) ") } ?? true
      }
      if let nth { places = places.indices.contains(nth - 1) ? [places[nth - 1]] : [] }
      return Array(places.prefix(count ?? .max))
    }

    func take(from messages: inout [Envelope]) -> [Envelope] {
      let places = places(in: messages)
      let taken = places.map { messages[$0] }
      for place in places.reversed() { messages.remove(at: place) }
      return taken
    }
  }

  private mutating func note(_ action: String, _ messages: [Envelope]) {
    if messages.isEmpty { stage.lines.append("no such message") }
    for envelope in messages { stage.lines.append("\(action) \(envelope.words)") }
  }

  /// deliver [which]: those that are under way now, not what they give rise to
  mutating func deliver(_ arguments: inout Arguments) throws {
    let taken = try Selector(&arguments).take(from: &stage.mailbox)
    if taken.isEmpty { stage.lines.append("no such message") }
    for envelope in taken { try stage.deliver(envelope) }
  }

  mutating func drop(_ arguments: inout Arguments) throws {
    note("drop", try Selector(&arguments).take(from: &stage.mailbox))
  }

  mutating func duplicate(_ arguments: inout Arguments) throws {
    let copies = try Selector(&arguments).places(in: stage.mailbox).map { stage.mailbox[$0] }
    stage.mailbox += copies
    note("duplicate", copies)
  }

  /// hold [which]: they stay under way until they are released
  mutating func hold(_ arguments: inout Arguments) throws {
    let taken = try Selector(&arguments).take(from: &stage.mailbox)
    stage.held += taken
    note("hold", taken)
  }

  mutating func release(_ arguments: inout Arguments) throws {
    let taken = try Selector(&arguments).take(from: &stage.held)
    stage.mailbox += taken
    note("release", taken)
  }

  /// cut 1,2: nothing passes between these and the others; cut 1->2: nothing passes this way
  mutating func cut(_ arguments: inout Arguments) throws {
    if let link = try arguments.link() {
      for from in link.from ?? stage.slots { for to in link.to ?? stage.slots { stage.cuts.append((from, to)) } }
      return
    }
    guard let side = try arguments.nodes(all: stage.slots) else { throw ScriptError("cut what?") }
    for one in side {
      for other in stage.slots where !side.contains(other) { stage.cuts += [(one, other), (other, one)] }
    }
  }

  mutating func heal(_ arguments: inout Arguments) throws { stage.cuts = [] }

  /// stabilize [1,2] [quiet]: until nothing is under way among these nodes, and nothing is to be written or applied
  mutating func stabilize(_ arguments: inout Arguments) throws {
    let isQuiet = arguments.flag("quiet")
    let mark = stage.lines.count
    let moved = try stage.stabilize(nodes(&arguments))
    if isQuiet {
      stage.lines.removeSubrange(mark...)
      stage.lines.append("\(moved) messages moved")
    } else if stage.lines.count == mark {
      stage.lines.append("nothing to do")
    }
  }
}
