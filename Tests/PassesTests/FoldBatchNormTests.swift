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
