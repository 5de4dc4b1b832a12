import Raft

/// What runs on a machine, a member's server or a node of the fleet, behind the one set of inputs and effects that hosts
/// know.
///
/// It is changed where it is: a value as large as a server is not to be moved for every message. Whoever makes one owns
/// it and ends it with ``deallocate()``.
@frozen
public enum ServerProcess: @unchecked Sendable {
  /// A member of the group.
  case member(UnsafeMutablePointer<Server>)
  /// A secretary.
  case secretary(UnsafeMutablePointer<SecretaryServer>)
  /// An observer.
  case observer(UnsafeMutablePointer<ObserverServer>)

  /// The process of a member.
  public static func member(_ server: consuming Server) -> ServerProcess { .member(box(server)) }
  /// The process of a secretary.
  public static func secretary(_ server: consuming SecretaryServer) -> ServerProcess { .secretary(box(server)) }
  /// The process of an observer.
  public static func observer(_ server: consuming ObserverServer) -> ServerProcess { .observer(box(server)) }

  private static func box<Value>(_ value: consuming Value) -> UnsafeMutablePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    return pointer
  }

  /// Ends the process; nothing of it may be used any more.
  public func deallocate() {
    switch self {
    case .member(let server): ServerProcess.free(server)
    case .secretary(let server): ServerProcess.free(server)
    case .observer(let server): ServerProcess.free(server)
    }
  }

  private static func free<Value>(_ pointer: UnsafeMutablePointer<Value>) {
    pointer.deinitialize(count: 1)
    pointer.deallocate()
  }
}

/// Access to what runs, without a look at the rest of the machine: a machine is never read as a whole on the path of a
/// message, since that would retain all that it holds.
extension ServerProcess {
  /// The server of a member; the fleet has none.
  @inlinable
  public var server: Server {
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
  @inlinable @inline(__always)
  public var isFleet: Bool {
    if case .member = self { false } else { true }
  }

  /// What it wants done.
  @inlinable
  public var effects: ServerEffects {
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
  @inlinable @inline(__always)
  public var deadline: Instant {
    switch self {
    case .member(let server): server.pointee.nextDeadline
    case .secretary(let server): server.pointee.nextDeadline
    case .observer(let server): server.pointee.nextDeadline
    }
  }

  /// Takes a message of another node.
  @inlinable @inline(__always)
  public func take(_ envelope: Envelope, at local: Instant) {
    switch self {
    case .member(let server): server.pointee.receive(envelope, at: local)
    case .secretary(let server): server.pointee.receive(envelope, at: local)
    case .observer(let server): server.pointee.receive(envelope, at: local)
    }
  }

  /// Takes a client's request; the answer goes to `address`.
  @inlinable @inline(__always)
  public func take(_ request: ClientRequest, from address: ClientAddress, at local: Instant) {
    switch self {
    case .member(let server): server.pointee.receive(request, from: address, at: local)
    case .secretary(let server): server.pointee.receive(request, from: address)
    case .observer(let server): server.pointee.receive(request, from: address, at: local)
    }
  }

  /// Takes a request of whoever moves keys, which members alone know what to do with.
  @inlinable
  public func take(_ request: ShardRequest, from address: ClientAddress, at local: Instant) {
    if case .member(let server) = self { server.pointee.receive(request, from: address, at: local) }
  }

  /// Tells the process that time has passed its ``deadline``.
  @inlinable @inline(__always)
  public func advance(to local: Instant) {
    switch self {
    case .member(let server): server.pointee.advance(to: local)
    case .secretary(let server): server.pointee.advance(to: local)
    case .observer(let server): server.pointee.advance(to: local)
    }
  }

  /// Ends a turn: what the inputs since the last one lead to stands in ``effects``.
  @inlinable @inline(__always)
  public func endTurn(at local: Instant) {
    switch self {
    case .member(let server): server.pointee.endTurn(at: local)
    case .secretary(let server): server.pointee.endTurn(at: local)
    case .observer(let server): server.pointee.endTurn(at: local)
    }
  }
}
