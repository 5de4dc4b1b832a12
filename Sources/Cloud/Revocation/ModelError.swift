/// A parameter that a model cannot have.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The model's name.
  public let model: String
  /// What was found and what was expected.
  public let fault: String

  init(model: String, fault: String) {
    self.model = model
    self.fault = fault
  }

  /// The error in one line.
  public var description: String { "\(model): \(fault)" }
}
