/// A list that has at least one element, such as the keys of an operation over several keys.
@frozen
public struct NonEmpty<Element> {
  /// The elements, at least one.
  public let elements: [Element]

  /// Makes a list of some elements; nil when there are none.
  @inlinable
  public init?(_ elements: [Element]) {
    if elements.isEmpty { return nil }
    self.elements = elements
  }

  /// The first element.
  @inlinable
  public var first: Element { elements[0] }

  /// How many there are, at least 1.
  @inlinable
  public var count: Int { elements.count }
}

extension NonEmpty: Sendable where Element: Sendable {}
extension NonEmpty: Equatable where Element: Equatable {}
extension NonEmpty: Hashable where Element: Hashable {}

/// A key and the value it is to have.
public struct KeyedValue: Hashable, Sendable {
  /// The key.
  public var key: Key
  /// The value.
  public var value: Value

  /// Makes a pair.
  public init(_ key: Key, _ value: Value) {
    self.key = key
    self.value = value
  }
}
