/// Where a node answers clients, as it is told to them.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The host's name or address.
  public var host: String
  /// The port.
  public var port: UInt16

  /// Makes an endpoint.
  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// The endpoint as `host:port`.
  public var description: String { "\(host):\(port)" }
}
