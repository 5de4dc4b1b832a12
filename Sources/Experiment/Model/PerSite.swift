/// A value for all sites alike, or one for each.
public enum PerSite<Value: Hashable & Sendable>: Hashable, Sendable {
  /// One site's value.
  public struct Entry: Hashable, Sendable {
    /// The site's name.
    public var site: String
    /// Its value.
    public var value: Value
  }

  /// The same at all sites.
  case everywhere(Value)
  /// At each site its own, in the order of the spec.
  case bySite([Entry])

  /// The value at a site; nil when it has none.
  public subscript(site: String) -> Value? {
    switch self {
    case .everywhere(let value): value
    case .bySite(let entries): entries.first { $0.site == site }?.value
    }
  }

  /// All values.
  var values: [Value] {
    switch self {
    case .everywhere(let value): [value]
    case .bySite(let entries): entries.map(\.value)
    }
  }

  /// The sites that have a value of their own.
  var names: [String] {
    if case .bySite(let entries) = self { entries.map(\.site) } else { [] }
  }

  /// Values made from these, each with the site it is for; nil when one of them cannot be made.
  func map<Other>(_ make: (_ site: String?, Value) -> Other?) -> PerSite<Other>? {
    switch self {
    case .everywhere(let value): return make(nil, value).map { .everywhere($0) }
    case .bySite(let entries):
      let made = entries.compactMap { entry in
        make(entry.site, entry.value).map { PerSite<Other>.Entry(site: entry.site, value: $0) }
      }
      return made.count == entries.count ? .bySite(made) : nil
    }
  }

  /// The same without the values of sites that are not among these.
  func only(_ sites: [String]) -> PerSite {
    guard case .bySite(let entries) = self else { return self }
    return .bySite(entries.filter { sites.contains($0.site) })
  }
}
