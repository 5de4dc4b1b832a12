import Raft

/// The store's side of moving keys between groups.
///
/// A change of the routing passes through every group's log. A group that is to get keys learns of it first and serves
/// none of them yet; then each group that loses keys refuses them from one position of its log on and sets aside what
/// they held there; then what was set aside is installed where it belongs, from where on it is served. So at no time do
/// two groups serve a key, and what one group acknowledged the next one has.
extension Store {
  /// Whether keys were ever moved to or from this group.
  public var isSharded: Bool { shard != nil }

  /// The version of the routing in force here; nil when keys were never moved.
  public var routingVersion: RoutingVersion? { shard?.router.version }

  /// Whether keys are still to come, or are set aside for other groups.
  public var isMovingKeys: Bool { shard?.isMoving ?? false }

  /// Where a key is to be looked for.
  @inline(__always)
  public func place(of key: Key) -> KeyPlace {
    if shard == nil { return .here }
    return shard?.place(of: key) ?? .here
  }

  /// Where an operation's keys are to be looked for. Of several keys all must be here; one that has moved says so for
  /// all of them.
  @inline(__always)
  public func place(of operation: Operation) -> KeyPlace {
    if shard == nil { return .here }
    switch operation {
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys): return place(of: keys.elements)
    case .putMany(let pairs): return place(of: pairs.elements.map(\.key))
    default: return place(of: operation.key)
    }
  }

  /// Where the keys of a question are to be looked for.
  @inline(__always)
  public func place(of query: Query) -> KeyPlace {
    if shard == nil { return .here }
    switch query {
    case .value(let key), .length(let key): return place(of: key)
    case .values(let keys), .presence(let keys): return place(of: keys.elements)
    }
  }

  private func place(of keys: [Key]) -> KeyPlace {
    var isAwaited = false
    for key in keys {
      switch place(of: key) {
      case .here: break
      case .awaited: isAwaited = true
      case .moved(let router): return .moved(router)
      }
    }
    return isAwaited ? .awaited : .here
  }

  /// The part under a number of what was set aside for a group with the routing of a version.
  public func part(_ number: Int, for target: GroupID, by version: RoutingVersion) -> ShardAnswer {
    shard?.part(number, for: target, by: version) ?? .refused(at: nil)
  }

  /// Applies the command at a position of the log. Positions rise; those without a command are left out.
  public mutating func apply(_ command: ShardCommand, at index: LogIndex) -> ShardAnswer {
    guard index > appliedIndex else { return .done }
    appliedIndex = index
    switch command {
    case .reroute(let group, let old, let new): return reroute(group, from: old, to: new)
    case .install(let part): return install(part, at: index)
    case .release(let version): return shard?.release(version) ?? .refused(at: nil)
    }
  }

  private mutating func reroute(_ group: GroupID, from old: KeyRouter, to new: KeyRouter) -> ShardAnswer {
    if let shard {
      guard shard.group == group else { return .refused(at: shard.router.version) }
      if shard.router == new { return .done }
      guard shard.router == old, !shard.isMoving else { return .refused(at: shard.router.version) }
    }
    guard new.version > old.version else { return .refused(at: shard?.router.version) }
    shard = Shard(
      group, router: new, previous: old,
      incoming: Shard.sources(of: group, from: old, to: new).map { Shard.Incoming(from: $0, nextPart: 0) },
      outgoing: setAside(for: Shard.targets(of: group, from: old, to: new), from: group, by: new))
    return .done
  }

  /// Takes the keys that go to other groups out of the state.
  private mutating func setAside(
    for targets: [GroupID], from group: GroupID, by router: KeyRouter
  ) -> [Shard.Outgoing] {
    guard !targets.isEmpty else { return [] }
    var leaving: [GroupID: [MovedPart.Entry]] = [:]
    for key in slots.keys.filter({ router.group(of: $0) != group }).sorted() {
      leaving[router.group(of: key), default: []].append(MovedPart.Entry(key: key, value: read(key) ?? []))
      _ = remove(key)
    }
    let remembered = MovedPart.Sessions(watermark: sessions.watermark, sessions: sessions.inOrderOfUse)
    return targets.map { target in
      Shard.Outgoing(
        to: target,
        parts: MovedPart.cut(leaving[target] ?? [], remembered, version: router.version, from: group, to: target))
    }
  }

  private mutating func install(_ part: MovedPart, at index: LogIndex) -> ShardAnswer {
    guard let shard else { return .refused(at: nil) }
    if let refusal = shard.refusal(of: part) { return refusal }
    if let remembered = part.sessions { sessions.merge(remembered, at: index) }
    for entry in part.entries { set(entry.key, entry.value) }
    self.shard?.note(part)
    return .done
  }
}
