import FormatSupport
import ModelGraph
import Passes
import ReferenceInterpreter
import TFLiteFormat
import TestSupport
import Testing

/// The canonical form of quantized files computes what the file computes, count for count.
struct QuantizedModelTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let file: String
    /// The folder of the stored input.
    let folder: String

    init(_ file: String) {
      self.file = file
      folder = file.split(separator: "/").last.map(String.init) ?? file
    }

    var testDescription: String { file }
  }

  static let networks = [
    "imagenet/mobilenetv2_torchvision_int8", "imagenet/mobilenetv2_torchvision_dynrange",
    "hosted/mobilenet_v2_1.0_224_quant", "hosted/tf2_mobilenet_v2_1.0_224_ptq",
    "hosted/mobilenet_v2_035_96_embedder_with_metadata", "hosted/deeplabv3_mnv2_dm05_pascal_quant",
    "other/vww_96_int8", "other/resnet8_cifar_int8",
  ].map(Network.init)

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment), arguments: networks)
  func theCanonicalFormComputesTheSameCounts(_ network: Network) throws {
    let file = try MappedFile(path: SharedModels.path("\(network.file).tflite"))
    let source = try TFLiteFormat.read(file, options: .standard).mainGraph
    let canonical = try PassPipeline.canonical.run(source).graph
    #expect(canonical.arithmetic == .liteRT)
    let names = operators(canonical)
    // Paddings go into the windows.
    #expect(!names.contains("pad"))
    // Weights stay the integers that they are, output channels first.
    #expect(Self.weightTypes(canonical) == Self.weightTypes(source))
    for node in canonical.nodes {
      guard case .conv2D(let op) = node.op else { continue }
      #expect(op.filterLayout == .outputHeightWidthInput)
      if let axis = canonical.type(node, 1)?.quantization?.axis { #expect(axis == 0, "\(node.name)") }
    }
    let input = try SharedModels.reference(network.folder, "cat_input")
    try Self.expectSame(source, canonical, [input])
  }

  @Test func everyOperatorCaseComputesTheSameCounts() throws {
    let path = Golden.path("TFLite/quantized_operators.tflite")
    let program = try TFLiteFormat.read(MappedFile(path: path), options: .standard)
    let archive = try NPZFile(path: Golden.path("TFLite/quantized_operators.npz"))
    for signature in program.signatures {
      let source = program.graphs[signature.graph]
      let inputs = try source.inputs.map { try archive.tensor(named: "\(signature.name).\($0.name)") }
      try Self.expectSame(source, try PassPipeline.canonical.run(source).graph, inputs)
    }
  }

  @Test func a16BitNetworkComputesTheSameCounts() throws {
    let source = try TFLiteFormat.read(MappedFile(path: Golden.path("TFLite/int16x8.tflite")), options: .standard)
      .mainGraph
    let input = try NPZFile(path: Golden.path("TFLite/int16x8.npz")).tensor(named: "input")
    try Self.expectSame(source, try PassPipeline.canonical.run(source).graph, [input])
  }

  /// How many layers have weights of each element type.
  private static func weightTypes(_ graph: Graph) -> [ElementType: Int] {
    graph.nodes.reduce(into: [:]) { counts, node in
      switch node.op {
      case .conv2D, .fullyConnected: if let type = graph.type(node, 1) { counts[type.elementType, default: 0] += 1 }
      default: break
      }
    }
  }

  /// Bytes, not numbers: real outputs of integer weights must agree in every bit as well.
  private static func expectSame(_ source: Graph, _ canonical: Graph, _ inputs: [Tensor]) throws {
    let before = try ReferenceInterpreter(source).run(inputs)
    let after = try ReferenceInterpreter(canonical).run(inputs)
    #expect(before.count == after.count)
    for (a, b) in zip(before, after) {
      #expect(a.type == b.type, "\(source.name)")
      let same = try a.withUnsafeBytes { (x) throws(ModelError) in
        try b.withUnsafeBytes { (y) throws(ModelError) in x.elementsEqual(y) }
      }
      #expect(same, "\(source.name)")
    }
  }

  // MARK: Single passes

  /// conv → clamp on counts; the clamp keeps the scale or changes it.
  private func clamped(to output: Quantization, arithmetic: QuantizedArithmetic) throws -> Graph {
    let counts = Quantization.perTensor(scale: 0.05, zeroPoint: -7)
    var builder = GraphBuilder(name: "clamped", arithmetic: arithmetic)
    let x = builder.input(name: "x", type: TensorType(.int8, [1, 4, 4, 2], quantization: counts))
    let weights = TensorType(.int8, [3, 1, 1, 2], quantization: .perTensor(scale: 0.1, zeroPoint: 0))
    let filter = builder.constant(name: "w", try Tensor([1, -50, 100, 7, -3, 44] as [Int8], type: weights))
    let map = TensorType(.int8, [1, 4, 4, 3], quantization: counts)
    let conv = try builder.add(
      .conv2D(Conv2D()), name: "conv", inputs: [x, filter],
      outputs: [OutputSpecification(name: "conv", statedType: map)])
    let relu = try builder.add(
      .clamp(Clamp(.relu6)), name: "relu", inputs: [conv[0]],
      outputs: [
        OutputSpecification(name: "relu", statedType: TensorType(.int8, [1, 4, 4, 3], quantization: output))
      ])
    builder.output(relu[0], name: "y")
    return try builder.build()
  }

  @Test func aClampOfTheSameCountsIsFused() throws {
    let graph = try clamped(to: .perTensor(scale: 0.05, zeroPoint: -7), arithmetic: .liteRT)
    let (after, _) = try run(RulePass(FuseClamp()), graph)
    #expect(operators(after) == ["conv2d"])
    var random = SeededGenerator(seed: 4)
    let counts = (0..<32).map { _ in Int8(truncatingIfNeeded: random.integer(in: -128...127)) }
    try Self.expectSame(graph, after, [try Tensor(counts, type: TensorType(.int8, [1, 4, 4, 2]))])
  }

  @Test func aClampThatRescalesOrFollowsAnotherArithmeticStays() throws {
    let rescaling = try clamped(to: .perTensor(scale: 0.06, zeroPoint: -7), arithmetic: .liteRT)
    let (first, report) = try run(RulePass(FuseClamp()), rescaling)
    #expect(operators(first) == ["conv2d", "clamp"])
    #expect(report.rejections.map(\.reason) == ["the clamp changes the quantization"])
    let other = try clamped(to: .perTensor(scale: 0.05, zeroPoint: -7), arithmetic: .onnx)
    let (second, _) = try run(RulePass(FuseClamp()), other)
    #expect(operators(second) == ["conv2d", "clamp"])
  }

  /// Padding stands for the zero point, in the Pad as in the window.
  @Test func aPaddingOfCountsIsFoldedAndAddsTheZeroPoint() throws {
    let counts = Quantization.perTensor(scale: 0.05, zeroPoint: 33)
    var builder = GraphBuilder(name: "padded", arithmetic: .liteRT)
    let x = builder.input(name: "x", type: TensorType(.int8, [1, 3, 3, 1], quantization: counts))
    let padded = try builder.add(
      .pad(Pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0], mode: .constant(0))), name: "pad", inputs: [x])
    let weights = TensorType(.int8, [1, 3, 3, 1], quantization: .perTensor(scale: 0.1, zeroPoint: 0))
    let filter = builder.constant(name: "w", try Tensor([Int8](repeating: 9, count: 9), type: weights))
    let conv = try builder.add(
      .conv2D(Conv2D()), name: "conv", inputs: [padded[0], filter],
      outputs: [OutputSpecification(name: "y", statedType: TensorType(.int8, [1, 3, 3, 1], quantization: counts))])
    builder.output(conv[0], name: "y")
    let graph = try builder.build()
    let (after, _) = try run(RulePass(FoldPadding()), graph)
    #expect(operators(after) == ["conv2d"])
    let input = try Tensor([33, 50, -90, 127, -128, 0, 33, 1, 70] as [Int8], type: TensorType(.int8, [1, 3, 3, 1]))
    try Self.expectSame(graph, after, [input])
    // A map of zeros, whose counts are the zero point, stays one of zeros up to its edges.
    let zeros = try Tensor([Int8](repeating: 33, count: 9), type: TensorType(.int8, [1, 3, 3, 1]))
    #expect(try ReferenceInterpreter(after).run([zeros])[0].integers() == [Int](repeating: 33, count: 9))
  }
}
