import Foundation
import Testing

@testable import Traces

@Suite struct SchemaReferenceTests {
  /// With `ERAFT_REWRITE=1` the page is written anew instead of compared.
  @Test func catalogPageIsWhatTheCodeSays() throws {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = package.appendingPathComponent("Sources/Traces/Traces.docc/Schemas.md")
    if ProcessInfo.processInfo.environment["ERAFT_REWRITE"] == "1" {
      try Data(SchemaReference.markdown.utf8).write(to: page)
    }
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text == SchemaReference.markdown, "run the tests with ERAFT_REWRITE=1 and look at the difference")
  }

  @Test func everyColumnIsNamedOnceAndItsUnitStandsInItsName() {
    for file in TraceFile.allCases {
      guard let schema = file.schema else { continue }
      #expect(schema.file == file)
      #expect(Set(schema.columns.map(\.name)).count == schema.columns.count)
      for column in schema.columns {
        let suffix: String? =
          switch column.type {
          case .seconds: "_s"
          case .milliseconds: "_ms"
          case .ratio: "_ratio"
          case .rate: "_per_s"
          case .usd: "_usd"
          case .text, .word, .count: nil
          }
        #expect(suffix.map { column.name.hasSuffix($0) } ?? true)
      }
    }
  }
}
