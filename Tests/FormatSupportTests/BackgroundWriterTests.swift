import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct BackgroundWriterTests {
  let folder = TemporaryFolder()

  private static func content(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: UInt64(count))
    return (0..<count).map { _ in UInt8(generator.integer(in: 0...255)) }
  }

  /// Pieces of many lengths, copied, handed over as they lie, and made in the writer's own memory, come out in their order.
  @Test func writesInOrder() throws {
    let content = Self.content(3_000_000)
    let path = folder.path("out")
    let file = try AtomicFile(path: path, replacing: false)
    file.reserve(3)
    try content.withUnsafeBytes { content in
      let writer = BackgroundWriter(file)
      var position = 0
      var lengths = [0, 1, 5, 4096, 70_000, 300_000, 65_536, 600_001, 100, 65_535, 900_000].makeIterator()
      while position < content.count {
        let length = min(lengths.next() ?? 50_000, content.count - position)
        let piece = UnsafeRawBufferPointer(rebasing: content[position..<position + length])
        if length % 2 == 1 {
          let space = try writer.space(min(length, 1000))
          let fitting = min(space.count, length)
          space.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[..<fitting]))
          try writer.append(UnsafeRawBufferPointer(rebasing: space[..<fitting]))
          position += fitting
        } else {
          try writer.append(piece)
          position += length
        }
      }
      try writer.finish()
    }
    try file.fill([1, 2, 3], at: 0)
    try file.commit()
    #expect(TemporaryFolder.bytes(of: path) == [1, 2, 3] + content)
  }

  @Test func spaceIsAsLargeAsABufferAllows() throws {
    let writer = BackgroundWriter(try AtomicFile(path: folder.path("out"), replacing: false))
    let whole = try writer.space(1).count
    try writer.append(UnsafeRawBufferPointer(rebasing: try writer.space(1)[..<8]))
    #expect(try writer.space(1).count == whole - 8)
    // What no buffer can hold is not promised; the next one is whole.
    #expect(try writer.space(whole + 1).count == whole)
    #expect(UInt(bitPattern: try writer.space(whole).baseAddress) % 64 == 0)
  }

  @Test func canBeLeftUnfinished() throws {
    for count in [0, 10, 2_000_000] {
      let content = Self.content(count)
      let file = try AtomicFile(path: folder.path("out"), replacing: false)
      try content.withUnsafeBytes { content in
        let writer = BackgroundWriter(file)
        try writer.append(content)
        _ = try writer.space(10)
      }
      file.abandon()
    }
    #expect(folder.entries.isEmpty)
  }

  @Test func reportsAFullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      FullDisk.simulate(byteCount: 1000)
      let file = try AtomicFile(path: folder.path("out"), replacing: false)
      let content = [UInt8](repeating: 1, count: 100_000)
      let error = #expect(throws: ModelError.self) {
        try content.withUnsafeBytes { content in
          let writer = BackgroundWriter(file)
          for _ in 0..<10 { try writer.append(content) }
          try writer.finish()
        }
      }
      #expect(error?.code == .inputOutput)
      #expect(folder.entries.isEmpty)
    }
  }
}
