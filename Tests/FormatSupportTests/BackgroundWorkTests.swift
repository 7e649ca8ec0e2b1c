import FormatSupport
import Synchronization
import Testing

struct BackgroundWorkTests {
  @Test(arguments: [0, 1, 63, 64, 1_000_003])
  func theThreadHashesWhatTheCallerWould(count: Int) {
    let file = MappedFile(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }, name: "bytes")
    let hash = BackgroundWork { ContentHash.sha256Text(file.bytes) }
    let expected = ContentHash.sha256Text(file.bytes)
    #expect(hash.value == expected)
    #expect(hash.value == expected)
  }

  @Test func nobodyHasToAsk() {
    for _ in 0..<20 {
      let file = MappedFile(bytes: [UInt8](repeating: 7, count: 1 << 20), name: "bytes")
      _ = BackgroundWork { ContentHash.sha256Text(file.bytes) }
    }
  }

  @Test func manyMayAskAndItIsDoneOnce() async {
    final class Count: Sendable { let value = Mutex(0) }
    let count = Count()
    let work = BackgroundWork {
      let file = MappedFile(bytes: [UInt8](repeating: 3, count: 5 << 20), name: "bytes")
      count.value.withLock { $0 += 1 }
      return ContentHash.sha256Text(file.bytes)
    }
    let texts = await withTaskGroup(of: String.self) { group in
      for _ in 0..<8 { group.addTask { work.value } }
      return await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(texts.count == 1)
    #expect(count.value.withLock { $0 } == 1)
  }
}
