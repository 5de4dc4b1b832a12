/// What spares an exploration states that can show nothing new. Each is checked against doing without it.
struct Reductions: OptionSet {
  let rawValue: Int

  /// States that differ in the names of the nodes alone are one: all nodes follow the same rules.
  static let names = Reductions(rawValue: 1)
  /// What changes no machine is done at once. The network forgets nothing, so an answer more never takes a step away.
  static let closing = Reductions(rawValue: 2)
  /// A state is left out if one with the same machines is known of which more was seen, or in which more may still
  /// happen: it can do all that this one can.
  static let covering = Reductions(rawValue: 4)
  /// Answers to what is over are forgotten, see ``Machine/isDone(with:_:)``, and so are told votes of terms in which the
  /// voter cannot vote any more.
  static let forgetting = Reductions(rawValue: 8)

  static let all: Reductions = [.names, .closing, .covering, .forgetting]
}
