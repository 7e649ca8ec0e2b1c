import FormatSupport
import Testing

struct BackgroundHashTests {
  @Test(arguments: [0, 1, 63, 64, 1_000_003])
  func theThreadHashesWhatTheCallerWould(count: Int) {
    let file = MappedFile(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }, name: "bytes")
    let hash = BackgroundHash(file)
    let expected = ContentHash.sha256Text(file.bytes)
    #expect(hash.text == expected)
    #expect(hash.text == expected)
  }

  @Test func nobodyHasToAsk() {
    for _ in 0..<20 { _ = BackgroundHash(MappedFile(bytes: [UInt8](repeating: 7, count: 1 << 20), name: "bytes")) }
  }

  @Test func manyMayAsk() async {
    let file = MappedFile(bytes: [UInt8](repeating: 3, count: 5 << 20), name: "bytes")
    let hash = BackgroundHash(file)
    let texts = await withTaskGroup(of: String.self) { group in
      for _ in 0..<8 { group.addTask { hash.text } }
      return await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(texts == [ContentHash.sha256Text(file.bytes)])
  }
}
