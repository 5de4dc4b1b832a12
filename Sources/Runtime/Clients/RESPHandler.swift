import KeyValue
import NIOCore
import RESP
import Raft
import Server

/// One client that speaks RESP2: carries bytes between the socket and the connection's own state, and requests between that
/// and the server.
///
/// A client that asks faster than it is answered is not read from until it is: the socket's own flow control does the
/// rest.
final class RESPHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private unowned let host: NodeHost
  private var channel: (any Channel)?
  private var connection = Connection(id: 0)
  /// The connection's place in the host's book, once it has one.
  private var slot: Int?
  /// Bytes that the connection did not take yet.
  private var unread: ByteBuffer?
  private var isPaused = false
  /// Whether requests are being handed over.
  private var isHandingOver = false
  /// Whether there is something to flush at the end of the turn.
  var isTouched = false
  /// Whether the connection is being closed.
  private var isEnding = false

  init(host: NodeHost) { self.host = host }

  // MARK: The channel

  func channelActive(context: ChannelHandlerContext) {
    guard host.takesClients, let slot = host.addresses.add(.resp(self)) else { return context.close(promise: nil) }
    channel = context.channel
    self.slot = slot
    connection = Connection(id: host.addresses.number(of: slot))
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let slot { host.addresses.remove(slot) }
    slot = nil
    channel = nil
    unread = nil
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if unread != nil {
      unread!.writeBuffer(&bytes)
      return
    }
    let taken = bytes.withUnsafeReadableBytes { connection.receive($0) }
    if taken < bytes.readableBytes {
      bytes.moveReaderIndex(forwardBy: taken)
      unread = bytes
      pause(true)
    }
    handOver()
    host.touch(self)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Ends the connection.
  func close() { channel?.close(promise: nil) }

  /// The connection in one line.
  var line: String { connection.description }

  // MARK: Requests and their ends

  private func handOver() {
    // A request that ends at once comes back here through `complete` while it is still in the list: what it makes room for
    // is appended behind, and the loop below takes it. Beginning again would execute requests twice, without end.
    guard !isHandingOver, !connection.requests.isEmpty else { return }
    isHandingOver = true
    defer { isHandingOver = false }
    let now = host.turnTime()
    var place = 0
    while place < connection.requests.count {
      let request = connection.requests[place]
      place += 1
      switch request.action {
      case .execute(let operation, let consistency):
        host.execute(
          operation, consistency, for: ClientAddress(connection: connection.id, ticket: request.ticket), at: now)
      case .answer(let question): connection.complete(request.ticket, host.answer(question))
      }
    }
    connection.requests.removeAll(keepingCapacity: true)
  }

  /// Takes the end of a request.
  func complete(_ ticket: Ticket, _ completion: Completion) {
    connection.complete(ticket, completion)
    handOver()
  }

  /// Writes the replies of this turn, and takes what was left unread when there is room again.
  func flush() {
    isTouched = false
    guard let channel else { return }
    while true {
      let hasWritten = writeReplies(to: channel)
      let hasTaken = takeUnread(channel)
      guard hasWritten || hasTaken else { break }
    }
    pause(unread != nil || !channel.isWritable)
    if connection.isFinished { endAfterReplies(channel) }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    host.touch(self)
    context.fireChannelWritabilityChanged()
  }

  /// Gives the channel the replies that there are; those that it has no room for wait, and more are made meanwhile only up
  /// to the connection's bound.
  private func writeReplies(to channel: any Channel) -> Bool {
    let count = connection.output.count
    guard count > 0, channel.isWritable else { return false }
    var buffer = channel.allocator.buffer(capacity: count)
    buffer.writeBytes(connection.output.bytes)
    connection.written(count)
    channel.writeAndFlush(buffer, promise: nil)
    return true
  }

  private func takeUnread(_ channel: any Channel) -> Bool {
    guard var bytes = unread, connection.wantsMoreInput, channel.isWritable else { return false }
    let taken = bytes.withUnsafeReadableBytes { connection.receive($0) }
    bytes.moveReaderIndex(forwardBy: taken)
    unread = bytes.readableBytes > 0 ? bytes : nil
    handOver()
    return taken > 0
  }

  /// Lets what was written reach the client, which may keep its own side open as long as it likes.
  private func endAfterReplies(_ channel: any Channel) {
    guard connection.output.count == 0, !isEnding else { return }
    isEnding = true
    channel.close(mode: .output, promise: nil)
    channel.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
  }

  private func pause(_ pauses: Bool) {
    guard pauses != isPaused, let channel else { return }
    isPaused = pauses
    channel.setOption(.autoRead, value: !pauses).whenFailure { _ in }
  }
}
