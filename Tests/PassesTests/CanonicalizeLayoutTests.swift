import ModelGraph
import Passes
import Testing

@Suite struct CanonicalizeLayoutTests {
  private let first = Conv2D(layout: .channelsFirst, filterLayout: .outputInputHeightWidth)

  @Test func movesTheOrderToThePorts() throws {
    var sketch = Sketch(seed: 1)
    let x = sketch.input([.symbolic("N"), 3, 5, 4])
    let conv = try sketch.add(.conv2D(first), x, try sketch.weights([2, 3, 3, 3]), name: "conv")
    let relu = try sketch.add(.clamp(Clamp(.relu)), conv, name: "relu")
    let before = try sketch.graph(relu)
    let (after, report) = try run(CanonicalizeLayout(), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[N, 5, 4, 3] permuted [0, 2, 3, 1]
          constant %w: float32[2, 3, 3, 3]
          %conv: float32[N, 3, 2, 2] = conv2d(%x, %w) {strides: 1×1, dilation: 1×1, padding: [0, 0, 0, 0], groups: 1, \
        layout: channelsLast, filterLayout: outputHeightWidthInput, outputClamp: unbounded, \
        inputQuantization: symmetric}  // 'conv' (conv2d, #1)
          %relu: float32[N, 3, 2, 2] = clamp(%conv) {range: relu}  // 'relu' (clamp, #2)
          output 'y0' = %relu: float32[N, 3, 2, 2] permuted [0, 2, 3, 1]
        }

        """)
    #expect(
      report.explanations == [
        "input 'x' is read with its axes as [0, 2, 3, 1]", "output 'y0' has its axes as [0, 2, 3, 1]",
        "one operator works channels-last", "one constant is reordered",
      ])
    for name in ["conv", "relu", "w"] {
      #expect(after.values.first { $0.name == name }?.origin == ValueOrigin(name: name, permutation: [0, 2, 3, 1]))
    }
    #expect(after.signatureType(after.inputs[0]) == before.signatureType(before.inputs[0]))
    #expect(after.signatureType(after.outputs[0]) == before.signatureType(before.outputs[0]))
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func transposesOfTheFileVanish() throws {
    var sketch = Sketch(seed: 2)
    let x = sketch.input([1, 3, 4, 4])
    let last = try sketch.add(.transpose(Transpose([0, 2, 3, 1])), x, name: "to last")
    let conv = try sketch.add(.conv2D(Conv2D()), last, try sketch.weights([2, 1, 1, 3]), name: "conv")
    let back = try sketch.add(.transpose(Transpose([0, 3, 1, 2])), conv, name: "to first")
    let second = try sketch.add(.conv2D(first), back, try sketch.weights([2, 2, 3, 3], "v"), name: "second")
    let flipped = try sketch.add(.transpose(Transpose([0, 1, 3, 2])), second, name: "flip")
    let before = try sketch.graph(try sketch.add(.unary(Unary(.sigmoid)), flipped, name: "sigmoid"))
    let (after, report) = try run(CanonicalizeLayout(), before)
    #expect(operators(after) == ["conv2d", "conv2d", "unary"])
    #expect(after.inputs[0].permutation == [0, 2, 3, 1])
    #expect(after.outputs[0].permutation == [0, 3, 2, 1])
    #expect(report.explanations.contains("3 transposes are gone"))
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func axesOfOtherOperatorsFollow() throws {
    var sketch = Sketch(seed: 3)
    let x = sketch.input([2, 4, 6, 5])
    let conv = try sketch.add(.conv2D(first), x, try sketch.weights([4, 4, 1, 1]), name: "conv")
    let pad = try sketch.add(.pad(Pad(before: [0, 1, 2, 0], after: [0, 1, 0, 3])), conv, name: "pad")
    let soft = try sketch.add(.softmax(Softmax(axis: 1)), pad, name: "softmax")
    let cut = try sketch.add(
      .slice(Slice(axes: [2, 1], starts: [1, 0], ends: [7, 4], steps: [2, 1])), soft, name: "cut")
    let joined = try sketch.add(.concat(Concat(axis: 1)), cut, cut, name: "joined")
    let norm = try sketch.norm(joined, channels: 8, axis: 1)
    let parts = try sketch.builder.add(
      .split(Split(axis: 1, extents: [3, 5])), name: "parts", inputs: [norm])
    let tiled = try sketch.add(.tile(Tile([1, 1, 2, 1])), parts[1], name: "tiled")
    let slope = try sketch.add(.prelu(PReLU()), tiled, try sketch.weights([5, 1, 1], "slope"), name: "prelu")
    let scaled = try sketch.add(
      .binary(Binary(.multiply)), slope, try sketch.weights([1, 5, 1, 1], "scale"), name: "scaled")
    let rows = try sketch.add(.binary(Binary(.add)), scaled, try sketch.weights([8], "columns"), name: "shifted")
    let mean = try sketch.add(.reduce(Reduce(.mean, axes: [3], keepsAxes: false)), rows, name: "mean")
    let index = try sketch.add(.reduce(Reduce(.maximum, axes: [1, 3], keepsAxes: true)), rows, name: "maximum")
    let before = try sketch.graph(parts[0], mean, index)
    let (after, _) = try run(CanonicalizeLayout(), before)
    #expect(!operators(after).contains("transpose"))
    #expect(after.outputs.map(\.permutation) == [[0, 2, 3, 1], [0, 2, 1], [0, 2, 3, 1]])
    #expect(try outputDifference(before, after) < 1e-6)
  }

  @Test func ranksChangeWithTheOrder() throws {
    var sketch = Sketch(seed: 4)
    let x = sketch.input([2, 3, 4, 5])
    let conv = try sketch.add(.conv2D(first), x, try sketch.weights([3, 3, 1, 1]), name: "conv")
    let pooled = try sketch.add(
      .globalPool(GlobalPool(.average, keepsAxes: true, layout: .channelsFirst)), conv, name: "pool")
    let squeezed = try sketch.add(.squeeze(Squeeze(axes: [2, 3])), pooled, name: "squeezed")
    let widened = try sketch.add(.unsqueeze(Unsqueeze(axes: [2, 3])), squeezed, name: "widened")
    let gated = try sketch.add(.binary(Binary(.multiply)), conv, widened, name: "gated")
    let shape = try sketch.add(.shapeOf(ShapeOf(start: 1, end: 3)), gated, name: "shape")
    let flat = try sketch.add(.flatten(Flatten(axis: 2)), gated, name: "flat")
    let before = try sketch.graph(squeezed, flat, try sketch.add(.cast(Cast(to: .float32)), shape, name: "real"))
    let (after, report) = try run(CanonicalizeLayout(), before)
    #expect(report.explanations.contains("'gated' is transposed for a reader that needs the file's order"))
    #expect(operators(after).filter { $0 == "transpose" }.count == 1)
    #expect(try outputDifference(before, after) < 1e-6)
  }

  /// A map larger than 1×1 in front of a dense layer: the weights take the order of the features.
  @Test(arguments: [true, false])
  func denseWeightsTakeTheOrderOfAFlattenedMap(_ usesReshape: Bool) throws {
    var sketch = Sketch(seed: 5)
    let x = sketch.input([.symbolic("N"), 2, 3, 4])
    let conv = try sketch.add(.conv2D(first), x, try sketch.weights([3, 2, 1, 1]), name: "conv")
    let op: Op = usesReshape ? .reshape(Reshape([.copied(0), .inferred])) : .flatten(Flatten(axis: 1))
    let flat = try sketch.add(op, conv, name: "flat")
    let relu = try sketch.add(.clamp(Clamp(.relu)), flat, name: "relu")
    let dense = try sketch.add(
      .fullyConnected(FullyConnected(weightLayout: .inputOutput)), relu, try sketch.weights([36, 5], "dense/w"),
      try sketch.weights([5], "dense/b"), name: "dense")
    let product = try sketch.add(.matMul(MatMul()), relu, try sketch.weights([36, 2], "m"), name: "product")
    let before = try sketch.graph(dense, product)
    let (after, _) = try run(CanonicalizeLayout(), before)
    #expect(operators(after) == ["conv2d", "flatten", "clamp", "fullyConnected", "fullyConnected"])
    #expect(after.values.first { $0.name == "relu" }?.origin == nil)
    #expect(try outputDifference(before, after) < 1e-6)
  }

  @Test func flattenedFeaturesThatAreReadOtherwiseKeepTheFilesOrder() throws {
    var sketch = Sketch(seed: 6)
    let x = sketch.input([1, 2, 3, 4])
    let conv = try sketch.add(.conv2D(first), x, try sketch.weights([3, 2, 1, 1]), name: "conv")
    let flat = try sketch.add(.flatten(Flatten(axis: 1)), conv, name: "flat")
    let before = try sketch.graph(flat)
    let (after, _) = try run(CanonicalizeLayout(), before)
    #expect(operators(after) == ["conv2d", "transpose", "flatten"])
    #expect(after[after.outputs[0].value].origin == ValueOrigin(name: "flat"))
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func aNetworkThatIsChannelsLastStaysAsItIs() throws {
    var sketch = Sketch(seed: 7)
    let x = sketch.input([1, 4, 4, 2])
    let conv = try sketch.add(.conv2D(Conv2D()), x, try sketch.weights([3, 3, 3, 2]), name: "conv")
    let before = try sketch.graph(try sketch.add(.flatten(Flatten(axis: 1)), conv, name: "flat"))
    let (after, report) = try run(CanonicalizeLayout(), before)
    #expect(report.applied == 0)
    #expect(after.description == before.description)
  }

  @Test(arguments: [
    (FilterLayout.heightWidthInputOutput, [3, 3, 2, 4], 1), (.heightWidthInputMultiplier, [3, 3, 2, 1], 2),
    (.heightWidthInputMultiplier, [3, 3, 2, 3], 2), (.oneHeightWidthOutput, [1, 3, 3, 4], 2),
    (.outputInputHeightWidth, [4, 1, 3, 3], 2),
  ])
  func filtersBecomeCanonical(_ layout: FilterLayout, _ extents: [Int], _ groups: Int) throws {
    var sketch = Sketch(seed: 8)
    let x = sketch.input([1, 4, 5, 2])
    let conv = Conv2D(groups: groups, filterLayout: layout)
    let before = try sketch.graph(
      try sketch.add(.conv2D(conv), x, try sketch.weights(extents), name: "conv"))
    let (after, _) = try run(CanonicalizeLayout(), before)
    #expect(after.nodes.map(\.op) == [.conv2D(Conv2D(groups: groups))])
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func quantizedWeightsBehindADequantizationFollowTheirConvolution() throws {
    var sketch = Sketch(seed: 9)
    let quantization = Quantization.perAxis(axis: 0, scales: [0.5, 0.25], zeroPoints: [0, 0])
    let x = sketch.input([1, 3, 4, 4])
    let stored = sketch.builder.constant(
      name: "stored", try Tensor([Int8](0..<54), type: TensorType(.int8, [2, 3, 3, 3], quantization: quantization)))
    let w = try sketch.add(.dequantize(Dequantize()), stored, name: "w")
    let before = try sketch.graph(try sketch.add(.conv2D(first), x, w, name: "conv"))
    let (after, _) = try run(CanonicalizeLayout(), before)
    #expect(operators(after) == ["dequantize", "conv2d"])
    #expect(after.values.first { $0.name == "stored" }?.type.quantization == quantization)
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func scalarsAndBroadcastsOfComputedValues() throws {
    var sketch = Sketch(seed: 10)
    let x = sketch.input([2, 3, 4, 4])
    let row = sketch.input([4], "row")
    let conv = try sketch.add(.conv2D(first), x, try sketch.weights([3, 3, 1, 1]), name: "conv")
    let doubled = try sketch.add(.binary(Binary(.multiply)), conv, try sketch.constant([2], [], "two"), name: "doubled")
    let shifted = try sketch.add(.binary(Binary(.add)), doubled, row, name: "shifted")
    let before = try sketch.graph(shifted)
    let (after, _) = try run(CanonicalizeLayout(), before)
    #expect(try outputDifference(before, after) == 0)
  }
}
