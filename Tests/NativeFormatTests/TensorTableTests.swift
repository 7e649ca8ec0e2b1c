import ModelGraph
import Testing

@testable import NativeFormat

@Suite struct TensorTableTests {
  private static func names(wishing wishes: [String]) throws -> [String] {
    var table = TensorTable()
    return try wishes.map { wish in
      let storage = OwnedStorage([Float(1)])
      let tensor = try Tensor(type: TensorType(.float32, [1]), storage: storage, range: 0..<4)
      return try table.name(for: tensor, storage: storage, range: 0..<4, wish: wish)
    }
  }

  @Test func aNameIsGivenOutOnce() throws {
    #expect(
      try Self.names(wishing: ["a", "a", "b", "a", "a#2", "a#3", "a#6", "a", "a", "a", "b", "__metadata__", "a#2"])
        == ["a", "a#2", "b", "a#3", "a#2#2", "a#3#2", "a#6", "a#4", "a#5", "a#7", "b#2", "__metadata__#2", "a#2#3"])
  }

  /// As many as a file may well hold; each is found without a look at those before it.
  @Test func manyTensorsOfOneNameAreCounted() throws {
    let names = try Self.names(wishing: [String](repeating: "weight", count: 100_000))
    #expect(names == ["weight"] + (2...100_000).map { "weight#\($0)" })
  }
}
