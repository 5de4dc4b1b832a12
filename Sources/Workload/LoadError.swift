import Raft

/// Why a workload cannot be run. Phases are counted from 0.
public enum LoadError: Error, Hashable, Sendable {
  /// A phase begins before the run or not after the phase before it.
  case phaseOrder(phase: Int)
  /// A mix has no kinds, or a weight that is not a positive number.
  case badMix(phase: Int)
  /// A rate is negative or not a number, or the times of a trace do not rise.
  case badRate(phase: Int)
  /// The number of clients is not in 1 ... ``SiteClients/maximumSessions``, or the think time is negative.
  case badClients(phase: Int)
  /// The exponent of a key distribution is not strictly between 0 and 1.
  case badTheta(phase: Int)
  /// The number of keys is not in 1 ... 2^31 - 1.
  case badKeyCount(phase: Int)
  /// A value's size is negative or above 2^31 - 1 bytes.
  case badValueSize(phase: Int)
  /// There is no server to ask.
  case noServers
  /// A site's place is not within the number of sites.
  case badPlace
  /// A setting of the clients is out of its documented range.
  case badSetting(ClientSettings.Name)
}

extension LoadPhase {
  /// Throws when the phase, which has a place in its workload, makes no sense.
  func validate(position: Int) throws(LoadError) {
    guard !mix.kinds.isEmpty, mix.shares.allSatisfy({ $0.isFinite && $0 > 0 }) else { throw .badMix(phase: position) }
    switch arrival {
    case .closed(let clients, let think):
      guard (1...SiteClients.maximumSessions).contains(clients), think >= .zero else {
        throw .badClients(phase: position)
      }
    case .poisson(let rate), .constant(let rate):
      guard rate.isFinite, rate >= 0 else { throw .badRate(phase: position) }
    case .trace(let points):
      guard points.allSatisfy({ $0.rate.isFinite && $0.rate >= 0 && $0.time >= .zero }),
        zip(points, points.dropFirst()).allSatisfy({ $0.time < $1.time })
      else { throw .badRate(phase: position) }
    }
    switch keys {
    case .uniform: break
    case .zipfian(let theta), .latest(let theta):
      guard theta > 0, theta < 1 else { throw .badTheta(phase: position) }
    }
    guard (1...Int(Int32.max)).contains(keyCount) else { throw .badKeyCount(phase: position) }
    guard value.range.lowerBound >= 0, value.range.upperBound <= Int(Int32.max) else {
      throw .badValueSize(phase: position)
    }
  }
}
