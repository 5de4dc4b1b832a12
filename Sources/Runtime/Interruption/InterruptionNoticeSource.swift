import Wire

/// Who tells a node that its machine is to go.
enum InterruptionNoticeSource: Sendable, Hashable, CustomStringConvertible {
  /// A signal to the process.
  case signal
  /// The machine's metadata service, with the action and the time that it names.
  case metadata(action: String, time: String)
  /// An administrator, or the driver of an experiment.
  case order(InterruptionNotice)
  /// An administrator, who dismisses a node of the fleet.
  case administrator

  /// The value in words.
  var description: String {
    switch self {
    case .signal: "a signal"
    case .metadata(let action, let time): "the metadata service (\(action) at \(time))"
    case .order(let notice): "an order (\(notice.action), \(notice.timeLeft) left)"
    case .administrator: "an administrator"
    }
  }
}
