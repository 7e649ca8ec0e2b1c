import ModelGraph
import ONNXFormat
import FormatSupport
import Passes
import ReferenceInterpreter
import TestSupport
import Testing

@Suite struct FoldQuantizePairsTests {
  static let wide = Quantization.perTensor(scale: 0.05, zeroPoint: 3)
  static let narrow = Quantization.perTensor(scale: 0.0413, zeroPoint: -11)

  /// A graph of pairs: x → Q → DQ → conv (relu6, int32 bias) → Q → DQ.
  private struct Pairs {
    var sketch: Sketch
    var x: ValueID

    init(seed: UInt64, _ shape: Shape = [1, 5, 4, 3]) throws {
      sketch = Sketch(seed: seed)
      x = sketch.input(shape)
    }

    mutating func counts(_ value: ValueID, _ quantization: Quantization, _ name: String) throws -> ValueID {
      try sketch.add(
        .quantize(Quantize(to: .int8, quantization, roundsHalfToEven: true)), value, name: name)
    }

    mutating func pair(_ value: ValueID, _ quantization: Quantization, _ name: String) throws -> ValueID {
      try sketch.add(.dequantize(Dequantize()), try counts(value, quantization, name), name: name + "/real")
    }

    /// Constant counts behind a dequantization.
    mutating func constant<Element: BitwiseCopyable>(
      _ counts: [Element], _ type: ElementType, _ shape: [Int], _ quantization: Quantization, _ name: String
    ) throws -> ValueID {
      let tensor = try Tensor(counts, type: TensorType(type, Shape(shape), quantization: quantization))
      let id = sketch.builder.constant(name: name, tensor)
      return try sketch.add(.dequantize(Dequantize()), id, name: name + "/real")
    }

    mutating func weights(_ shape: [Int], _ quantization: Quantization, _ name: String = "w") throws -> ValueID {
      let count = Shape.elementCount(of: shape) ?? 0
      let elements = (0..<count).map { _ in Int8(sketch.generator.integer(in: -127...127)) }
      return try constant(elements, .int8, shape, quantization, name)
    }
  }

  static let channels = Quantization.perAxis(axis: 0, scales: [0.01, 0.02], zeroPoints: [0, 1])
  static let biasScales = Quantization.perAxis(axis: 0, scales: [0.05 * 0.01, 0.05 * 0.02], zeroPoints: [0, 0])

  private func convolution(
    bias: Quantization = Self.biasScales, output: Quantization = Self.narrow, readTwice: Bool = false
  ) throws -> Graph {
    var pairs = try Pairs(seed: 5)
    let x = try pairs.pair(pairs.x, Self.wide, "x_counts")
    let w = try pairs.weights([2, 3, 3, 3], Self.channels)
    let b = try pairs.constant([Int32(400), -300], .int32, [2], bias, "b")
    let conv = try pairs.sketch.add(.conv2D(Conv2D(outputClamp: .relu6)), x, w, b, name: "conv")
    let y = try pairs.pair(conv, output, "y_counts")
    return try readTwice ? pairs.sketch.graph(y, conv) : pairs.sketch.graph(y)
  }

  private func folded(_ graph: Graph) throws -> (graph: Graph, report: PassReport) {
    let folded = try run(RulePass(FoldQuantizePairs()), graph)
    return (try run(RemoveDead(), folded.graph).graph, folded.report)
  }

  /// The counts that two graphs give where real numbers are scale · (count − zero point): they differ by so many at most.
  private func largestStep(_ before: Graph, _ after: Graph, _ quantization: Quantization) throws -> Double {
    var largest = 0.0
    for seed in 1...8 as ClosedRange<UInt64> {
      let inputs = try randomInputs(before, seed: seed)
      let expected = try ReferenceInterpreter(before).run(inputs)[0].floats()
      let actual = try ReferenceInterpreter(after).run(inputs)[0].floats()
      largest = max(largest, maximumAbsoluteDifference(actual, expected))
    }
    return (largest / Double(quantization.scales[0])).rounded()
  }

  @Test func makesAConvolutionOfCounts() throws {
    let before = try convolution()
    let (after, report) = try folded(before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[1, 5, 4, 3]
          constant %w: int8[2, 3, 3, 3] {2 scales along axis 0}
          constant %b: int32[2] {2 scales along axis 0}
          %x_counts: int8[1, 5, 4, 3] {scale 0.05, zero point 3} = quantize(%x) {elementType: int8, \
        quantization: scale 0.05, zero point 3, roundsHalfToEven: true}  // 'x_counts' (quantize, #1)
          %y_counts: int8[1, 3, 2, 2] {scale 0.0413, zero point -11} = conv2d(%x_counts, %w, %b) {strides: 1×1, \
        dilation: 1×1, padding: [0, 0, 0, 0], groups: 1, layout: channelsLast, filterLayout: outputHeightWidthInput, \
        outputClamp: relu6, inputQuantization: symmetric}  // 'conv' (conv2d, #5), 'y_counts' (quantize, #6)
          %y_counts/real: float32[1, 3, 2, 2] = dequantize(%y_counts)  // 'y_counts/real' (dequantize, #7)
          output 'y0' = %y_counts/real: float32[1, 3, 2, 2]
        }

        """)
    #expect(report.applied == 1 && report.rejections.isEmpty)
    #expect(try largestStep(before, after, Self.narrow) == 0)
  }

  /// Every 80th sum lies on a tie here, which the two sides may break differently: by one count.
  @Test func differsByOneCountAtTies() throws {
    let ties = Quantization.perTensor(scale: 0.04, zeroPoint: -11)
    let before = try convolution(output: ties)
    let (after, report) = try folded(before)
    #expect(report.applied == 1)
    #expect(try largestStep(before, after, ties) == 1)
  }

  /// A product of two scales in float64 may be a float32 unit away from the one that the integer form multiplies.
  @Test func aBiasScaleIsMadeExact() throws {
    let near = Quantization.perAxis(
      axis: 0, scales: [(0.05 * 0.01 as Float).nextUp, 0.05 * 0.02], zeroPoints: [0, 0])
    let (after, report) = try folded(try convolution(bias: near))
    #expect(report.applied == 1)
    let conv = try #require(after.nodes.first { if case .conv2D = $0.op { true } else { false } })
    #expect(after.type(conv, 2)?.quantization == Self.biasScales)
  }

  @Test func saysWhatIsNotExact() throws {
    func reason(_ graph: Graph) throws -> String? {
      let (after, report) = try folded(graph)
      #expect(report.applied == 0 && operators(after) == operators(graph))
      return report.rejections.first?.reason
    }
    let other = Quantization.perAxis(axis: 0, scales: [0.0005, 0.002], zeroPoints: [0, 0])
    #expect(
      try reason(convolution(bias: other))
        == "its bias has the scale 0.002 in channel 1, not input × weight scale 0.001")
    #expect(try reason(convolution(readTwice: true)) == "its result is read as real numbers too")
    #expect(
      try reason(convolution(output: .perTensor(scale: 1e-9, zeroPoint: 0)))
        == "the sum of channel 0 may be more steps of the output than a float32 tells apart")

    var real = try Pairs(seed: 6)
    let w = try real.sketch.weights([2, 1, 1, 3])
    let conv = try real.sketch.add(.conv2D(Conv2D()), try real.pair(real.x, Self.wide, "c"), w, name: "conv")
    #expect(
      try reason(try real.sketch.graph(try real.pair(conv, Self.narrow, "y"))) == "its weights are no constant counts")

    var moved = try Pairs(seed: 7)
    let flat = try moved.sketch.add(
      .flatten(Flatten(axis: 1)), try moved.pair(moved.x, Self.wide, "c"), name: "flat")
    #expect(
      try reason(try moved.sketch.graph(try moved.pair(flat, Self.narrow, "y")))
        == "it only moves elements, and the scale changes")

    var sigmoid = try Pairs(seed: 8)
    let s = try sigmoid.sketch.add(.unary(Unary(.sigmoid)), try sigmoid.pair(sigmoid.x, Self.wide, "c"), name: "s")
    #expect(
      try reason(try sigmoid.sketch.graph(try sigmoid.pair(s, Self.narrow, "y")))
        == "unary is computed with real numbers on either side of the pair")
  }

  /// Additions, averages and what only moves elements: the same numbers, to the bit.
  @Test func foldsWhatIsTheSameByDefinition() throws {
    var pairs = try Pairs(seed: 9, [1, 4, 4, 3])
    let x = try pairs.pair(pairs.x, Self.wide, "x_counts")
    let other = try pairs.pair(x, Self.narrow, "other")
    let sum = try pairs.sketch.add(.binary(Binary(.add, outputClamp: .relu)), x, other, name: "sum")
    let added = try pairs.pair(sum, Self.wide, "added")
    let largest = try pairs.sketch.add(
      .pool2D(Pool2D(.maximum, kernel: Size2D(2), strides: Size2D(2))), added, name: "largest")
    let pooled = try pairs.pair(largest, Self.wide, "pooled")
    let mean = try pairs.sketch.add(.globalPool(GlobalPool(.average, keepsAxes: false)), pooled, name: "mean")
    let before = try pairs.sketch.graph(try pairs.pair(mean, .perTensor(scale: 0.0307, zeroPoint: 0), "means"))
    let (after, report) = try folded(before)
    #expect(
      operators(after) == ["quantize", "dequantize", "quantize", "binary", "pool2d", "globalPool", "dequantize"])
    #expect(report.applied == 3)
    #expect(
      report.rejections.map(\.reason) == ["the counts change their scale; there is no operator between them to do it"])
    #expect(try largestStep(before, after, .perTensor(scale: 0.0307, zeroPoint: 0)) == 0)
  }

  @Test func aPairOfTheSameScaleIsNothing() throws {
    var pairs = try Pairs(seed: 10)
    let x = try pairs.pair(pairs.x, Self.wide, "first")
    let before = try pairs.sketch.graph(try pairs.pair(x, Self.wide, "second"))
    let (after, report) = try folded(before)
    #expect(operators(after) == ["quantize", "dequantize"] && report.applied == 1)
    #expect(try outputDifference(before, after) == 0)
  }

  /// LiteRT's arithmetic rescales with fixed-point multipliers: what is exact here is not exact there.
  @Test func leavesOtherArithmeticAlone() throws {
    var builder = GraphBuilder(name: "tflite", arithmetic: .liteRT)
    let x = builder.input(name: "x", type: TensorType(.float32, [1, 4]))
    let step = Op.quantize(Quantize(to: .int8, Self.wide, roundsHalfToEven: true))
    let first = try builder.add(step, name: "q", inputs: [x])
    let real = try builder.add(.dequantize(Dequantize()), name: "dq", inputs: first)
    builder.output(try builder.add(step, name: "again", inputs: real)[0], name: "y")
    let (after, report) = try run(RulePass(FoldQuantizePairs()), try builder.build())
    #expect(operators(after) == ["quantize", "dequantize", "quantize"] && report.applied == 0)
  }

  /// The whole pipeline on every model of `quantized.npz`: the same counts as the graph that is faithful to its file.
  @Test func thePipelineKeepsEveryCase() throws {
    let archive = try NPZFile(path: Golden.path("ONNX/quantized.npz"))
    let cases = archive.names.filter { $0.hasSuffix(".model") && !$0.hasPrefix("bad.") }
      .map { String($0.dropLast(".model".count)) }
    #expect(!cases.isEmpty)
    for key in cases {
      do {
        let bytes = try archive.tensor(named: "\(key).model").elements(as: UInt8.self)
        let graph = try ONNXFormat.read(MappedFile(bytes: bytes, name: key), options: .standard).mainGraph
        let canonical = try PassPipeline.canonical.run(graph).graph
        var inputs: [Tensor] = []
        for index in graph.inputs.indices { inputs.append(try archive.tensor(named: "\(key).input\(index)")) }
        let expected = try ReferenceInterpreter(graph).run(inputs)
        let actual = try ReferenceInterpreter(canonical).run(inputs)
        for (a, b) in zip(actual, expected) {
          #expect(a.extents == b.extents && a.elementType == b.elementType, "\(key)")
          #expect(try a.doubles() == b.doubles(), "\(key)")
        }
      } catch {
        Issue.record("\(key): \(error)")
      }
    }
  }
}
