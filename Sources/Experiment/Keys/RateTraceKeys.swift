import Raft
import Workload

/// The ways to give a rate that changes with time.
enum RateTraceKeys {
  static let codec = Codec<[RatePoint]>(
    type: "a path, or a list of [duration, rate]",
    read: { node, key, reading in
      guard let path = node.text else { return points(node, key, reading) }
      switch reading.readFile(path) {
      case .failure(let error):
        reading.refuse(key, at: node.place, "found \(node.found), expected a readable CSV file: \(error.reason)")
        return nil
      case .success(let bytes):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          reading.refuse(key, at: node.place, "found \(node.found), expected a CSV file of UTF-8 text")
          return nil
        }
        do throws(RateTraceError) {
          return try RateTrace.points(csv: text)
        } catch {
          reading.refuse(key, at: node.place, "found a CSV file with an error: \(path), \(error)")
          return nil
        }
      }
    },
    write: { points in
      .list(points.map { .list([.text(DurationText.format($0.time)), .text(RateText.format($0.rate))]) })
    })

  private static func points(_ node: SpecNode, _ key: String, _ reading: Reading) -> [RatePoint]? {
    guard let items = node.items, !items.isEmpty else {
      reading.refuse(
        key, at: node.place, "found \(node.found), expected a path or a list such as [[0s, 100/s], [10s, 500/s]]")
      return nil
    }
    var points: [RatePoint] = []
    for (position, item) in items.enumerated() {
      let key = "\(key)[\(position)]"
      reading.note(key, at: item.place)
      guard let pair = item.items, pair.count == 2 else {
        reading.refuse(key, "found \(item.found), expected a duration and a rate such as [10s, 500/s]")
        return nil
      }
      guard let time = Codec<TimeSpan>.duration.read(pair[0], "\(key)[0]", reading),
        let rate = Codec<Double>.rate.read(pair[1], "\(key)[1]", reading)
      else { return nil }
      if let last = points.last, last.time >= time {
        reading.refuse(key, "found \(pair[0].found), expected a time after \(DurationText.format(last.time))")
        return nil
      }
      points.append(RatePoint(time: time, rate: rate))
    }
    return points
  }
}
