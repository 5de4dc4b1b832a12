/// Operations and values in words, for people who read a violation.
enum StepText {
  /// A value in words, shortened; a value that is no text as bytes.
  static func text(of value: ValueNumber, in history: borrowing History) -> String {
    guard let bytes = history.bytes(of: value) else { return "nothing" }
    let isText = bytes.allSatisfy { (0x20..<0x7F).contains($0) }
    let shown = bytes.prefix(isText ? 32 : 8)
    let digits = Array("0123456789abcdef".utf8)
    let text = String(
      decoding: isText ? Array(shown) : shown.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    let rest = bytes.count > shown.count ? "... (\(bytes.count) bytes)" : ""
    return isText ? "\"\(text)\"\(rest)" : "0x\(text)\(rest)"
  }

  /// An operation in words, with its client and its times in milliseconds.
  static func text(of operation: HistoryOperation, in history: borrowing History) -> String {
    let action: String =
      switch operation.step {
      case .nothing: "write refused for its size"
      case .observe(let value): "saw \(text(of: value, in: history))"
      case .observeLength(let length): "saw \(length) bytes"
      case .observeText: "increment refused: no integer"
      case .observeOverflow(let amount): "increment by \(amount) refused: overflow"
      case .write(let value): value == 0 ? "delete" : "put \(text(of: value, in: history))"
      case .exchange(let old, let new): "swap \(text(of: old, in: history)) for \(text(of: new, in: history))"
      case .remove: "delete of something"
      case .increment(let amount, let sum): "increment by \(amount) to \(sum)"
      case .incrementUnseen(let amount): "increment by \(amount)"
      case .append(let value, let length): "append \(text(of: value, in: history)), then \(length) bytes"
      case .appendUnseen(let value): "append \(text(of: value, in: history))"
      case .impossible: "an answer that the operation can never give"
      }
    let end = operation.isOpen ? "outcome unknown" : "returned \(milliseconds(operation.returned))"
    return "client \(operation.client) #\(operation.sequence): \(action) "
      + "(invoked \(milliseconds(operation.invoked)), \(end))"
  }

  private static func milliseconds(_ nanoseconds: Int64) -> String {
    let fraction = String(nanoseconds.magnitude % 1_000_000)
    let padding = String(repeating: "0", count: 6 - fraction.count)
    return "\(nanoseconds < 0 ? "-" : "")\(nanoseconds.magnitude / 1_000_000).\(padding)\(fraction) ms"
  }
}
