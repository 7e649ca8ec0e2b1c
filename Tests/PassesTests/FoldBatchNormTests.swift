import ModelGraph
import Passes
import Testing

@Suite struct FoldBatchNormTests {
  /// Every kind of linear layer in front of a norm, in several filter layouts.
  static let layers: [(name: String, op: Op, filter: [Int], bias: Bool)] = [
    ("conv", .conv2D(Conv2D()), [4, 3, 3, 2], false),
    ("conv with bias", .conv2D(Conv2D()), [4, 3, 3, 2], true),
    ("Keras conv", .conv2D(Conv2D(filterLayout: .heightWidthInputOutput)), [3, 3, 2, 4], true),
    ("Keras depthwise", .conv2D(Conv2D(groups: 2, filterLayout: .heightWidthInputMultiplier)), [3, 3, 2, 2], false),
    ("TFLite depthwise", .conv2D(Conv2D(groups: 2, filterLayout: .oneHeightWidthOutput)), [1, 3, 3, 4], true),
    ("grouped", .conv2D(Conv2D(groups: 2, filterLayout: .outputInputHeightWidth)), [4, 1, 3, 3], false),
    ("transposed", .convTranspose2D(ConvTranspose2D(strides: Size2D(2))), [4, 2, 2, 2], true),
    (
      "Keras transposed", .convTranspose2D(ConvTranspose2D(strides: Size2D(2), filterLayout: .heightWidthOutputInput)),
      [2, 2, 4, 2], false
    ),
    ("dense", .fullyConnected(FullyConnected()), [4, 2], true),
    ("Keras dense", .fullyConnected(FullyConnected(weightLayout: .inputOutput)), [2, 4], false),
  ]

  @Test(arguments: layers.indices)
  func foldsIntoTheLayerBefore(_ index: Int) throws {
    let layer = Self.layers[index]
    var sketch = Sketch(seed: UInt64(index))
    let x = sketch.input([.symbolic("N"), 5, 5, 2])
    let w = try sketch.weights(layer.filter)
    let bias = layer.bias ? try sketch.weights([4], "b") : nil
    let linear =
      bias == nil
      ? try sketch.add(layer.op, x, w, name: "layer") : try sketch.add(layer.op, x, w, bias, name: "layer")
    let norm = try sketch.norm(linear, channels: 4, axis: 3)
    let before = try sketch.graph(norm)
    let (after, report) = try run(RulePass(FoldBatchNorm()), before)
    #expect(operators(after) == [layer.op.name], "\(layer.name)")
    #expect(report.explanations == ["'layer' (\(layer.op.name)) takes over the norm 'bn'"])
    #expect(after.nodes[0].origin.map(\.name) == ["layer", "bn"])
    #expect(after[after.outputs[0].value].origin == ValueOrigin(name: "bn"))
    #expect(try outputDifference(before, after) < 1e-6)
  }

  @Test func showsTheGraphAfterwards() throws {
    var sketch = Sketch(seed: 20)
    let x = sketch.input([1, 2, 5, 5])
    let conv = Conv2D(layout: .channelsFirst, filterLayout: .outputInputHeightWidth)
    let linear = try sketch.add(.conv2D(conv), x, try sketch.weights([4, 2, 1, 1]), name: "conv")
    let before = try sketch.graph(try sketch.norm(linear, channels: 4, axis: 1))
    let (after, _) = try run(RulePass(FoldBatchNorm()), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[1, 2, 5, 5]
          constant %w: float32[4, 1, 1, 2]
          constant %conv/bias: float32[4]
          %bn: float32[1, 4, 5, 5] = conv2d(%x, %w, %conv/bias) {strides: 1×1, dilation: 1×1, padding: [0, 0, 0, 0], \
        groups: 1, layout: channelsFirst, filterLayout: outputHeightWidthInput, outputClamp: unbounded, \
        inputQuantization: symmetric}  // \
        'conv' (conv2d, #1), 'bn' (batchNorm, #2)
          output 'y0' = %bn: float32[1, 4, 5, 5]
        }

        """)
    #expect(try outputDifference(before, after) < 1e-6)
  }

  /// s = γ / √(σ² + ε), w · s, β + (b − μ) · s, each step rounded to float32: numbers chosen so that every step rounds.
  @Test func roundsAsTheExportersDo() throws {
    var sketch = Sketch(seed: 21)
    let x = sketch.input([1, 1, 1, 1])
    let (w, b, gamma, beta, mean, variance): (Float, Float, Float, Float, Float, Float) =
      (0.1, 0.7, 1.3, -0.9, 0.37, 0.011)
    let linear = try sketch.add(
      .conv2D(Conv2D()), x, try sketch.constant([w], [1, 1, 1, 1]), try sketch.constant([b], [1]), name: "conv")
    let norm = try sketch.add(
      .batchNorm(BatchNorm(epsilon: 1e-5, axis: 3)), linear, try sketch.constant([gamma], [1]),
      try sketch.constant([beta], [1]), try sketch.constant([mean], [1]), try sketch.constant([variance], [1]),
      name: "bn")
    let (after, _) = try run(RulePass(FoldBatchNorm()), try sketch.graph(norm))
    let scale = gamma / (variance + Float(1e-5)).squareRoot()
    let shifted = b - mean
    let product = shifted * scale
    let weights = try #require(after.constant(after.nodes[0], 1))
    let bias = try #require(after.constant(after.nodes[0], 2))
    #expect(try weights.floats() == [w * scale])
    #expect(try bias.floats() == [beta + product])
  }

  @Test func aNormOnItsOwnIsAMultiplicationAndAnAddition() throws {
    for (shape, axis) in [(Shape([2, 3, 4, 5]), 1), (Shape([2, 4, 5, 3]), 3), (Shape([2, 3]), 1)] {
      var sketch = Sketch(seed: 22)
      let x = sketch.input(shape)
      let norm = try sketch.norm(x, channels: 3, axis: axis)
      let clamped = try sketch.graph(norm)
      let (after, report) = try run(RulePass(FoldBatchNorm()), clamped)
      #expect(after.nodes.map(\.op) == [.binary(Binary(.multiply)), .binary(Binary(.add))])
      #expect(report.applied == 1)
      #expect(try outputDifference(clamped, after) < 1e-6)
    }
  }

  /// A weight and its factor may be finite each, and their product not.
  @Test func whatWouldOverflowStaysApart() throws {
    for (weight, gamma, beta) in [(1e30, 1e20, 0), (1, 1e20, 3e38)] as [(Float, Float, Float)] {
      for isDense in [true, false] {
        var sketch = Sketch(seed: 41)
        let x = sketch.input(isDense ? [1, 2] : [1, 2, 2, 2])
        let w = try sketch.constant([weight, 1, 1, 1], isDense ? [2, 2] : [2, 1, 1, 2])
        let linear =
          isDense
          ? try sketch.add(.fullyConnected(FullyConnected()), x, w, try sketch.constant([3e19, 0], [2]), name: "layer")
          : try sketch.add(.conv2D(Conv2D()), x, w, try sketch.constant([3e19, 0], [2]), name: "layer")
        let norm = try sketch.add(
          .batchNorm(BatchNorm(epsilon: 0, axis: isDense ? 1 : 3)), linear, try sketch.constant([gamma, 1], [2]),
          try sketch.constant([beta, 0], [2]), try sketch.constant([0, 0], [2]), try sketch.constant([1, 1], [2]),
          name: "bn")
        let (after, report) = try run(RulePass(FoldBatchNorm()), try sketch.graph(norm))
        #expect(operators(after) == [isDense ? "fullyConnected" : "conv2d", "binary", "binary"])
        #expect(report.explanations.first?.contains("'layer' cannot take it") == true)
        #expect(try after.constant(after.nodes[0], 1)?.floats() == [weight, 1, 1, 1])
      }
    }
  }

  @Test func weightsOfOneNumberAreNotWrittenOut() throws {
    var sketch = Sketch(seed: 42)
    let x = sketch.input([1, 12000])
    let type = TensorType(.float32, [12000, 12000])
    let w = sketch.builder.constant(name: "w", try Tensor(type: type, splat: .floating(0.5)))
    let dense = try sketch.add(.fullyConnected(FullyConnected()), x, w, name: "dense")
    let scaled = try sketch.add(
      .binary(Binary(.multiply)), dense, try sketch.constant([2], [1]), name: "scaled")
    let (after, report) = try run(RulePass(FoldBatchNorm()), try sketch.graph(scaled))
    #expect(operators(after) == ["fullyConnected", "binary"])
    #expect(report.rejections.count == 1)
  }

  /// Each addition waits for the one before it: such a file ends the pass, not the patience.
  @Test func aLongRunIsLeftAfterManySweeps() throws {
    var sketch = Sketch(seed: 43)
    var x = try sketch.add(
      .fullyConnected(FullyConnected()), sketch.input([1, 2]), try sketch.weights([2, 2]), name: "dense")
    for index in 0..<300 {
      let operand = try sketch.constant([index % 2 == 0 ? 1.5 : 0.75], [1])
      x = try sketch.add(.binary(Binary(index % 3 == 0 ? .add : .multiply)), x, operand, name: "n\(index)")
    }
    let before = try sketch.graph(x)
    let (after, report) = try run(RulePass(FoldBatchNorm()), before)
    #expect(after.nodes.count == 201)
    #expect(report.applied == 100)
    #expect(report.rejections.contains { $0.reason == "it stands behind 100 others that had to go first" })
    #expect(try outputDifference(before, after) < 1e-5)
  }

  @Test func aClampOrASecondReaderInBetweenKeepsThemApart() throws {
    var sketch = Sketch(seed: 23)
    let x = sketch.input([1, 2, 2, 2])
    let conv = try sketch.add(
      .conv2D(Conv2D(outputClamp: .relu)), x, try sketch.weights([2, 1, 1, 2]), name: "conv")
    let before = try sketch.graph(try sketch.norm(conv, channels: 2, axis: 3))
    let (after, report) = try run(RulePass(FoldBatchNorm()), before)
    #expect(operators(after) == ["conv2d", "binary", "binary"])
    #expect(report.explanations[0].hasSuffix("'conv' cannot take it: its output is clamped first"))
    #expect(report.rejections.map(\.reason).contains("'conv' cannot take it: its output is clamped first"))
    #expect(try outputDifference(before, after) < 1e-6)
  }

  @Test func rejectsParametersThatAreNotConstant() throws {
    var sketch = Sketch(seed: 24)
    let x = sketch.input([1, 2, 2, 2])
    let mean = sketch.input([2], "mean")
    let variance = try sketch.variances(2)
    let norm = try sketch.add(
      .batchNorm(BatchNorm(epsilon: 0, axis: 3)), x, nil, nil, mean, variance, name: "bn")
    let (after, report) = try run(RulePass(FoldBatchNorm()), try sketch.graph(norm))
    #expect(operators(after) == ["batchNorm"])
    #expect(report.rejections == [.init(node: "'bn'", reason: "a parameter of the norm is no float32 constant")])
  }

  @Test func rejectsAVarianceThatGivesNoNumber() throws {
    var sketch = Sketch(seed: 25)
    let x = sketch.input([1, 2])
    let norm = try sketch.add(
      .batchNorm(BatchNorm(epsilon: 0, axis: 1)), x, nil, nil, try sketch.constant([0, 0], [2]),
      try sketch.constant([0, 1], [2]), name: "bn")
    let (_, report) = try run(RulePass(FoldBatchNorm()), try sketch.graph(norm))
    #expect(report.rejections.map(\.reason) == ["γ / √(σ² + ε) is not finite in 1 channels"])
  }

  @Test(arguments: [Binary.Function.add, .subtract, .multiply, .divide])
  func takesOneNumberAChannel(_ function: Binary.Function) throws {
    for shape in [[4], [1, 4], [1, 1, 1, 4], [], [1]] {
      var sketch = Sketch(seed: 26)
      let x = sketch.input([2, 3, 3, 2])
      let conv = try sketch.add(.conv2D(Conv2D()), x, try sketch.weights([4, 1, 1, 2]), name: "conv")
      let numbers = sketch.generator.floats(Shape.elementCount(of: shape) ?? 1).map { $0 + ($0 < 0 ? -1 : 1) }
      let result = try sketch.add(
        .binary(Binary(function, outputClamp: .relu)), conv, try sketch.constant(numbers, shape), name: "scaled")
      let before = try sketch.graph(result)
      let (after, _) = try run(RulePass(FoldBatchNorm()), before)
      #expect(operators(after) == ["conv2d"])
      #expect(after.nodes.first?.op == .conv2D(Conv2D(outputClamp: .relu)))
      #expect(try outputDifference(before, after) < 1e-6)
    }
  }

  @Test func rejectsConstantsThatVaryOverTheMap() throws {
    var sketch = Sketch(seed: 27)
    let x = sketch.input([1, 3, 3, 2])
    let conv = try sketch.add(.conv2D(Conv2D()), x, try sketch.weights([4, 1, 1, 2]), name: "conv")
    let sum = try sketch.add(.binary(Binary(.add)), conv, try sketch.weights([3, 4]), name: "sum")
    let (_, report) = try run(RulePass(FoldBatchNorm()), try sketch.graph(sum))
    #expect(report.rejections == [.init(node: "'sum'", reason: "the constant is not one number a channel")])
  }
}
