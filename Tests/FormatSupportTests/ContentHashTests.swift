import FormatSupport
import TestSupport
import Testing

@Suite struct ContentHashTests {
  @Test func agreesWithPublishedValues() {
    // FIPS 180-4's examples, and the hash of nothing from the xxHash specification.
    let abc = MappedFile(bytes: Array("abc".utf8), name: "abc")
    let empty = MappedFile(bytes: [], name: "empty")
    #expect(
      ContentHash.sha256Text(abc.bytes) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      ContentHash.sha256Text(empty.bytes) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(ContentHash.xxh3(empty.bytes) == 0x2D06_8005_38D3_94C2)
    #expect(ContentHash.xxh3(abc.bytes) == 0x78AF_5F94_892F_3950)
  }

  @Test(arguments: [0, 1, 100, 300, 5_000]) func piecesHashLikeTheWhole(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count) + 1)
    let whole = MappedFile(bytes: (0..<count).map { _ in UInt8(generator.integer(in: 0...255)) }, name: "whole")
    for cut in [0, count / 3, count] {
      let pieces = [whole.bytes[..<cut], whole.bytes[cut...]].map { UnsafeRawBufferPointer(rebasing: $0) }
      #expect(ContentHash.xxh3(pieces) == ContentHash.xxh3(whole.bytes))
    }
  }
}
