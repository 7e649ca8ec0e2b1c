import ModelGraph
import Passes
import Testing

@Suite struct CanonicalizeHeadTests {
  /// A head over a map [N, 3, 3, 4], written in each way that files know.
  private func head(_ style: String, batch: Dimension = .symbolic("N")) throws -> Graph {
    var sketch = Sketch(seed: 1)
    let x = sketch.input([batch, 3, 3, 4])
    let elements = sketch.generator.floats(20)
    let bias = try sketch.constant(sketch.generator.floats(5), [5], "b")
    let dense = try sketch.constant(elements, [5, 4], "w")
    let filter = try sketch.constant(elements, [5, 1, 1, 4], "f")
    let pool = Op.pool2D(Pool2D(.average, kernel: Size2D(3), strides: .one))
    let mean = Op.reduce(Reduce(.mean, axes: [1, 2], keepsAxes: true))
    func classify(_ features: ValueID, keeps: Bool = true) throws -> ValueID {
      try sketch.add(.fullyConnected(FullyConnected(keepsLeadingAxes: keeps)), features, dense, bias, name: "dense")
    }
    switch style {
    case "plain":
      return try sketch.graph(
        try classify(try sketch.add(.globalPool(GlobalPool(.average, keepsAxes: false)), x, name: "pool")))
    case "mean":
      return try sketch.graph(
        try classify(
          try sketch.add(.reduce(Reduce(.mean, axes: [1, 2], keepsAxes: false)), x, name: "pool"), keeps: false))
    case "pool, reshape":
      let pooled = try sketch.add(pool, x, name: "pool")
      return try sketch.graph(
        try classify(try sketch.add(.reshape(Reshape([.inferred, .fixed(4)])), pooled, name: "flat")))
    case "global pool, flatten":
      let pooled = try sketch.add(.globalPool(GlobalPool(.average, keepsAxes: true)), x, name: "pool")
      return try sketch.graph(try classify(try sketch.add(.flatten(Flatten(axis: 1)), pooled, name: "flat")))
    case "convolution, squeeze":
      let pooled = try sketch.add(mean, x, name: "pool")
      let conv = try sketch.add(.conv2D(Conv2D()), pooled, filter, bias, name: "dense")
      return try sketch.graph(try sketch.add(.squeeze(Squeeze(axes: [1, 2])), conv, name: "logits"))
    default:
      let pooled = try sketch.add(pool, x, name: "pool")
      let layer = try sketch.add(
        .fullyConnected(FullyConnected()), pooled, dense, bias, name: "dense")
      return try sketch.graph(
        try sketch.add(.reshape(Reshape([.copied(0), .copied(3)])), layer, name: "logits"))
    }
  }

  @Test(arguments: ["plain", "mean", "pool, reshape", "global pool, flatten", "convolution, squeeze", "dense, reshape"])
  func everyHeadBecomesTheSame(_ style: String) throws {
    let before = try head(style)
    let (after, _) = try run(RulePass(CanonicalizeHead()), before)
    #expect(
      after.nodes.map(\.op) == [
        .globalPool(GlobalPool(.average, keepsAxes: false)), .fullyConnected(FullyConnected()),
      ], "\(style)")
    #expect(after.constant(after.nodes[1], 1)?.extents == [5, 4])
    #expect(try outputDifference(before, after) < 1e-6)
  }

  @Test func showsTheGraphAfterwards() throws {
    let before = try head("convolution, squeeze", batch: 1)
    let (after, report) = try run(RulePass(CanonicalizeHead()), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[1, 3, 3, 4]
          constant %b: float32[5]
          constant %f: float32[5, 4]
          %pool/flat: float32[1, 4] = globalPool(%x) {kind: average, keepsAxes: false, layout: channelsLast}  // \
        'pool' (reduce, #1), 'logits' (squeeze, #3)
          %logits: float32[1, 5] = fullyConnected(%pool/flat, %f, %b) {weightLayout: outputInput, \
        keepsLeadingAxes: true, outputClamp: unbounded, \
        inputQuantization: symmetric}  // 'dense' (conv2d, #2)
          output 'y0' = %logits: float32[1, 5]
        }

        """)
    #expect(report.applied == 3)
    #expect(after[after.outputs[0].value].origin == ValueOrigin(name: "logits"))
  }

  @Test func softmaxAndArithmeticLetTheFlattenPass() throws {
    var sketch = Sketch(seed: 2)
    let x = sketch.input([2, 3, 3, 4])
    let pooled = try sketch.add(.globalPool(GlobalPool(.average, keepsAxes: true)), x, name: "pool")
    let scaled = try sketch.add(.binary(Binary(.multiply)), pooled, try sketch.weights([4], "s"), name: "scaled")
    let conv = try sketch.add(.conv2D(Conv2D()), scaled, try sketch.weights([5, 1, 1, 4]), name: "conv")
    let soft = try sketch.add(.softmax(Softmax(axis: 3)), conv, name: "softmax")
    let before = try sketch.graph(try sketch.add(.flatten(Flatten(axis: 1)), soft, name: "flat"))
    let (after, _) = try run(RulePass(CanonicalizeHead()), before)
    #expect(operators(after) == ["globalPool", "binary", "fullyConnected", "softmax"])
    #expect(after.nodes.last?.op == .softmax(Softmax(axis: 1)))
    #expect(try outputDifference(before, after) < 1e-6)
  }

  @Test func aMapThatIsUsedAsOneStays() throws {
    var sketch = Sketch(seed: 3)
    let x = sketch.input([1, 3, 3, 4])
    let pooled = try sketch.add(.globalPool(GlobalPool(.average, keepsAxes: true)), x, name: "pool")
    let conv = try sketch.add(.conv2D(Conv2D()), pooled, try sketch.weights([4, 1, 1, 4]), name: "conv")
    let before = try sketch.graph(
      try sketch.add(.binary(Binary(.multiply)), x, conv, name: "gated"),
      try sketch.add(.flatten(Flatten(axis: 1)), x, name: "flat"))
    let (after, report) = try run(RulePass(CanonicalizeHead()), before)
    #expect(report.applied == 0)
    #expect(operators(after) == ["globalPool", "conv2d", "binary", "flatten"])
  }

  @Test func countsKeepTheirOwnMean() throws {
    func mean(_ arithmetic: QuantizedArithmetic) throws -> Graph {
      var sketch = Sketch(seed: 4)
      sketch.builder = GraphBuilder(name: "sketch", arithmetic: arithmetic)
      let quantization = Quantization.perTensor(scale: 0.5, zeroPoint: 0)
      let x = sketch.builder.input(name: "x", type: TensorType(.int8, [1, 3, 3, 4], quantization: quantization))
      return try sketch.graph(
        try sketch.add(.reduce(Reduce(.mean, axes: [1, 2], keepsAxes: false)), x, name: "mean"))
    }
    // ONNX has one formula for both.
    #expect(operators(try run(RulePass(CanonicalizeHead()), try mean(.onnx)).graph) == ["globalPool"])
    let (after, report) = try run(RulePass(CanonicalizeHead()), try mean(.liteRT))
    #expect(operators(after) == ["reduce"])
    #expect(report.rejections == [.init(node: "'mean'", reason: "a mean and a pool round differently off float32")])
  }

  @Test func aClampedPoolIsNoGlobalPool() throws {
    var sketch = Sketch(seed: 5)
    let x = sketch.input([1, 3, 3, 4])
    let pool = Pool2D(.maximum, kernel: Size2D(3), strides: .one, outputClamp: .relu)
    let (_, report) = try run(
      RulePass(CanonicalizeHead()), try sketch.graph(try sketch.add(.pool2D(pool), x, name: "pool")))
    #expect(report.rejections == [.init(node: "'pool'", reason: "a global pool does not clamp its output")])
  }
}
