import ModelGraph
import Passes
import Testing

@Suite struct FuseClampTests {
  /// conv → clamp → add → clamp → clamp.
  private func sample() throws -> Graph {
    var sketch = Sketch(seed: 1)
    let x = sketch.input([.symbolic("N"), 4, 4, 2])
    let w = try sketch.weights([2, 1, 1, 2])
    let conv = try sketch.add(.conv2D(Conv2D()), x, w, name: "conv")
    let relu = try sketch.add(.clamp(Clamp(.relu)), conv, name: "relu")
    let sum = try sketch.add(.binary(Binary(.add)), relu, x, name: "sum")
    let first = try sketch.add(.clamp(Clamp(ClampRange(upper: 6))), sum, name: "first")
    let second = try sketch.add(.clamp(Clamp(ClampRange(lower: -0.25))), first, name: "second")
    return try sketch.graph(second)
  }

  @Test func fusesIntoWhatStandsBefore() throws {
    let before = try sample()
    let (after, report) = try run(RulePass(FuseClamp()), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[N, 4, 4, 2]
          constant %w: float32[2, 1, 1, 2]
          %relu: float32[N, 4, 4, 2] = conv2d(%x, %w) {strides: 1×1, dilation: 1×1, padding: [0, 0, 0, 0], groups: 1, \
        layout: channelsLast, filterLayout: outputHeightWidthInput, outputClamp: relu, \
        inputQuantization: symmetric}  // 'conv' (conv2d, #1), \
        'relu' (clamp, #2)
          %second: float32[N, 4, 4, 2] = binary(%relu, %x) {function: add, outputClamp: [-0.25, 6.0]}  // \
        'sum' (binary, #3), 'first' (clamp, #4), 'second' (clamp, #5)
          output 'y0' = %second: float32[N, 4, 4, 2]
        }

        """)
    #expect(report.applied == 3)
    #expect(report.rejections.isEmpty)
    #expect(after[after.outputs[0].value].origin == ValueOrigin(name: "second"))
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func leavesAValueThatIsReadElsewhere() throws {
    var sketch = Sketch(seed: 2)
    let x = sketch.input([1, 2, 2, 2])
    let conv = try sketch.add(.conv2D(Conv2D()), x, try sketch.weights([2, 1, 1, 2]), name: "conv")
    let relu = try sketch.add(.clamp(Clamp(.relu)), conv, name: "relu")
    let sum = try sketch.add(.binary(Binary(.add)), relu, conv, name: "sum")
    let (after, report) = try run(RulePass(FuseClamp()), try sketch.graph(sum))
    #expect(operators(after) == ["conv2d", "clamp", "binary"])
    #expect(
      report.rejections == [.init(node: "'relu'", reason: "the value before the clamp is read elsewhere too")])
  }

  @Test func leavesRangesThatDoNotMeetAndCounts() throws {
    var sketch = Sketch(seed: 3)
    let x = sketch.input([1, 4])
    let low = try sketch.add(.clamp(Clamp(ClampRange(upper: 1))), x, name: "low")
    let high = try sketch.add(.clamp(Clamp(ClampRange(lower: 2))), low, name: "high")
    let (after, report) = try run(RulePass(FuseClamp()), try sketch.graph(high))
    #expect(operators(after) == ["clamp", "clamp"])
    #expect(report.rejections.map(\.reason) == ["no single range says what two clamps that do not meet do"])

    let quantization = Quantization.perTensor(scale: 0.1, zeroPoint: 3)
    sketch = Sketch(seed: 3)
    let counts = sketch.builder.input(
      name: "counts", type: TensorType(.int8, [1, 4], quantization: quantization))
    let joined = try sketch.builder.add(.concat(Concat(axis: 1)), name: "joined", inputs: [counts, counts])[0]
    let clamped = try sketch.builder.add(.clamp(Clamp(.relu6)), name: "clamped", inputs: [joined])[0]
    let quantized = try run(RulePass(FuseClamp()), try sketch.graph(clamped))
    #expect(quantized.report.rejections.map(\.reason).contains("the clamp works on counts"))
  }

  @Test func takesAMaximumAndAMinimumForClamps() throws {
    var sketch = Sketch(seed: 4)
    let x = sketch.input([1, 6])
    let zero = try sketch.constant([0], [], "zero")
    let six = try sketch.constant([0.5], [1], "half")
    let low = try sketch.add(.binary(Binary(.maximum)), x, zero, name: "max")
    let high = try sketch.add(.binary(Binary(.minimum)), six, low, name: "min")
    let before = try sketch.graph(high)
    let (after, _) = try run(RulePass(FuseClamp()), before)
    #expect(after.nodes.map(\.op) == [.clamp(Clamp(ClampRange(lower: 0, upper: 0.5)))])
    #expect(try outputDifference(before, after) == 0)
  }
}
