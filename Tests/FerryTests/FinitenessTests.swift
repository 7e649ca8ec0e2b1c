import Ferry
import FormatSupport
import ModelGraph
import NativeFormat
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

  /// Weight and factor are finite each; their product is not.
  @Test func isLookedAtAgainWhereAPassChangedWeights() throws {
    let folder = TemporaryFolder()
    let path = folder.path("unfolded.safetensors")
    let graph = try Self.scaled(weights: [1e30, 2, 3, 4], factor: 1e20)
    try NativeFormat.write(
      Program(graphs: [graph], source: "test"),
      provenance: Provenance(sourceSHA256: nil, sourceFormat: "test", passes: []),
      to: path, replacing: false)
    let model = try Model(contentsOf: path)
    let output = folder.path("out.safetensors")
    let error = #expect(throws: ModelError.self) { try model.converted().model.write(to: output) }
    #expect(error?.code == .nonFinite)
    #expect(error?.description.contains("unfolded.safetensors") == true)
    #expect(error?.message == "element 0 of 4 is not a finite number any more")
    #expect(folder.entries == ["unfolded.safetensors"])
    // Left apart, or let through, it is written.
    try model.converted(ConversionOptions(skippedPasses: ["fold-batch-norm"])).model.write(to: output)
    let unchecked = try Model(contentsOf: path, options: ImportOptions(allowsNonFinite: true))
    try unchecked.converted(ConversionOptions(allowsNonFinite: true)).model.write(to: output, replacing: true)
  }

  /// x · W, then · factor.
  private static func scaled(weights: [Float], factor: Float) throws -> Graph {
    var builder = GraphBuilder(name: "scaled")
    let input = builder.input(name: "x", type: TensorType(.float32, [1, 2]))
    let matrix = builder.constant(name: "w", try Tensor(weights, shape: [2, 2]))
    let factors = builder.constant(name: "s", try Tensor([factor, factor], shape: [2]))
    let product = try builder.add(.fullyConnected(FullyConnected()), name: "dense", inputs: [input, matrix])
    let scaled = try builder.add(.binary(Binary(.multiply)), name: "scale", inputs: [product[0], factors])
    builder.output(scaled[0], name: "y")
    return try builder.build()
  }

  @Test func isAskedOfAModelThatWasReadWithoutIt() throws {
    let model = try Model(contentsOf: Self.path, options: ImportOptions(allowsNonFinite: true), isForConversion: true)
    let error = #expect(throws: ModelError.self) { try model.converted() }
    #expect(error?.code == .nonFinite)
    #expect(try model.converted(ConversionOptions(allowsNonFinite: true)).model.graph.nodes.count > 0)
  }
}
