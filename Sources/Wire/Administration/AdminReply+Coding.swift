import Raft

/// The number of the request, the kind of answer, then what the kind needs.
extension AdminReply {
  var encodedSize: Int {
    switch answer {
    case .done: 9
    case .status(let status): 9 + status.encodedSize
    case .proposed: 9 + 16
    case .refused(let refusal): 9 + refusal.encodedSize
    }
  }

  func write(to writer: inout WireWriter) {
    writer.number(id)
    switch answer {
    case .done: writer.byte(1)
    case .status(let status):
      writer.byte(2)
      status.write(to: &writer)
    case .proposed(let position):
      writer.byte(3)
      writer.position(position)
    case .refused(let refusal):
      writer.byte(4)
      refusal.write(to: &writer)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(9, .fields)
    let id = reader.number(UInt64.self)
    let tag = reader.byte()
    let answer: AdminAnswer
    switch tag {
    case 1: answer = .done
    case 2: answer = .status(try NodeStatus(from: &reader))
    case 3:
      try reader.need(16, .answer)
      answer = .proposed(reader.position())
    case 4: answer = .refused(try AdminRefusal(from: &reader))
    default: throw reader.error(.unknownValue(.answer, found: UInt64(tag)), back: 1)
    }
    self.init(id: id, answer: answer)
  }
}
