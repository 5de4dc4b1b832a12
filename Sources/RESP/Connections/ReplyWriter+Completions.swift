import KeyValue

/// From results to replies.
extension ReplyWriter {
  /// The reply to a request that ended.
  mutating func completion(_ completion: Completion, _ slot: borrowing RequestQueue.Slot) {
    switch completion {
    case .done(let result): self.result(result, slot.form)
    case .text(let text): bulk(text)
    case .number(let number): integer(number)
    case .moved(let endpoint): error(.moved(slot: slot.key.map(HashSlot.of) ?? 0, endpoint))
    case .noLeader: error(.clusterDown)
    case .readOnly: error(.readOnly)
    case .busy: error(.tryAgain)
    case .loading: error(.loading)
    case .crossGroup: error(.crossSlot)
    case .unknown: error(.unknownOutcome)
    }
  }

  /// An operation's result in a form.
  mutating func result(_ result: OperationResult, _ form: ReplyForm) {
    switch (result, form) {
    case (.value(let value), _): bulkOrNull(value)
    case (.stored, _): ok()
    case (.deleted(let existed), _): integer(existed ? 1 : 0)
    case (.swapped(let done, _), _): integer(done ? 1 : 0)
    case (.incremented(let value), _): integer(value)
    case (.appended(let length), _), (.length(let length), _): integer(Int64(length))
    case (.present(let count), _), (.removed(let count), _): integer(Int64(count))
    case (.values(let values), _):
      array(values.count)
      for value in values { bulkOrNull(value) }
    case (.exchanged(_, let old), .oldValue): bulkOrNull(old)
    case (.exchanged(let done, _), .flag): integer(done ? 1 : 0)
    case (.exchanged(true, _), _): ok()
    case (.exchanged(false, _), _): null()
    case (.refused(.notAnInteger), _): error(.notAnInteger)
    case (.refused(.overflow), _): error(.overflow)
    case (.refused(.tooLarge), _): error(.tooLarge)
    }
  }
}
