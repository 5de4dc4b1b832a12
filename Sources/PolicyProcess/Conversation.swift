import Policies

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lines to a command and lines back, one for one, each within a time limit.
///
/// An answer that comes after its time is thrown away when it comes, so that it is not taken for that of a later
/// observation. What the command says unasked before an observation is thrown away, too.
final class Conversation {
  /// The bytes of standard error that are kept: the last ones.
  static let mostLastWords = 2_048
  /// How long a command that has closed its output may take to end by itself, in milliseconds.
  static let grace = 200

  private let child: ChildProcess
  private let longestLine: Int
  private var outgoing: [UInt8] = []
  private var incoming: [UInt8] = []
  private var lastWords: [UInt8] = []
  /// Lines that the command still has to say.
  private var owed = 0

  /// Starts the command; no answer may have more than `longestLine` bytes.
  init(_ command: [String], longestLine: Int) throws(PolicyFault) {
    self.longestLine = longestLine
    child = try ChildProcess(command)
  }

  /// Ends the command.
  func end() { _ = child.finish(waiting: Self.grace) }

  /// Sends a line and waits for the line that answers it.
  func ask(_ line: [UInt8], milliseconds: Int) throws(PolicyFault) -> [UInt8] {
    if owed == 0 {
      if !readOutput() { throw endOfChild() }
      incoming.removeAll()
    }
    outgoing += line
    outgoing.append(UInt8(ascii: "\n"))
    owed += 1
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(milliseconds)
    while true {
      send()
      let isOpen = readOutput()
      readErrors()
      if let answer = try nextAnswer() { return answer }
      if !isOpen { throw endOfChild() }
      let left = clock.now.duration(to: deadline)
      guard left > .zero else { throw .timedOut(milliseconds: milliseconds) }
      wait(milliseconds: Int(left / .milliseconds(1)) + 1)
    }
  }

  /// The answer to the last line, when it is there; those that come too late are dropped on the way.
  private func nextAnswer() throws(PolicyFault) -> [UInt8]? {
    while let end = incoming.firstIndex(of: UInt8(ascii: "\n")) {
      let line = Array(incoming[..<end])
      incoming.removeFirst(end + 1)
      owed -= 1
      guard owed == 0 else { continue }
      if line.count > longestLine { throw .answerTooLong(limit: longestLine) }
      return line
    }
    guard incoming.count > longestLine else { return nil }
    incoming.removeAll()
    // The end of the line is still owed: what comes before it is dropped as a late answer is.
    if owed == 1 { throw .answerTooLong(limit: longestLine) }
    return nil
  }

  private func send() {
    while !outgoing.isEmpty, let input = child.input {
      switch outgoing.withUnsafeBytes({ Descriptor.write(input, $0) }) {
      case .bytes(let count): outgoing.removeFirst(count)
      case .wouldWait: return
      case .closed: child.closeInput()
      }
    }
  }

  /// Takes in what the command has said; whether it may say more.
  private func readOutput() -> Bool {
    guard let output = child.output else { return false }
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    // A bounded number of turns: one that never stops talking must not keep the time limit from being looked at.
    for _ in 0..<16 {
      switch buffer.withUnsafeMutableBytes({ Descriptor.read(output, into: $0) }) {
      case .bytes(let count): incoming += buffer[..<count]
      case .wouldWait: return true
      case .closed: return false
      }
    }
    return true
  }

  private func readErrors() {
    guard let errors = child.errors else { return }
    var buffer = [UInt8](repeating: 0, count: 4 << 10)
    for _ in 0..<16 {
      switch buffer.withUnsafeMutableBytes({ Descriptor.read(errors, into: $0) }) {
      case .bytes(let count):
        lastWords += buffer[..<count]
        if lastWords.count > Self.mostLastWords { lastWords.removeFirst(lastWords.count - Self.mostLastWords) }
      case .wouldWait: return
      case .closed:
        child.closeErrors()
        return
      }
    }
  }

  private func endOfChild() -> PolicyFault {
    readErrors()
    let end = child.finish(waiting: Self.grace)
    let words = String(decoding: lastWords, as: UTF8.self).split(whereSeparator: \.isNewline).last ?? ""
    return .ended(end, lastWords: String(words.suffix(200)))
  }

  /// Waits until there is something to do, at most so long.
  private func wait(milliseconds: Int) {
    var polled: [pollfd] = []
    if let output = child.output { polled.append(pollfd(fd: output, events: Int16(POLLIN), revents: 0)) }
    if let errors = child.errors { polled.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0)) }
    if let input = child.input, !outgoing.isEmpty {
      polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
    }
    _ = poll(&polled, nfds_t(polled.count), Int32(clamping: max(1, milliseconds)))
  }
}
