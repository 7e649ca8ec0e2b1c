import FormatSupport
import Synchronization
import Testing

struct BackgroundThreadTests {
  @Test func doesItsWorkOnce() throws {
    final class Count: Sendable { let value = Mutex(0) }
    let count = Count()
    let thread = try #require(BackgroundThread { count.value.withLock { $0 += 1 } })
    thread.join()
    thread.join()
    #expect(count.value.withLock { $0 } == 1)
  }

  /// Nobody has to wait: the object does before it goes.
  @Test func endsBeforeItsObject() {
    final class Count: Sendable { let value = Mutex(0) }
    let count = Count()
    for _ in 0..<50 { _ = BackgroundThread { count.value.withLock { $0 += 1 } } }
    #expect(count.value.withLock { $0 } == 50)
  }

  @Test func manyMayWait() async throws {
    final class Sum: Sendable { let value = Mutex(0) }
    let sum = Sum()
    let thread = try #require(BackgroundThread { for number in 1...100_000 { sum.value.withLock { $0 += number } } })
    let seen = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          thread.join()
          return sum.value.withLock { $0 }
        }
      }
      return await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(seen == [5_000_050_000])
  }
}
