import Ferry
import TestSupport
import Testing

struct FinitenessTests {
  private static let path = Golden.path("Command/nan.onnx")

  @Test func isSeenWhileReading() {
    #expect(throws: ModelError.self) { try Model(contentsOf: Self.path) }
  }

  /// Read for a conversion, the answer is awaited by whatever goes on with the model.
  @Test func isAwaitedByTheConversion() throws {
    let folder = TemporaryFolder()
    let model = try Model(contentsOf: Self.path, isForConversion: true)
    for _ in 0..<2 {
      let error = #expect(throws: ModelError.self) { try model.converted() }
      #expect(error?.code == .nonFinite)
      #expect(error?.description.contains("nan.onnx") == true)
      // The file was opened without leave for such weights; the conversion cannot give it.
      #expect(throws: ModelError.self) { try model.converted(ConversionOptions(allowsNonFinite: true)) }
    }
    let error = #expect(throws: ModelError.self) { try model.write(to: folder.path("out.safetensors")) }
    #expect(error?.code == .nonFinite)
    #expect(folder.entries.isEmpty)
  }

  @Test func isAskedOfAModelThatWasReadWithoutIt() throws {
    let model = try Model(contentsOf: Self.path, options: ImportOptions(allowsNonFinite: true), isForConversion: true)
    let error = #expect(throws: ModelError.self) { try model.converted() }
    #expect(error?.code == .nonFinite)
    #expect(try model.converted(ConversionOptions(allowsNonFinite: true)).model.graph.nodes.count > 0)
  }
}
