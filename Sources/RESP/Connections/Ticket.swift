import Server

/// Names a request of a connection; numbers go up and start again after the highest.
public struct Ticket: Hashable, Sendable {
  /// The number.
  public var rawValue: UInt32
  /// Makes a ticket from a plain number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

extension ClientAddress {
  /// The address of a connection's request: the connection's number above the ticket's.
  public init(connection: UInt32, ticket: Ticket) { self.init(UInt64(connection) << 32 | UInt64(ticket.rawValue)) }

  /// The number of the connection that the address is of.
  public var connection: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

  /// The ticket of the request that the address is of.
  public var ticket: Ticket { Ticket(UInt32(truncatingIfNeeded: rawValue)) }
}
