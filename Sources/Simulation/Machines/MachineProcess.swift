import KeyValue
import Raft
import Server

/// What runs on a machine, changed where it is: a value as large as a server is not to be moved for every message.
enum MachineProcess: @unchecked Sendable {
  case member(UnsafeMutablePointer<Server>)
  case secretary(UnsafeMutablePointer<SecretaryServer>)
  case observer(UnsafeMutablePointer<ObserverServer>)

  static func member(_ server: consuming Server) -> MachineProcess { .member(box(server)) }
  static func secretary(_ server: consuming SecretaryServer) -> MachineProcess { .secretary(box(server)) }
  static func observer(_ server: consuming ObserverServer) -> MachineProcess { .observer(box(server)) }

  private static func box<Value>(_ value: consuming Value) -> UnsafeMutablePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    return pointer
  }

  /// Ends the process; nothing of it may be used any more.
  func deallocate() {
    switch self {
    case .member(let server): MachineProcess.free(server)
    case .secretary(let server): MachineProcess.free(server)
    case .observer(let server): MachineProcess.free(server)
    }
  }

  private static func free<Value>(_ pointer: UnsafeMutablePointer<Value>) {
    pointer.deinitialize(count: 1)
    pointer.deallocate()
  }
}

/// Access to what runs, without a look at the rest of the machine: a machine is never read as a whole on the path of a
/// message, since that would retain all that it holds.
extension MachineProcess {
  /// The server of a member; the fleet has none.
  var server: Server {
    @inline(__always)
    _read {
      guard case .member(let server) = self else { preconditionFailure("it is no member") }
      yield server.pointee
    }
    @inline(__always)
    nonmutating _modify {
      guard case .member(let server) = self else { preconditionFailure("it is no member") }
      yield &server.pointee
    }
  }

  /// Whether it is a secretary or an observer, which have no disk to come back from.
  @inline(__always)
  var isFleet: Bool {
    if case .member = self { false } else { true }
  }

  /// What it wants done.
  var effects: ServerEffects {
    @inline(__always)
    _read {
      switch self {
      case .member(let server): yield server.pointee.effects
      case .secretary(let server): yield server.pointee.effects
      case .observer(let server): yield server.pointee.effects
      }
    }
    @inline(__always)
    nonmutating _modify {
      switch self {
      case .member(let server): yield &server.pointee.effects
      case .secretary(let server): yield &server.pointee.effects
      case .observer(let server): yield &server.pointee.effects
      }
    }
  }

  /// When it wants to be called next, by its own clock.
  @inline(__always)
  var deadline: Instant {
    switch self {
    case .member(let server): server.pointee.nextDeadline
    case .secretary(let server): server.pointee.nextDeadline
    case .observer(let server): server.pointee.nextDeadline
    }
  }

  @inline(__always)
  func take(_ envelope: Envelope, at local: Instant) {
    switch self {
    case .member(let server): server.pointee.receive(envelope, at: local)
    case .secretary(let server): server.pointee.receive(envelope, at: local)
    case .observer(let server): server.pointee.receive(envelope, at: local)
    }
  }

  @inline(__always)
  func take(_ request: ClientRequest, from address: ClientAddress, at local: Instant) {
    switch self {
    case .member(let server): server.pointee.receive(request, from: address, at: local)
    case .secretary(let server): server.pointee.receive(request, from: address)
    case .observer(let server): server.pointee.receive(request, from: address, at: local)
    }
  }

  /// Takes a request of whoever moves keys, which members alone know what to do with.
  func take(_ request: ShardRequest, at local: Instant) {
    if case .member(let server) = self {
      server.pointee.receive(request, from: Simulation.moverAddress, at: local)
    }
  }

  @inline(__always)
  func advance(to local: Instant) {
    switch self {
    case .member(let server): server.pointee.advance(to: local)
    case .secretary(let server): server.pointee.advance(to: local)
    case .observer(let server): server.pointee.advance(to: local)
    }
  }

  @inline(__always)
  func endTurn(at local: Instant) {
    switch self {
    case .member(let server): server.pointee.endTurn(at: local)
    case .secretary(let server): server.pointee.endTurn(at: local)
    case .observer(let server): server.pointee.endTurn(at: local)
    }
  }
}
