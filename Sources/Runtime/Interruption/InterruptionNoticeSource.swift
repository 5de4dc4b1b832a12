/// Who tells a node that its machine is to go.
enum InterruptionNoticeSource: Sendable, Hashable, CustomStringConvertible {
  /// A signal to the process.
  case signal
  /// The machine's metadata service, with the action and the time that it names.
  case metadata(action: String, time: String)
  /// The driver of an experiment.
  case driver
  /// An administrator, who dismisses a node of the fleet.
  case administrator

  /// The value in words.
  var description: String {
    switch self {
    case .signal: "a signal"
    case .metadata(let action, let time): "the metadata service (\(action) at \(time))"
    case .driver: "the driver"
    case .administrator: "an administrator"
    }
  }
}
