import Raft

extension MemoryFiles {
  /// Which of the changes that were not synchronised survive a loss of power.
  public enum Survival: Hashable, Sendable {
    /// None.
    case none
    /// All: as if only the process had been killed.
    case all
    /// Sector by sector and name by name, as drawn.
    case drawn
  }

  /// What is there after a loss of power, or of the process alone, with the power on again and no faults to come.
  public func afterPowerLoss(_ survival: Survival, _ random: inout RandomSource) -> MemoryFiles {
    var result = MemoryFiles()
    result.path = path
    result.capacity = capacity
    switch survival {
    case .none: result.names = durableNames
    case .all: result.names = names
    case .drawn:
      // Names change in order: all operations up to some one of them have reached the medium.
      let states = [durableNames] + pendingNames
      result.names = states[Int(random.next(below: UInt64(states.count)))]
    }
    result.files = files
    for place in result.files.indices { result.files[place].losePower(survival, &random) }
    result.durableNames = survival == .all ? durableNames : result.names
    if survival == .all { result.pendingNames = pendingNames }
    return result
  }

  /// The bytes of a file as they are; nil when there is none.
  public func content(of name: String) -> [UInt8]? { names[name].map { files[$0].content } }

  /// Flips bits of one byte of a file, as a medium does that goes bad.
  public mutating func damage(_ name: String, at offset: Int, flipping bits: UInt8) {
    guard let number = names[name] else { return }
    files[number].damage(at: offset, flipping: bits)
  }
}

/// Names and the numbers of their files, in order.
struct MemoryNames: Hashable, Sendable {
  private var entries: [Entry] = []

  private struct Entry: Hashable, Sendable {
    var name: String
    var number: Int
  }

  var all: [String] { entries.map(\.name) }
  var numbers: [Int] { entries.map(\.number) }

  subscript(name: String) -> Int? {
    get { entries.first { $0.name == name }?.number }
    set {
      entries.removeAll { $0.name == name }
      guard let newValue else { return }
      let place = entries.firstIndex { $0.name > name } ?? entries.count
      entries.insert(Entry(name: name, number: newValue), at: place)
    }
  }
}

/// A file's content as it is read, as it is on the medium, and which sectors of the two may differ.
struct MemoryFile: Hashable, Sendable {
  private(set) var content: [UInt8] = []
  private var medium: [UInt8] = []
  /// The sectors that were written since the last synchronisation, sorted.
  private var changed: [Int] = []

  mutating func grow(to count: Int) {
    content.append(contentsOf: repeatElement(0, count: count - content.count))
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    guard !bytes.isEmpty else { return }
    let end = offset + bytes.count
    if end > content.count { grow(to: end) }
    content.withUnsafeMutableBytes {
      $0.baseAddress!.advanced(by: offset).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    }
    for sector in offset / Sector.bytes...(end - 1) / Sector.bytes {
      let place = changed.firstIndex { $0 >= sector } ?? changed.count
      if place == changed.count || changed[place] != sector { changed.insert(sector, at: place) }
    }
  }

  mutating func synchronize() {
    if medium.count < content.count {
      medium.append(contentsOf: repeatElement(0, count: content.count - medium.count))
    }
    for sector in changed { copy(sector) }
    changed.removeAll()
  }

  /// A synchronisation failed: the system takes for written what it may not have written.
  mutating func forgetChanges() { changed.removeAll() }

  mutating func damage(at offset: Int, flipping bits: UInt8) {
    content[offset] ^= bits
    if offset < medium.count { medium[offset] ^= bits }
  }

  mutating func losePower(_ survival: MemoryFiles.Survival, _ random: inout RandomSource) {
    switch survival {
    case .all: return
    case .none: break
    case .drawn:
      if content.count > medium.count, random.nextBool(probability: 0.5) {
        medium.append(contentsOf: repeatElement(0, count: content.count - medium.count))
      }
      // Often all or none of it, else each sector by itself.
      let probability = [0, 0.2, 0.5, 0.8, 1][Int(random.next(below: 5))]
      for sector in changed where random.nextBool(probability: probability) { copy(sector) }
    }
    content = medium
    changed.removeAll()
  }

  private mutating func copy(_ sector: Int) {
    let start = sector * Sector.bytes
    let end = min(start + Sector.bytes, content.count, medium.count)
    guard start < end else { return }
    medium.replaceSubrange(start..<end, with: content[start..<end])
  }
}
