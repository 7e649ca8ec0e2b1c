import ModelGraph
import Testing

@Suite struct ShapeInferenceTests {
  private func shape(_ op: Op, _ types: [TensorType?], constants: [Tensor?] = []) throws -> Shape {
    try #require(try op.payload.outputTypes(OperatorInputs(types: types, constants: constants)).first).shape
  }

  private func float(_ shape: Shape) -> TensorType { TensorType(.float32, shape) }

  @Test(arguments: [
    (Padding2D.explicit(EdgeInsets(top: 1, left: 1, bottom: 1, right: 1)), 2, 112),
    (.explicit(EdgeInsets(top: 0, left: 0, bottom: 1, right: 1)), 2, 112),
    (.same(.upper), 2, 112), (.same(.lower), 1, 224), (.valid, 2, 111), (.none, 1, 222),
  ])
  func convolutionExtents(padding: Padding2D, stride: Int, expected: Int) throws {
    let conv = Conv2D(strides: Size2D(stride), padding: padding)
    let result = try shape(.conv2D(conv), [float([1, 224, 224, 3]), float([32, 3, 3, 3]), float([32])])
    #expect(result == [1, .fixed(expected), .fixed(expected), 32])
  }

  @Test func everyFilterLayoutGivesItsChannels() throws {
    let layouts: [(FilterLayout, Shape, Int, Int)] = [
      (.outputHeightWidthInput, [8, 3, 3, 4], 1, 8), (.outputInputHeightWidth, [8, 4, 3, 3], 1, 8),
      (.heightWidthInputOutput, [3, 3, 4, 8], 1, 8), (.heightWidthInputMultiplier, [3, 3, 4, 2], 4, 8),
      (.oneHeightWidthOutput, [1, 3, 3, 8], 4, 8),
    ]
    for (layout, filter, groups, expected) in layouts {
      let conv = Conv2D(padding: .same(.upper), groups: groups, filterLayout: layout)
      #expect(try shape(.conv2D(conv), [float([1, 6, 6, 4]), float(filter)]) == [1, 6, 6, .fixed(expected)])
    }
  }

  @Test func canonicalFiltersAgreeWhateverTheLayout() throws {
    // One depthwise filter, element value 100·channel + 10·row + column, written in three layouts.
    func value(_ channel: Int, _ row: Int, _ column: Int) -> Float { Float(100 * channel + 10 * row + column) }
    var keras: [Float] = []
    var tflite: [Float] = []
    var onnx: [Float] = []
    for row in 0..<3 { for column in 0..<3 { for channel in 0..<4 { keras.append(value(channel, row, column)) } } }
    tflite = keras
    for channel in 0..<4 { for row in 0..<3 { for column in 0..<3 { onnx.append(value(channel, row, column)) } } }
    // Two input channels with multiplier two: output channel i·2 + m.
    let expected = try FilterLayout.outputInputHeightWidth.canonical(Tensor(onnx, shape: [4, 1, 3, 3]), groups: 2)
    let fromTFLite = try FilterLayout.oneHeightWidthOutput.canonical(Tensor(tflite, shape: [1, 3, 3, 4]), groups: 2)
    let fromKeras = try FilterLayout.heightWidthInputMultiplier.canonical(
      Tensor(keras, shape: [3, 3, 2, 2]), groups: 2)
    #expect(expected.extents == [4, 3, 3, 1])
    #expect(try fromTFLite.floats() == expected.floats())
    #expect(try fromKeras.floats() == expected.floats())
    #expect(fromKeras.extents == expected.extents)
  }

  @Test func whatDoesNotFitIsRefused() {
    let cases: [(Op, [TensorType?])] = [
      (.conv2D(Conv2D()), [float([1, 8, 8, 3]), float([4, 3, 3, 5])]),
      (.conv2D(Conv2D()), [float([1, 2, 2, 3]), float([4, 3, 3, 3])]),
      (.conv2D(Conv2D()), [float([8, 8, 3]), float([4, 3, 3, 3])]),
      (.conv2D(Conv2D(strides: Size2D(0))), [float([1, 8, 8, 3]), float([4, 3, 3, 3])]),
      (.conv2D(Conv2D(dilation: Size2D(.max))), [float([1, 8, 8, 3]), float([4, 3, 3, 3])]),
      (.conv2D(Conv2D(groups: 0)), [float([1, 8, 8, 3]), float([4, 3, 3, 3])]),
      (.conv2D(Conv2D()), [float([1, 8, 8, 3]), nil]),
      (.batchNorm(BatchNorm(epsilon: 1e-3, axis: 3)), [float([1, 8, 8, 3]), nil, nil, float([4]), float([3])]),
      (.fullyConnected(FullyConnected()), [float([1, 5]), float([4, 6])]),
      (.concat(Concat(axis: 1)), [float([1, 2, 3]), float([1, 2, 4])]),
      (.reshape(Reshape([.inferred, .inferred])), [float([4])]),
      (.reshape(Reshape([.fixed(3), .inferred])), [float([4])]),
      (.reshape(Reshape([.fixed(-7)])), [float([4])]),
      (.transpose(Transpose([0, 0])), [float([2, 2])]),
      (.slice(Slice(axes: [0], starts: [0], ends: [1], steps: [0])), [float([4])]),
      (.split(Split(axis: 0, extents: [1, 2])), [float([4])]),
      (.pad(Pad(before: [0], after: [-9])), [float([4])]),
      (.squeeze(Squeeze(axes: [0])), [float([2])]),
      (.gather(Gather(axis: 3)), [float([2]), TensorType(.int64, [1])]),
    ]
    for (op, types) in cases {
      #expect(throws: ModelError.self, "\(op.name) \(types)") {
        try op.payload.outputTypes(OperatorInputs(types: types))
      }
    }
  }

  @Test func aSymbolicBatchPassesThroughAReshape() throws {
    let x = float(.ranked([.symbolic("batch"), 7, 7, 1280]))
    #expect(
      try shape(.reshape(Reshape([.copied(0), .inferred])), [x]) == .ranked([.symbolic("batch"), .fixed(62720)]))
    #expect(
      try shape(.reshape(Reshape([.inferred, .fixed(62720)])), [x]) == .ranked([.symbolic("batch"), .fixed(62720)]))
  }

  @Test func aShapeComputedByTheGraphIsFollowed() throws {
    // Shape → Gather → Unsqueeze → Concat → Reshape: how exporters flatten a map of unknown batch.
    var builder = GraphBuilder(name: "tail")
    let x = builder.input(name: "x", type: float(.ranked([.symbolic("batch"), 1280, 1, 1])))
    let zero = builder.constant(name: "zero", try Tensor([0] as [Int64], shape: []))
    let rest = builder.constant(name: "rest", try Tensor([-1] as [Int64], shape: [1]))
    let shape = try builder.add(.shapeOf(ShapeOf()), name: "shape", inputs: [x])[0]
    let batch = try builder.add(.gather(Gather(axis: 0)), name: "batch", inputs: [shape, zero])[0]
    let vector = try builder.add(.unsqueeze(Unsqueeze(axes: [0])), name: "vector", inputs: [batch])[0]
    let target = try builder.add(.concat(Concat(axis: 0)), name: "target", inputs: [vector, rest])[0]
    let flat = try builder.add(.reshape(Reshape(nil)), name: "flat", inputs: [x, target])[0]
    #expect(builder.type(flat)?.shape == .ranked([.symbolic("batch"), 1280]))
  }

  @Test func ceilModeDropsAWindowThatStartsBeyondTheMap() throws {
    let pool = Pool2D(.maximum, kernel: Size2D(2), strides: Size2D(2), roundsUp: true)
    #expect(try shape(.pool2D(pool), [float([1, 5, 5, 1])]) == [1, 3, 3, 1])
    let wide = Pool2D(.maximum, kernel: Size2D(1), strides: Size2D(3), roundsUp: true)
    #expect(try shape(.pool2D(wide), [float([1, 5, 5, 1])]) == [1, 2, 2, 1])
  }

  @Test func slicesFollowNumpy() throws {
    func count(_ start: Int, _ end: Int, _ step: Int, of extent: Int) -> Int {
      Slice(axes: [0], starts: [start], ends: [end], steps: [step]).elements(0, extent: extent).count
    }
    #expect(count(0, .max, 1, of: 10) == 10)
    #expect(count(-3, .max, 1, of: 10) == 3)
    #expect(count(1, -1, 2, of: 10) == 4)
    #expect(count(-1, .min, -1, of: 10) == 10)
    #expect(count(8, 2, -3, of: 10) == 2)
    #expect(count(20, 30, 1, of: 10) == 0)
  }
}
