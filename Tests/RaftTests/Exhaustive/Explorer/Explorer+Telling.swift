@testable import Raft

extension Explorer {
  /// The steps that lead to a state, in words; of what is only answered on the side, what is needed later.
  mutating func path(to number: Int) -> [String] {
    var origins: [Origin] = []
    var number = number
    while number > 0 {
      origins.append(self.origins[number])
      number = Int(self.origins[number].parent)
    }
    var lines: [String] = []
    guard var state = try? firstState() else { return lines }
    // What each sight that was answered on the side answers, until it is told.
    var asides: [Int: Int] = [:]
    for origin in origins.reversed() {
      let action = Action(code: origin.action)
      let slot = Int(origin.slot)
      var waiting = action.kind == .deliver ? [action.argument] : []
      var explained: [String] = []
      while let sight = waiting.popLast() {
        guard let question = asides.removeValue(forKey: sight) else { continue }
        explained.append(
          "\(table.sights[question].text), which changes nothing, is answered: \(table.sights[sight].text)")
        waiting.append(question)
      }
      lines += explained.reversed()
      lines.append("n\(slot) \(text(of: action))")
      guard let choice = actions(in: state).first(where: { $0.slot == slot && $0.action == action }),
        let (next, _) = step(
          state, slot: slot, action, cost: choice.cost,
          aside: { question, answers in
            for answer in answers { asides[answer] = question }
          })
      else { break }
      state = next
    }
    return lines
  }

  private func text(of action: Action) -> String {
    switch action.kind {
    case .deliver: "receives \(table.sights[action.argument].text)"
    case .timeOut: "times out"
    case .persist: "has its next write on the disk"
    case .reboot: "crashes with \(action.argument) waiting writes on the disk, and starts again"
    case .propose: "is given command \(action.argument)"
    case .change: "is given \(bounds.changes[action.argument].steps)"
    case .apply: "applies the next entry"
    }
  }
}

extension Sight {
  /// A message in a few words.
  var text: String {
    guard let envelope = message else { return "" }
    let what =
      switch envelope.message {
      case .voteRequest(let message): "vote request of term \(message.term), log up to \(message.last)"
      case .voteResponse(let message): "vote \(message.isGranted ? "granted" : "refused") in term \(message.term)"
      case .appendEntries(let message):
        "append of term \(message.term) after \(message.previous): terms \(message.entries.map(\.term)), "
          + "commit \(message.commit)"
      case .appendAccepted(let message): "append accepted in term \(message.term) up to \(message.match)"
      case .appendRejected(let message):
        "append rejected in term \(message.term) at \(message.previous), hint \(message.hint)"
      case .heartbeat(let message): "heartbeat of term \(message.term), commit \(message.commit)"
      case .heartbeatResponse(let message): "heartbeat answered in term \(message.term)"
      default: "\(envelope.message)"
      }
    return "\(envelope.from) to \(envelope.to): \(what)"
  }
}
