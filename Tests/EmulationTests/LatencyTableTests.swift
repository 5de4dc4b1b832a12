import Raft
import Testing

@testable import Emulation

struct LatencyTableTests {
  @Test(arguments: LatencyTable.builtIn)
  func figuresAreCompletePositiveAndNearlySymmetric(table: LatencyTable) throws {
    let count = table.sites.count
    #expect(count >= 12)
    #expect(Set(table.sites).count == count)
    #expect(table.oneWay.count == count * count)
    #expect(table.oneWay.allSatisfy { $0 > 0 && $0 < 250_000_000 })
    // A few packets per direction in 2022, an hour of them in 2020.
    let tolerance = table.name == "aws-2022-04" ? 0.25 : 0.006
    for from in 0..<count {
      for to in 0..<count where from != to {
        let (there, back) = (Double(table.oneWay[from * count + to]), Double(table.oneWay[to * count + from]))
        if abs(there - back) > tolerance * max(there, back) {
          Issue.record("\(table.sites[from]) and \(table.sites[to]): \(there) ns there, \(back) ns back")
        }
        // Below 2 ms only within a region (or between those of one metropolitan area).
        if there < 1_000_000 { Issue.record("\(table.sites[from]) and \(table.sites[to]) are in one place") }
      }
    }
    #expect((0..<count).allSatisfy { table.oneWay[$0 * count + $0] < 500_000 })
  }

  @Test func aDelayIsHalfTheMeasuredRoundTrip() throws {
    let aws = try LatencyTable.named("aws-2020-06")
    #expect(aws.delay(from: "us-east-1", to: "eu-west-1") == .microseconds(35_254))
    #expect(aws.delay(from: "us-east-1", to: "us-east-1") == .microseconds(132))
    #expect(try LatencyTable.named("aws-2022-04").delay(from: "us-east-1", to: "us-east-2") == .microseconds(5_746))
  }

  /// The typed figures are those of the measurements, wherever these are at hand.
  @Test(
    .enabled(
      if: SharedData.isPresent, "the measurements are neither under ERAFT_SHARED nor in ../shared of the package"),
    arguments: [
      ("aws-2020-06", "aws_rtt_icmp.csv", "icmp20_avg"), ("aws-2022-04", "aws_rtt_icmp.csv", "icmp22_avg"),
      ("gcp-2020-06", "gcp_rtt.csv", "avg"),
    ])
  func figuresEqualTheMeasurements(name: String, file: String, column: String) throws {
    let rows = try #require(SharedData.rows(of: file))
    let table = try LatencyTable.named(name)
    var compared = 0
    for row in rows {
      guard let from = row["from"], let to = row["to"], let value = row[column], let rtt = Double(value) else {
        continue
      }
      compared += 1
      let measured = TimeSpan(milliseconds: rtt / 2)
      if table.delay(from: from, to: to) != measured {
        Issue.record("\(from) to \(to): typed \(String(describing: table.delay(from: from, to: to))), not \(measured)")
      }
    }
    let own = name == "aws-2022-04" ? table.sites.count : 0
    #expect(compared == table.sites.count * table.sites.count - own)
  }

  @Test func aSelectionIsDenseAndKeepsItsOrder() throws {
    let table = try LatencyTable.named("gcp-2020-06")
    let matrix = try table.matrix(of: ["europe-west3", "us-east1", "asia-east1"])
    #expect(matrix.site(named: "us-east1") == b)
    #expect(matrix.site(named: "us-east2") == nil)
    #expect(matrix.delay(from: a, to: b) == table.delay(from: "europe-west3", to: "us-east1"))
    #expect(matrix.delay(from: c, to: c) == table.delay(from: "asia-east1", to: "asia-east1"))
    #expect(matrix.roundTrip(a, c) == matrix.delay(from: a, to: c) + matrix.delay(from: c, to: a))
  }

  @Test func badSelectionsAreRefusedByName() throws {
    let table = try LatencyTable.named("aws-2020-06")
    func message(_ names: [String]) -> String {
      do {
        _ = try table.matrix(of: names)
        return "accepted"
      } catch { return error.description }
    }
    #expect(message(["us-est-1"]).contains("did you mean 'us-east-1'?"))
    #expect(message(["ap-northeast-2"]).contains("aws-2022-04 has it"))
    #expect(message(["mars"]).contains("it has us-east-1, us-east-2"))
    #expect(message(["us-east-1", "us-east-1"]).contains("named twice"))
    #expect(message([]) == "no site is named")
    #expect(message(Array(repeating: "us-east-1", count: 513)).contains("at most 512"))
    #expect(throws: LatencyError.unknownTable("aws-2020", nearest: "aws-2020-06")) {
      try LatencyTable.named("aws-2020")
    }
  }

  @Test func matricesOfOnesOwnAreChecked() throws {
    #expect(throws: LatencyError.wrongShape(found: 3, expected: 4)) {
      try LatencyMatrix(sites: ["a", "b"], delays: [.zero, .zero, .zero])
    }
    #expect(throws: LatencyError.impossibleDelay(.seconds(-1), from: "a", to: "a")) {
      try LatencyMatrix(sites: ["a"], delays: [.seconds(-1)])
    }
    let even = try LatencyMatrix(sites: ["a", "b"], roundTrip: .milliseconds(10), within: .milliseconds(1))
    #expect(even.delay(from: b, to: a) == .milliseconds(5))
    #expect(even.roundTrip(a, a) == .milliseconds(1))
  }

  @Test(arguments: [
    ("us-est-1", "us-east-1"), ("US-EAST-1", "us-east-1"), ("eu-west1", "eu-west-1"), ("sa-east", "sa-east-1"),
  ])
  func aTypingErrorIsRecognised(typed: String, meant: String) throws {
    #expect(NearestName.of(typed, among: try LatencyTable.named("aws-2020-06").sites) == meant)
  }

  @Test func distancesAreLevenshteins() {
    #expect(NearestName.distance("kitten", "sitting") == 3)
    #expect(NearestName.distance("", "abc") == 3)
    #expect(NearestName.distance("same", "same") == 0)
    #expect(NearestName.distance(String(repeating: "x", count: 65), "x") == nil)
    #expect(NearestName.of("jupiter", among: ["mars", "venus"]) == nil)
    #expect(NearestName.of("b", among: ["a", "c"]) == "a")
  }
}
