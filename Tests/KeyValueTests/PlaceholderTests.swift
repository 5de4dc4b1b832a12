import Testing

@testable import KeyValue
