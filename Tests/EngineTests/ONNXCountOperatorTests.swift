import Engine
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Operators on counts that only ONNX has: as ``CountOperatorTests``.
@Suite struct ONNXCountOperatorTests {
  static let types: [ElementType] = [.int8, .uint8]

  /// Counts without a scale on their type.
  private func bare(_ type: ElementType, _ shape: [Int]) -> TensorType { TensorType(type, Shape(shape)) }

  @Test(arguments: types) func productsOfTwoTensors(type: ElementType) throws {
    var graphs = QuantizedGraphs(type, .onnx)
    let output = graphs.centered(scale: 0.05)
    for (left, right, op) in [
      ([3, 7], [7, 5], MatMul()), ([7, 3], [5, 7], MatMul(transposesA: true, transposesB: true)),
      ([2, 1, 4, 6], [3, 6, 5], MatMul()), ([2, 3, 4, 6], [2, 3, 5, 6], MatMul(transposesB: true)),
      ([6], [6, 20], MatMul()), ([20, 6], [6], MatMul()),
    ] {
      try graphs.expectAgreement(
        of: .matMul(op), inputs: [graphs.counts(left), graphs.counts(right)], output: output)
    }
    // A row by a constant matrix, and by constant matrices with a scale for each column.
    let row = graphs.counts([9])
    try graphs.expectAgreement(
      of: .matMul(MatMul(transposesB: true)), inputs: [row],
      constants: [try graphs.weights([20, 9], input: row).weights],
      output: output)
    let scales: [Float] = [0.002, 0.01, 0.005]
    let columns = Quantization.perAxis(axis: 2, scales: scales, zeroPoints: [0, 1, -2])
    let matrices = try Tensor(
      (0..<36).map { UInt8(truncatingIfNeeded: $0 * 41) }, type: TensorType(.int8, [2, 6, 3], quantization: columns))
    try graphs.expectAgreement(
      of: .matMul(MatMul()), inputs: [graphs.counts([2, 4, 6])], constants: [matrices], output: output)
  }

  @Test(arguments: types, types) func sumsOfProductsUnderComputedZeroPoints(type: ElementType, other: ElementType)
    throws
  {
    var graphs = QuantizedGraphs(type, .onnx)
    let sums = TensorType(.int32, .unranked)
    func constant(_ type: ElementType, _ shape: [Int]) throws -> Tensor {
      try Tensor((0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 * 73 + 5) }, type: bare(type, shape))
    }
    let zero = bare(type, [])
    for (op, channels, outputs) in [
      (Conv2D(padding: .same(.upper)), 5, 7), (Conv2D(strides: Size2D(2), padding: .same(.lower), groups: 6), 6, 6),
      (Conv2D(dilation: Size2D(2), groups: 2), 4, 6),
    ] {
      let filter = try constant(other, [outputs, 3, 3, channels / op.groups])
      for filterZeros in [nil, try constant(other, []), try constant(other, [outputs])] {
        try graphs.expectAgreement(
          of: .integerConv2D(IntegerConv2D(op)), inputs: [bare(type, [2, 7, 6, channels])],
          constants: [filter, try constant(type, [1]), filterZeros], output: sums)
      }
    }
    let matrix = try constant(other, [6, 5])
    try graphs.expectAgreement(
      of: .integerMatMul(IntegerMatMul()), inputs: [bare(type, [2, 4, 6])],
      constants: [matrix, try constant(type, []), try constant(other, [5])], output: sums)
    // A zero point for each row.
    try graphs.expectAgreement(
      of: .integerMatMul(IntegerMatMul()), inputs: [bare(type, [4, 6])], constants: [matrix, try constant(type, [4])],
      output: sums)
    try graphs.expectAgreement(
      of: .integerMatMul(IntegerMatMul()), inputs: [bare(type, [2, 4, 6])],
      constants: [matrix, try constant(type, [2, 4, 1])], output: sums)
    // Everything computed.
    try graphs.expectAgreement(
      of: .integerMatMul(IntegerMatMul()),
      inputs: [bare(type, [2, 4, 6]), bare(other, [6, 5]), zero, bare(other, [5])],
      output: sums)
    try graphs.expectAgreement(
      of: .integerMatMul(IntegerMatMul()), inputs: [bare(type, [2, 4, 6]), bare(other, [2, 6, 5])], output: sums)
  }

  @Test func countsOfEveryWidthAndWithAScaleForEachPosition() throws {
    for type in [ElementType.int8, .uint8, .int16, .uint16, .int32] {
      var graphs = QuantizedGraphs(type, .onnx)
      let zeroPoint: Int32 = type == .uint8 || type == .uint16 ? 90 : -7
      let quantizations: [Quantization] = [
        .perTensor(scale: 0.0125, zeroPoint: zeroPoint),
        .perAxis(axis: 1, scales: [0.01, 0.003, 0.5], zeroPoints: [zeroPoint, 3, 0]),
        .perAxis(axis: 2, scales: [0.01, 0.003, 0.5, 1], zeroPoints: [0, 3, zeroPoint, 1]),
      ]
      for quantization in quantizations where type != .int32 || quantization.axis == nil {
        let counts = TensorType(type, [2, 3, 4, 2], quantization: quantization)
        try graphs.expectAgreement(
          of: .quantize(Quantize(to: type, quantization, roundsHalfToEven: true)),
          inputs: [TensorType(.float32, counts.shape)], output: counts)
        try graphs.expectAgreement(
          of: .dequantize(Dequantize()), inputs: [counts], output: TensorType(.float32, .unranked))
      }
      try graphs.expectAgreement(
        of: .cast(Cast(to: .float32)), inputs: [bare(type, [3, 50])], output: TensorType(.float32, .unranked))
    }
  }

  @Test(arguments: types) func readingsAndRows(type: ElementType) throws {
    var graphs = QuantizedGraphs(type, .onnx)
    let x = graphs.counts([2, 5, 6, 9])
    let other = try #require(graphs.outputType(magnitude: 1).quantization)
    try graphs.expectAgreement(
      of: .reinterpret(Reinterpret(as: other)), inputs: [x], output: TensorType(type, .unranked, quantization: other))
    try graphs.expectAgreement(
      of: .reinterpret(Reinterpret(as: nil)), inputs: [x], output: TensorType(type, .unranked))
    let share = TensorType(
      type, .unranked, quantization: .perTensor(scale: 1 / 256, zeroPoint: type == .int8 ? -128 : 0))
    for softmax in [Softmax(axis: 1), Softmax(axis: 0), Softmax(axis: 2, coversTrailingAxes: true)] {
      try graphs.expectAgreement(of: .softmax(softmax), inputs: [x], output: share)
    }
    // Maxima under another scale, another type, a clamp.
    try graphs.expectAgreement(
      of: .globalPool(GlobalPool(.maximum, keepsAxes: false)), inputs: [x], output: graphs.outputType(magnitude: 2))
    try graphs.expectAgreement(of: .globalPool(GlobalPool(.maximum, keepsAxes: true)), inputs: [x], output: x)
    try graphs.expectAgreement(
      of: .concat(Concat(axis: 1, outputClamp: .relu6)), inputs: [x, x], output: x)
  }

  /// What the interpreter refuses at run time, the engine refuses too.
  @Test(arguments: [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func numbersWithoutAScale(number: Float) throws {
    var builder = GraphBuilder(name: "dynamic", arithmetic: .onnx)
    let x = builder.input(name: "x", type: TensorType(.float32, [3]))
    let outputs = try builder.add(.dynamicQuantize(DynamicQuantize()), name: "node", inputs: [x])
    builder.output(outputs[0], name: "y")
    let graph = try builder.build()
    let input = try Tensor([0, number, -number], shape: [3])
    #expect(throws: ModelError.self) { try ReferenceInterpreter(graph).run([input]) }
    for threads in [1, 2] {
      let engine = try Engine(graph: graph, options: EngineOptions(threads: threads))
      let error = #expect(throws: ModelError.self) { try engine.run([input]) }
      #expect(error?.code == .malformed && error?.description.contains("'node'") == true)
      #expect(throws: ModelError.self) { try engine.run([input]) { (_, _) throws(ModelError) in } }
      // A session goes on afterwards.
      #expect(try engine.run([try Tensor([0, 51, 255 as Float], shape: [3])])[0].integers() == [0, 51, 255])
    }
  }
}
