import ModelGraph
import Passes
import Testing

@Suite struct FoldConstantsTests {
  @Test func halfPrecisionWeightsBecomeFloat32() throws {
    var sketch = Sketch(seed: 1)
    let x = sketch.input([1, 2])
    let halves: [Float16] = [0.5, -1.25, 2, 0.1]
    let stored = sketch.builder.constant(
      name: "half", try Tensor(halves, type: TensorType(.float16, [2, 2])), origin: ValueOrigin(name: "half"))
    let w = try sketch.add(.dequantize(Dequantize()), stored, name: "w")
    let before = try sketch.graph(try sketch.add(.fullyConnected(FullyConnected()), x, w, name: "dense"))
    let (after, report) = try run(FoldConstants(), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[1, 2]
          constant %w: float32[2, 2]
          %dense: float32[1, 2] = fullyConnected(%x, %w) {weightLayout: outputInput, keepsLeadingAxes: true, \
        outputClamp: unbounded, \
        inputQuantization: symmetric}  // 'dense' (fullyConnected, #2)
          output 'y0' = %dense: float32[1, 2]
        }

        """)
    #expect(report.explanations == ["'w' (dequantize) is constant: float32[2, 2]"])
    #expect(try after.constant(after.nodes[0], 1)?.floats() == halves.map(Float.init))
    #expect(after.values.first { $0.name == "w" }?.origin == ValueOrigin(name: "w"))
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func dequantizedWeightsOfAFloatNetworkAreFoldedAndOfAQuantizedOneKept() throws {
    func graph(quantizedMap: Bool) throws -> Graph {
      var sketch = Sketch(seed: 2)
      let quantization = Quantization.perTensor(scale: 0.5, zeroPoint: 1)
      var x = sketch.input([1, 2])
      if quantizedMap {
        let counts = try sketch.add(
          .quantize(Quantize(to: .int8, quantization, roundsHalfToEven: true)), x, name: "counts")
        x = try sketch.add(.dequantize(Dequantize()), counts, name: "real")
      }
      let stored = sketch.builder.constant(
        name: "stored", try Tensor([Int8](1...4), type: TensorType(.int8, [2, 2], quantization: quantization)))
      let w = try sketch.add(.dequantize(Dequantize()), stored, name: "w")
      return try sketch.graph(try sketch.add(.fullyConnected(FullyConnected()), x, w, name: "dense"))
    }
    let float = try run(FoldConstants(), try graph(quantizedMap: false))
    #expect(operators(float.graph) == ["fullyConnected"])
    #expect(try float.graph.constant(float.graph.nodes[0], 1)?.floats() == [0, 0.5, 1, 1.5])
    let quantized = try run(FoldConstants(), try graph(quantizedMap: true))
    #expect(operators(quantized.graph) == ["quantize", "dequantize", "dequantize", "fullyConnected"])
    #expect(
      quantized.report.rejections == [
        .init(node: "'w'", reason: "the counts belong to the integer arithmetic of a quantized network")
      ])
  }

  /// Shape → Gather → Unsqueeze → Concat → Reshape with an open batch, as PyTorch writes `x.view(x.size(0), -1)`.
  @Test func aComputedTargetBecomesStatic() throws {
    var sketch = Sketch(seed: 3)
    let x = sketch.input([.symbolic("batch"), 2, 3, 3])
    let shape = try sketch.add(.shapeOf(ShapeOf()), x, name: "shape")
    let zero = sketch.builder.constant(name: "zero", try Tensor([Int64(0)], shape: []))
    let rest = sketch.builder.constant(name: "rest", try Tensor([Int64(-1)], shape: [1]))
    let batch = try sketch.add(.gather(Gather(axis: 0)), shape, zero, name: "batch")
    let vector = try sketch.add(.unsqueeze(Unsqueeze(axes: [0])), batch, name: "vector")
    let target = try sketch.add(.concat(Concat(axis: 0)), vector, rest, name: "target")
    let before = try sketch.graph(try sketch.add(.reshape(Reshape(nil)), x, target, name: "view"))
    let (folded, report) = try run(FoldConstants(), before)
    #expect(folded.nodes.last?.op == .reshape(Reshape([.copied(0), .inferred])))
    #expect(report.applied == 1)
    let (after, _) = try run(RemoveDead(), folded)
    #expect(operators(after) == ["reshape"])
    #expect(after[after.outputs[0].value].type.shape == [.symbolic("batch"), 18])
    #expect(try outputDifference(before, after, open: 4) == 0)
  }

  @Test func aKnownShapeBecomesAConstant() throws {
    var sketch = Sketch(seed: 4)
    let x = sketch.input([3, 4])
    let shape = try sketch.add(.shapeOf(ShapeOf(elementType: .int32)), x, name: "shape")
    let (after, _) = try run(FoldConstants(), try sketch.graph(shape))
    #expect(after.nodes.isEmpty)
    #expect(try after[after.outputs[0].value].constant?.integers() == [3, 4])
  }

  @Test func aLargeResultOfLittleIsNotWrittenOut() throws {
    var sketch = Sketch(seed: 5)
    let tiled = try sketch.add(.tile(Tile([2048, 1024])), try sketch.weights([1, 1]), name: "tiled")
    let (after, report) = try run(FoldConstants(), try sketch.graph(tiled))
    #expect(operators(after) == ["tile"])
    #expect(
      report.rejections == [
        .init(node: "'tiled'", reason: "the result would take many times the bytes of what it is computed from")
      ])
  }

  /// Each is twice what it is made of, and all of them are made of one little constant.
  @Test func manyResultsTogetherAreBounded() throws {
    var sketch = Sketch(seed: 7)
    var x = try sketch.weights([1, 1024])
    for index in 0..<24 { x = try sketch.add(.concat(Concat(axis: 0)), x, x, name: "twice\(index)") }
    let (after, report) = try run(FoldConstants(), try sketch.graph(x))
    #expect(!report.rejections.isEmpty)
    #expect(report.applied + after.nodes.count == 24)
    let bytes = after.values.reduce(0) { $0 + ($1.constant?.byteCount ?? 0) }
    #expect(bytes <= 65 << 20)
  }

  /// Integers are divided towards zero, vectors that become matrices are no shapes, and narrow types do not hold everything.
  @Test func shapeArithmeticIsTheOperators() throws {
    var sketch = Sketch(seed: 8)
    func vector(_ elements: [Int64], _ name: String) throws -> ValueID {
      sketch.builder.constant(name: name, try Tensor(elements, shape: [elements.count]))
    }
    func known(_ op: Op, _ inputs: ValueID..., name: String) throws -> [Dimension]? {
      let output = try sketch.builder.add(op, name: name, inputs: inputs)[0]
      return sketch.builder.knownDimensions(output)
    }
    let odd = try vector([-3, 3, -4, .min], "odd")
    let two = try vector([2], "two")
    #expect(try known(.binary(Binary(.divide)), odd, two, name: "a") == [-1, 1, -2, .fixed(.min / 2)])
    #expect(try known(.binary(Binary(.floorDivide)), odd, two, name: "b") == [-2, 1, -2, .fixed(.min / 2)])
    #expect(try known(.binary(Binary(.divide)), odd, try vector([-1], "m"), name: "c") == [3, -3, 4, .unknown])
    #expect(
      try known(.binary(Binary(.divide)), odd, try vector([0], "z"), name: "d")?.allSatisfy { $0 == .unknown } == true)
    let extents = try sketch.add(
      .shapeOf(ShapeOf(elementType: .int64)), sketch.input([.symbolic("N"), 7]), name: "extents")
    let half = Dimension.symbolic("N").dividedRoundingDown(by: 2)
    #expect(try known(.binary(Binary(.divide)), extents, two, name: "e") == [half, 3])
    let less = try sketch.add(.binary(Binary(.subtract)), extents, two, name: "less")
    #expect(try known(.binary(Binary(.divide)), less, two, name: "f") == [.unknown, 2])
    #expect(try known(.unsqueeze(Unsqueeze(axes: [1])), odd, name: "g") == nil)
    #expect(try known(.reshape(Reshape([.fixed(2), .fixed(2)])), odd, name: "h") == nil)
    #expect(try known(.cast(Cast(to: .uint8)), try vector([257], "w"), name: "i") == nil)
    #expect(try known(.cast(Cast(to: .uint8)), try vector([255], "v"), name: "j") == [255])
    #expect(try known(.cast(Cast(to: .int32)), extents, name: "k") == [.symbolic("N"), 7])
  }

  @Test func aTensorOfOneValueStaysOneValue() throws {
    var sketch = Sketch(seed: 6)
    let extents = sketch.builder.constant(name: "extents", try Tensor([Int64(1024), 1024], shape: [2]))
    let filled = try sketch.add(
      .constantOfShape(ConstantOfShape(.floating(0.5), elementType: .float32)), extents, name: "filled")
    let (after, _) = try run(FoldConstants(), try sketch.graph(filled))
    let constant = try #require(after[after.outputs[0].value].constant)
    guard case .splat(let value) = constant.content else {
      Issue.record("the tensor was written out")
      return
    }
    #expect(value == .floating(0.5))
  }
}
