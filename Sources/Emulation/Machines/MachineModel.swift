import Raft

/// What a machine can do: three resources, each a first-in-first-out queue with stated service times.
public struct MachineModel: Hashable, Sendable {
  /// The name that people use, such as `m5.large`.
  public var name: String
  /// CPU time to take in or send one message.
  public var cpuPerMessage: TimeSpan
  /// CPU time per KiB of a message.
  public var cpuPerKibibyte: TimeSpan
  /// CPU time to execute one client operation.
  public var cpuPerOperation: TimeSpan
  /// Egress capacity; nil means unlimited.
  public var egress: Bandwidth?
  /// The time of one durable write, whatever its size.
  public var diskSync: TimeSpan
  /// The disk's throughput; nil means unlimited.
  public var diskThroughput: Bandwidth?

  /// Makes a model.
  public init(
    name: String, cpuPerMessage: TimeSpan, cpuPerKibibyte: TimeSpan, cpuPerOperation: TimeSpan, egress: Bandwidth?,
    diskSync: TimeSpan, diskThroughput: Bandwidth?
  ) {
    self.name = name
    self.cpuPerMessage = cpuPerMessage
    self.cpuPerKibibyte = cpuPerKibibyte
    self.cpuPerOperation = cpuPerOperation
    self.egress = egress
    self.diskSync = diskSync
    self.diskThroughput = diskThroughput
  }

  /// A machine that takes no time for anything: what is left is the network and the protocol.
  public static let ideal = MachineModel(
    name: "ideal", cpuPerMessage: .zero, cpuPerKibibyte: .zero, cpuPerOperation: .zero, egress: nil, diskSync: .zero,
    diskThroughput: nil)
}
