import KeyValue
import Server

/// From arguments to commands.
extension ClientCommand {
  /// Understands the request that a parser has just completed, which has at least one argument.
  ///
  /// Throws the ``ReplyError`` that the client is to have.
  @inline(__always)
  public init(_ request: inout RequestParser, in chunk: UnsafeRawBufferPointer) throws(ReplyError) {
    let reader = ArgumentReader(chunk: chunk, count: request.argumentCount)
    self = try reader.command(&request)
  }
}

/// Reads the arguments of one request.
struct ArgumentReader {
  let chunk: UnsafeRawBufferPointer
  let count: Int

  func command(_ request: inout RequestParser) throws(ReplyError) -> ClientCommand {
    guard let (name, arity) = CommandTable.shared.find(request.word(0, in: chunk)) else {
      throw unknownCommand(&request)
    }
    guard arity >= 0 ? count == arity : count >= -arity else {
      throw .wrongArgumentCount(name, subcommand: nil)
    }
    switch name {
    case .get: return .operation(.get(key(1, &request)), .natural)
    case .set: return try set(&request)
    case .append, .cas, .decr, .decrby, .del, .exists, .getset, .incr, .incrby, .mget, .mset, .setnx, .strlen:
      return try operation(name, &request)
    case .ping:
      guard count <= 2 else { throw .wrongArgumentCount(.ping, subcommand: nil) }
      return .ping(count == 2 ? request.take(1, in: chunk) : nil)
    case .echo: return .echo(request.take(1, in: chunk))
    case .select: return try selectDatabase(&request)
    case .auth: return try auth()
    case .hello: return try hello(&request)
    case .client: return try client(&request)
    case .command: return try commandQuery(&request)
    case .config: return try configuration(&request)
    case .consistency: return try consistency(&request)
    case .info: return .ask(.information(sections: (1..<count).map { lowercased($0, &request) }))
    case .dbsize: return .ask(.keyCount)
    case .readonly: return .readOnly
    case .readwrite: return .readWrite
    case .reset: return .reset
    case .quit: return .quit
    }
  }

  @inline(__always)
  func key(_ place: Int, _ request: inout RequestParser) -> Key { Key(request.take(place, in: chunk)) }

  func lowercased(_ place: Int, _ request: inout RequestParser) -> String {
    String(decoding: request.take(place, in: chunk), as: UTF8.self).lowercased()
  }

  private func unknownCommand(_ request: inout RequestParser) -> ReplyError {
    // An error repeats no more than 128 bytes of the arguments, so that further ones need not be copied.
    .unknownCommand(
      name: request.take(0, in: chunk), arguments: (1..<min(count, 48)).map { request.take($0, in: chunk) })
  }

  func integer(_ place: Int, _ request: inout RequestParser) throws(ReplyError) -> Int64 {
    guard let value = request.integer(place, in: chunk) else { throw .notAnInteger }
    return value
  }

}
