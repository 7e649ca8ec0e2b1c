import ModelGraph
import Passes
import Testing

@Suite struct FoldPaddingTests {
  private let border = Pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0])

  @Test func aPadGoesIntoItsConvolution() throws {
    var sketch = Sketch(seed: 1)
    let x = sketch.input([1, 5, 5, 2])
    let pad = try sketch.add(.pad(Pad(before: [0, 0, 0, 0], after: [0, 1, 2, 0])), x, name: "pad")
    let w = try sketch.weights([3, 3, 3, 2])
    let conv = try sketch.add(.conv2D(Conv2D(strides: Size2D(2), padding: .valid)), pad, w, name: "conv")
    let before = try sketch.graph(conv)
    let (after, report) = try run(RulePass(FoldPadding()), before)
    #expect(
      after.description == """
        graph 'sketch' {
          input 'x' = %x: float32[1, 5, 5, 2]
          constant %w: float32[3, 3, 3, 2]
          %conv: float32[1, 2, 3, 3] = conv2d(%x, %w) {strides: 2×2, dilation: 1×1, padding: [0, 0, 1, 2], groups: 1, \
        layout: channelsLast, filterLayout: outputHeightWidthInput, outputClamp: unbounded, \
        inputQuantization: symmetric}  // 'pad' (pad, #1), \
        'conv' (conv2d, #2)
          output 'y0' = %conv: float32[1, 2, 3, 3]
        }

        """)
    #expect(report.applied == 2)
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func aPadChannelsFirstToo() throws {
    var sketch = Sketch(seed: 2)
    let x = sketch.input([1, 2, 4, 5])
    let pad = try sketch.add(.pad(Pad(before: [0, 0, 1, 2], after: [0, 0, 0, 1])), x, name: "pad")
    let w = try sketch.weights([2, 1, 3, 3])
    let conv = Conv2D(
      padding: .explicit(EdgeInsets(top: 1, left: 0, bottom: 1, right: 0)), groups: 2, layout: .channelsFirst,
      filterLayout: .outputInputHeightWidth)
    let before = try sketch.graph(try sketch.add(.conv2D(conv), pad, w, name: "conv"))
    let (after, _) = try run(RulePass(FoldPadding()), before)
    guard case .conv2D(let folded) = after.nodes[0].op else {
      Issue.record("no convolution is left")
      return
    }
    #expect(after.nodes.count == 1)
    #expect(folded.padding == .explicit(EdgeInsets(top: 2, left: 2, bottom: 1, right: 1)))
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func samePaddingIsResolvedWhereTheSizeAllowsIt() throws {
    var sketch = Sketch(seed: 3)
    let x = sketch.input([1, .symbolic("H"), .symbolic("W"), 1])
    let w = try sketch.weights([1, 3, 3, 1])
    let one = try sketch.add(.conv2D(Conv2D(padding: .same(.upper))), x, w, name: "one")
    let two = try sketch.add(.conv2D(Conv2D(strides: Size2D(2), padding: .same(.upper))), one, w, name: "two")
    let (after, report) = try run(RulePass(FoldPadding()), try sketch.graph(two))
    guard case .conv2D(let first) = after.nodes[0].op, case .conv2D(let second) = after.nodes[1].op else {
      Issue.record("the convolutions are gone")
      return
    }
    #expect(first.padding == .explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)))
    #expect(second.padding == .same(.upper))
    #expect(
      report.rejections == [
        .init(node: "'two'", reason: "same padding with a stride hangs on the size of the map, which is open")
      ])
    #expect(after[after.nodes[0].outputs[0]].type.shape == [1, .symbolic("H"), .symbolic("W"), 1])
  }

  @Test(arguments: [Padding2D.SamePlacement.upper, .lower], [7, 8])
  func samePaddingKeepsItsSide(_ placement: Padding2D.SamePlacement, _ extent: Int) throws {
    var sketch = Sketch(seed: 4)
    let x = sketch.input([1, .fixed(extent), .fixed(extent), 2])
    let w = try sketch.weights([2, 3, 3, 2])
    let conv = try sketch.add(
      .conv2D(Conv2D(strides: Size2D(2), padding: .same(placement))), x, w, name: "conv")
    let before = try sketch.graph(conv)
    let (after, report) = try run(RulePass(FoldPadding()), before)
    #expect(report.applied == 1)
    #expect(try outputDifference(before, after) == 0)
  }

  @Test func rejectsWhatIsNoZeroPaddingOfTheMap() throws {
    func reason(_ pad: Pad) throws -> String? {
      var sketch = Sketch(seed: 5)
      let x = sketch.input([1, 5, 5, 2])
      let padded = try sketch.add(.pad(pad), x, name: "pad")
      let channels = 2 + pad.before[3] + pad.after[3]
      let w = try sketch.weights([2, 3, 3, channels])
      let conv = try sketch.add(.conv2D(Conv2D()), padded, w, name: "conv")
      return try run(RulePass(FoldPadding()), try sketch.graph(conv)).report.rejections.first?.reason
    }
    #expect(
      try reason(Pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0], mode: .reflect)) == "'pad' does not pad with zeros")
    #expect(
      try reason(Pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0], mode: .constant(1))) == "'pad' does not pad with zeros")
    #expect(try reason(Pad(before: [0, 0, 0, 1], after: [0, 0, 0, 0])) == "'pad' pads the batch or the channels")
    #expect(try reason(Pad(before: [0, -1, 0, 0], after: [0, 0, 0, 0])) == "'pad' cuts rows or columns off")
  }

  @Test func poolsTakeAPaddingOnlyWhereItIsExact() throws {
    func outcome(_ pool: Pool2D, clampedBefore: Bool = false) throws -> (before: Graph, after: Graph, reason: String?) {
      var sketch = Sketch(seed: 6)
      var x = sketch.input([1, 5, 5, 2])
      if clampedBefore { x = try sketch.add(.clamp(Clamp(.relu)), x, name: "relu") }
      let padded = try sketch.add(.pad(border), x, name: "pad")
      let before = try sketch.graph(try sketch.add(.pool2D(pool), padded, name: "pool"))
      let (after, report) = try run(RulePass(FoldPadding()), before)
      return (before, after, report.rejections.first?.reason)
    }
    let average = try outcome(Pool2D(.average, kernel: Size2D(3), strides: Size2D(2)))
    #expect(operators(average.after) == ["pool2d"])
    #expect(try outputDifference(average.before, average.after) == 0)

    let uncounted = try outcome(
      Pool2D(
        .average, kernel: Size2D(3), strides: Size2D(2),
        padding: .explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1))))
    #expect(uncounted.reason == "the average does not count its own padding")

    let maximum = Pool2D(.maximum, kernel: Size2D(3), strides: Size2D(2))
    #expect(try outcome(maximum).reason == "a maximum with zeros differs from one that ignores padding")
    let clamped = try outcome(maximum, clampedBefore: true)
    #expect(operators(clamped.after) == ["clamp", "pool2d"])
    #expect(try outputDifference(clamped.before, clamped.after) == 0)
  }

  @Test func roundingUpBecomesAPadding() throws {
    for kind in Pool2D.Kind.allCases {
      var sketch = Sketch(seed: 8)
      let x = sketch.input([1, 6, 7, 2])
      let pool = Pool2D(kind, kernel: Size2D(3), strides: Size2D(2), roundsUp: true)
      let before = try sketch.graph(try sketch.add(.pool2D(pool), x, name: "pool"))
      let (after, report) = try run(RulePass(FoldPadding()), before)
      #expect(report.applied == 1)
      #expect(try outputDifference(before, after) == 0)
    }
  }

  @Test func aPadWithTwoReadersServesBoth() throws {
    var sketch = Sketch(seed: 9)
    let x = sketch.input([1, 4, 4, 2])
    let padded = try sketch.add(.pad(border), x, name: "pad")
    let a = try sketch.add(.conv2D(Conv2D()), padded, try sketch.weights([2, 3, 3, 2]), name: "a")
    let b = try sketch.add(.conv2D(Conv2D()), padded, try sketch.weights([2, 3, 3, 2]), name: "b")
    let before = try sketch.graph(a, b)
    let (folded, report) = try run(RulePass(FoldPadding()), before)
    #expect(report.applied == 2)
    let (after, _) = try run(RemoveDead(), folded)
    #expect(operators(after) == ["conv2d", "conv2d"])
    #expect(try outputDifference(before, after) == 0)
  }
}
