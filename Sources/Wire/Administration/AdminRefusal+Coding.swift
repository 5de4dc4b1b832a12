import Raft

/// A byte for the reason and 12 bytes of numbers, whose meaning depends on it; for some reasons a text behind them.
extension AdminRefusal {
  /// A refusal as reason and numbers.
  private struct Form {
    var code: UInt8
    var node: NodeID? = nil
    var number: UInt64 = 0
  }

  private static let formSize = 13

  var encodedSize: Int {
    if case .notAllowed(let text) = self { return AdminRefusal.formSize + 4 + text.utf8.count }
    return AdminRefusal.formSize
  }

  private var form: Form {
    switch self {
    case .configuration(.proposal(.notLeader(let hint))): Form(code: 1, node: hint)
    case .configuration(.proposal(.transferring(let target))): Form(code: 2, node: target)
    case .configuration(.proposal(.logFull)): Form(code: 3)
    case .configuration(.proposal(.removed)): Form(code: 4)
    case .configuration(.changePending(let index)): Form(code: 5, number: index.rawValue)
    case .configuration(.mustLeaveJointFirst): Form(code: 6)
    case .configuration(.notJoint): Form(code: 7)
    case .configuration(.noVotersLeft): Form(code: 8)
    case .configuration(.invalidStep(.addVoter(let node))): Form(code: 9, node: node)
    case .configuration(.invalidStep(.addLearner(let node))): Form(code: 10, node: node)
    case .configuration(.invalidStep(.remove(let node))): Form(code: 11, node: node)
    case .configuration(.learnerBehind(let node, let lag)): Form(code: 12, node: node, number: UInt64(lag))
    case .transfer(.notLeader(let hint)): Form(code: 13, node: hint)
    case .transfer(.alreadyLeader): Form(code: 14)
    case .transfer(.notVoter(let node)): Form(code: 15, node: node)
    case .transfer(.alreadyTransferring(let target)): Form(code: 16, node: target)
    case .notInRole(let role): Form(code: 17, number: UInt64(role.rawValue))
    case .noSuchGroup(let group): Form(code: 18, number: UInt64(group.rawValue))
    case .busy: Form(code: 19)
    case .notAllowed: Form(code: 20)
    }
  }

  func write(to writer: inout WireWriter) {
    writer.byte(form.code)
    writer.optionalNode(form.node)
    writer.number(form.number)
    if case .notAllowed(let text) = self { writer.text(text) }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(AdminRefusal.formSize, .refusal)
    let code = reader.byte()
    let hint = reader.optionalNode()
    let number = reader.number(UInt64.self)
    let node = hint ?? NodeID(.max)
    switch code {
    case 1: self = .configuration(.proposal(.notLeader(hint: hint)))
    case 2: self = .configuration(.proposal(.transferring(to: node)))
    case 3: self = .configuration(.proposal(.logFull))
    case 4: self = .configuration(.proposal(.removed))
    case 5: self = .configuration(.changePending(at: LogIndex(number)))
    case 6: self = .configuration(.mustLeaveJointFirst)
    case 7: self = .configuration(.notJoint)
    case 8: self = .configuration(.noVotersLeft)
    case 9: self = .configuration(.invalidStep(.addVoter(node)))
    case 10: self = .configuration(.invalidStep(.addLearner(node)))
    case 11: self = .configuration(.invalidStep(.remove(node)))
    case 12: self = .configuration(.learnerBehind(node, lag: Int(clamping: number)))
    case 13: self = .transfer(.notLeader(hint: hint))
    case 14: self = .transfer(.alreadyLeader)
    case 15: self = .transfer(.notVoter(node))
    case 16: self = .transfer(.alreadyTransferring(to: node))
    case 17:
      guard let role = UInt8(exactly: number).flatMap(NodeRole.init) else {
        throw reader.error(.unknownValue(.role, found: number), back: 8)
      }
      self = .notInRole(role)
    case 18:
      guard let group = UInt16(exactly: number) else {
        throw reader.error(.tooLarge(.group, found: number, limit: UInt64(UInt16.max)), back: 8)
      }
      self = .noSuchGroup(GroupID(group))
    case 19: self = .busy
    case 20: self = .notAllowed(try reader.text())
    default: throw reader.error(.unknownValue(.refusal, found: UInt64(code)), back: AdminRefusal.formSize)
    }
  }
}
