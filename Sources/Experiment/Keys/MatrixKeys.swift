import Emulation
import Raft

/// The ways to say where round-trip times come from.
enum MatrixKeys {
  static let codec = Codec<MatrixSource>(
    type: "a matrix's name, a path, or a mapping",
    read: { node, key, reading in
      if let text = node.text { return named(text, node, key, reading) }
      guard let rows = node.entries, !rows.isEmpty else {
        reading.refuse(
          key, at: node.place, "found \(node.found), expected a matrix's name, a path, or {from: {to: duration}}")
        return nil
      }
      return figures(rows, key, reading)
    },
    write: { source in
      switch source {
      case .builtIn(let name): .text(name)
      case .figures(let pairs): mapping(pairs)
      }
    })

  private static func named(_ text: String, _ node: SpecNode, _ key: String, _ reading: Reading) -> MatrixSource? {
    // A name holds no slash and no suffix; whatever does is meant as a path.
    guard text.hasSuffix(".csv") || text.contains("/") else {
      if LatencyTable.builtIn.contains(where: { $0.name == text }) { return .builtIn(text) }
      let names = LatencyTable.builtIn.map(\.name)
      reading.refuse(key, at: node.place, Words.notOneOf(names + ["the path of a .csv file"], found: node))
      return nil
    }
    switch reading.readFile(text) {
    case .failure(let error):
      reading.refuse(
        key, at: node.place, "found \(node.found), expected a readable CSV file: \(error.reason)")
      return nil
    case .success(let bytes):
      do {
        let table = try LatencyTable(name: text, csv: bytes)
        var pairs: [PairDelay] = []
        for from in table.sites {
          for to in table.sites {
            guard let delay = table.delay(from: from, to: to) else { continue }
            pairs.append(PairDelay(from: from, to: to, roundTrip: delay * 2))
          }
        }
        return .figures(pairs)
      } catch {
        reading.refuse(key, at: node.place, "found a CSV file with an error: \(text), \(error)")
        return nil
      }
    }
  }

  private static func figures(_ rows: [SpecNode.Entry], _ key: String, _ reading: Reading) -> MatrixSource? {
    var pairs: [PairDelay] = []
    var isComplete = true
    for row in rows {
      let path = Section<LinkPlan>.join(key, SpecNode.quote(row.key))
      guard let columns = row.value.entries else {
        reading.refuse(path, at: row.value.place, "found \(row.value.found), expected a mapping {to: duration}")
        isComplete = false
        continue
      }
      for column in columns {
        let path = Section<LinkPlan>.join(path, SpecNode.quote(column.key))
        reading.note(path, at: column.value.place)
        guard let roundTrip = Codec<TimeSpan>.duration.read(column.value, path, reading) else {
          isComplete = false
          continue
        }
        guard roundTrip <= LatencyTable.longestDelay * 2 else {
          reading.refuse(path, "found \(column.value.found), expected a round-trip time of at most 2min")
          isComplete = false
          continue
        }
        pairs.append(PairDelay(from: row.key, to: column.key, roundTrip: roundTrip))
      }
    }
    return isComplete ? .figures(pairs) : nil
  }

  private static func mapping(_ pairs: [PairDelay]) -> SpecNode {
    var rows: [(String, [(String, SpecNode)])] = []
    for pair in pairs {
      let cell = (pair.to, SpecNode.text(DurationText.format(pair.roundTrip)))
      if let row = rows.firstIndex(where: { $0.0 == pair.from }) {
        rows[row].1.append(cell)
      } else {
        rows.append((pair.from, [cell]))
      }
    }
    return .mapping(rows.map { ($0.0, .mapping($0.1)) })
  }
}
