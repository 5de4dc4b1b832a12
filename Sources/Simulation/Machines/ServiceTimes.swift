import Emulation
import Raft

/// A machine model unpacked into the service times that the path of a message needs.
struct ServiceTimes: Sendable {
  private let perMessage: Int64
  private let perKibibyte: Int64
  /// CPU time of one executed operation.
  let perOperation: Int64
  /// Whether the CPU takes no time for messages.
  let hasInstantCPU: Bool
  private let egress: Bandwidth?
  private let sync: TimeSpan
  private let throughput: Bandwidth?

  init(_ model: MachineModel) {
    perMessage = max(0, model.cpuPerMessage.nanoseconds)
    perKibibyte = max(0, model.cpuPerKibibyte.nanoseconds)
    perOperation = max(0, model.cpuPerOperation.nanoseconds)
    hasInstantCPU = perMessage == 0 && perKibibyte == 0
    egress = model.egress
    sync = max(.zero, model.diskSync)
    throughput = model.diskThroughput
  }

  /// CPU time to take in or send one message of `bytes`.
  @inline(__always)
  func cpu(bytes: Int) -> Int64 { hasInstantCPU ? 0 : perMessage + (perKibibyte * Int64(bytes)) >> 10 }

  /// How long a message of `bytes` occupies the network interface.
  @inline(__always)
  func nic(bytes: Int) -> Int64 {
    guard let egress else { return 0 }
    return egress.time(forBytes: bytes).nanoseconds
  }

  /// How long the disk takes to make `bytes` durable together.
  func disk(bytes: Int) -> TimeSpan {
    guard let throughput else { return sync }
    return sync + throughput.time(forBytes: bytes)
  }
}
