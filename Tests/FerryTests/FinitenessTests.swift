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

  /// Weight and factor are finite each, their product is not: the fold leaves them apart, and the answer is a number.
  @Test func aFoldIsNoReasonForInfinities() throws {
    let folder = TemporaryFolder()
    let path = try Self.write(try Self.scaled(weights: [1e30, 2, 3, 4], factor: 1e20), folder)
    let conversion = try Model(contentsOf: path, isForConversion: true).converted()
    #expect(conversion.model.graph.nodes.map(\.op.name) == ["fullyConnected", "binary"])
    let output = folder.path("out.safetensors")
    try conversion.model.write(to: output)
    let written = try Model(contentsOf: output).graph
    #expect(try written.constant(written.nodes[0], 1)?.floats() == [1e30, 2, 3, 4])
  }

  /// What becomes a parameter only when passes have run: behind an identity, or filled with what is no number.
  @Test func isAskedOfWhatPassesMakeParameters() throws {
    let folder = TemporaryFolder()
    let graphs = [
      try Self.hidden(makesConstant: false), try Self.hidden(makesConstant: true), try Self.reordered(),
    ]
    for graph in graphs {
      let path = try Self.write(graph, folder)
      for isForConversion in [false, true] {
        let error = #expect(throws: ModelError.self) {
          try Model(contentsOf: path, isForConversion: isForConversion).converted()
        }
        #expect(error?.code == .nonFinite)
      }
      let model = try Model(contentsOf: path, options: ImportOptions(allowsNonFinite: true))
      #expect(throws: ModelError.self) { try model.converted() }
      let allowed = try model.converted(ConversionOptions(allowsNonFinite: true)).model
      try allowed.write(to: folder.path("out.safetensors"), replacing: true)
    }
  }

  private static func write(_ graph: Graph, _ folder: TemporaryFolder) throws -> String {
    let path = folder.path("in.safetensors")
    try NativeFormat.write(
      Program(graphs: [graph], source: "test"),
      provenance: Provenance(sourceSHA256: nil, sourceFormat: "test", passes: []), to: path, replacing: true)
    return path
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

  /// x · W, where W comes out of an identity, or is filled by a node.
  private static func hidden(makesConstant: Bool) throws -> Graph {
    var builder = GraphBuilder(name: "hidden")
    let input = builder.input(name: "x", type: TensorType(.float32, [1, 2]))
    let source: ValueID
    let op: Op
    if makesConstant {
      source = builder.constant(name: "extents", try Tensor([2, 2] as [Int64], shape: [2]))
      op = .constantOfShape(ConstantOfShape(.floating(.infinity), elementType: .float32))
    } else {
      source = builder.constant(name: "w", try Tensor([1, 2, .nan, 4], shape: [2, 2]))
      op = .identity(Identity())
    }
    let matrix = try builder.add(op, name: "matrix", inputs: [source])
    let product = try builder.add(.fullyConnected(FullyConnected()), name: "dense", inputs: [input, matrix[0]])
    builder.output(product[0], name: "y")
    return try builder.build()
  }

  /// x · W, where W is beyond float32 once it is cast, and then put in another order, its bytes computed where they are read.
  private static func reordered() throws -> Graph {
    var builder = GraphBuilder(name: "reordered")
    let input = builder.input(name: "x", type: TensorType(.float32, [1, 2]))
    let wide = builder.constant(
      name: "wide", try Tensor([1, 2, 1e300, 4] as [Double], type: TensorType(.float64, [2, 2])))
    let matrix = try builder.add(.cast(Cast(to: .float32)), name: "matrix", inputs: [wide])
    let product = try builder.add(
      .fullyConnected(FullyConnected(weightLayout: .inputOutput)), name: "dense", inputs: [input, matrix[0]])
    let half = builder.constant(name: "half", try Tensor([0.5, 0.5], shape: [2]))
    let halved = try builder.add(.binary(Binary(.multiply)), name: "halved", inputs: [product[0], half])
    builder.output(halved[0], name: "y")
    return try builder.build()
  }

  @Test func isAskedOfAModelThatWasReadWithoutIt() throws {
    let model = try Model(contentsOf: Self.path, options: ImportOptions(allowsNonFinite: true), isForConversion: true)
    let error = #expect(throws: ModelError.self) { try model.converted() }
    #expect(error?.code == .nonFinite)
    #expect(try model.converted(ConversionOptions(allowsNonFinite: true)).model.graph.nodes.count > 0)
  }
}
