import Glibc

/// Finds ports on loopback that nobody listens on.
///
/// They lie below those that the system gives to outgoing connections: one of those could take a node's port while the node
/// is down, or even connect it to itself.
enum FreePorts {
  private static let range = UInt16(12_000)..<UInt16(32_000)

  /// As many different ports as asked for; they were free a moment ago.
  static func choose(_ count: Int) throws(LocalRefusal) -> [UInt16] {
    var found: [UInt16] = []
    var port = UInt16.random(in: range)
    for _ in range {
      if found.count == count { return found }
      if isFree(port) { found.append(port) }
      port = port + 1 < range.upperBound ? port + 1 : range.lowerBound
    }
    guard found.count == count else { throw .process("found \(found.count) free ports, expected \(count)") }
    return found
  }

  private static func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
