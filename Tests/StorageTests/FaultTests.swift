import Raft
import Testing

@testable import Storage

@Suite("Faults: errors are terminal, and a full disk is refused before it hurts") struct FaultTests {
  private func entry(_ index: UInt64, bytes: Int = 100) -> Write {
    Write(
      sequence: WriteSequence(index), hardState: nil, firstIndex: LogIndex(index),
      entries: [Entry(term: Term(1), payload: .command([UInt8](repeating: 1, count: bytes)))])
  }

  /// Lets each operation of a history fail in turn, kills the process or the power, and starts again.
  private func failEverything(_ fault: MemoryFiles.FileFault, _ defect: StorageDefect?) throws -> (String?, Int) {
    var point = 0
    while true {
      var base = try Member.setUp(TestFiles()).base
      base.faults = [(at: base.operations + point, fault: fault)]
      var member: Member
      do throws(StorageError) {
        member = try Member.start(TestFiles(base, defect: defect), RandomSource(seed: 21))
      } catch {
        point += 1
        continue
      }
      do throws(StorageError) {
        for _ in 0..<60 { try member.step() }
        if point > member.log.files.base.operations { return (nil, point) }
      } catch {
        // Terminal: nothing is taken any more.
        if (try? member.log.flush()) != nil { return ("the log went on after \(error)", point) }
      }
      // The process is killed, and starts on what the system has; then the power fails as well.
      var random = RandomSource(seed: 22, stream: UInt64(point))
      let killed = member.log.files.base.afterPowerLoss(.all, &random)
      guard let (log, recovered) = try? Member.open(TestFiles(killed)) else {
        return ("no start after \(point)", point)
      }
      if !member.possible.contains(Model(recovered)) { return ("another state after \(point)", point) }
      let dark = log.files.base.afterPowerLoss(.none, &random)
      guard let again = try? Member.open(TestFiles(dark)).recovered else { return ("no second start, \(point)", point) }
      if Model(again) != Model(recovered) { return ("what a start had found is lost, \(point)", point) }
      point += 1
    }
  }

  @Test func trap33_aFailureIsTerminalAndWhatAStartFindsIsDurable() throws {
    let (violation, points) = try failEverything(.failure, nil)
    #expect(violation == nil)
    #expect(points > 150)
  }

  @Test func shortWritesAreContinued() throws {
    #expect(try failEverything(.shortWrite(700), nil).0 == nil)
  }

  @Test func aFullDiskIsTerminalAndTearsNothing() throws {
    #expect(try failEverything(.full, nil).0 == nil)
  }

  /// The defect: a sync that failed is tried again, succeeds, and says nothing about what was written before.
  @Test func trap33_tryingAFailedSyncAgainIsFound() throws {
    var violations = 0
    for point in 0..<12 {
      var base = try Member.setUp(TestFiles()).base
      base.faults = [(at: base.operations + point, fault: .failure)]
      guard let member = try? Member.start(TestFiles(base, defect: .retriesFailedSync), RandomSource(seed: 1)) else {
        continue
      }
      var reported: UInt64 = 0
      do throws(StorageError) {
        for index in 1...6 as ClosedRange<UInt64> {
          try member.log.append(entry(index))
          reported = try member.log.flush().through.rawValue
        }
      } catch {}
      var random = RandomSource(seed: 1)
      let found = member.log.files.base.afterPowerLoss(.none, &random)
      let end = (try? Member.open(TestFiles(found)).recovered).map { $0.state.entries.count } ?? 0
      if end < reported { violations += 1 }
    }
    #expect(violations > 0)
  }

  @Test func aDiskThatFillsIsReportedBeforeItIsFull() throws {
    var files = TestFiles()
    files.base.capacity = 48 * 1024
    files = try Member.setUp(files)
    let log = try Member.open(files).log
    var (last, nearlyFullAt, fullAt): (UInt64, UInt64?, UInt64?) = (0, nil, nil)
    for index in 1...200 as ClosedRange<UInt64> {
      do throws(StorageError) {
        if try log.maintain() == .nearlyFull, nearlyFullAt == nil { nearlyFullAt = index }
        try log.append(entry(index, bytes: 900))
        last = try log.flush().through.rawValue
      } catch {
        guard case .full(let needed, let available) = error else { throw error }
        #expect(needed == 8192 && available < needed)
        fullAt = index
        break
      }
    }
    // A segment takes seven of these writes, and the report comes after the first one in the last segment.
    #expect(try #require(nearlyFullAt) + 6 == (try #require(fullAt)))
    #expect(throws: StorageError.failedBefore) { try log.flush() }
    #expect(try Member.open(TestFiles(log.files.base)).recovered.state.entries.count == Int(last))
  }
}
