import Engine
import ModelGraph
import ReferenceInterpreter
import TestSupport
import Testing

/// Operators on counts, one a graph: the same counts as the interpreter gives, whatever the instruction set and the number of
/// threads.
@Suite struct CountOperatorTests {
  static let kinds: [(ElementType, QuantizedArithmetic)] = [
    (.int8, .liteRT), (.uint8, .liteRT), (.int8, .onnx), (.uint8, .onnx),
  ]
  static let wideKinds = kinds + [(.int16, .liteRT)]

  @Test(arguments: wideKinds) func convolutions(type: ElementType, arithmetic: QuantizedArithmetic) throws {
    var graphs = QuantizedGraphs(type, arithmetic)
    let relu6 = ClampRange.relu6
    for (op, channels, outputs, kernel) in [
      (Conv2D(), 8, 24, Size2D(1)), (Conv2D(outputClamp: relu6), 3, 17, Size2D(3)),
      (Conv2D(strides: Size2D(2), padding: .same(.upper), outputClamp: relu6), 3, 8, Size2D(3)),
      (Conv2D(dilation: Size2D(2), padding: .same(.upper)), 5, 6, Size2D(3)),
      (Conv2D(padding: .same(.upper), groups: 2), 6, 10, Size2D(height: 2, width: 3)),
    ] {
      try graphs.expectAgreement(convolution: op, channels: channels, outputs: outputs, kernel: kernel)
    }
  }

  @Test(arguments: wideKinds) func depthwiseConvolutions(type: ElementType, arithmetic: QuantizedArithmetic) throws {
    var graphs = QuantizedGraphs(type, arithmetic)
    for channels in [1, 8, 24, 40] {
      for (strides, dilation) in [(1, 1), (2, 1), (1, 2)] {
        let op = Conv2D(
          strides: Size2D(strides), dilation: Size2D(dilation), padding: .same(.upper), groups: channels,
          outputClamp: .relu6)
        try graphs.expectAgreement(convolution: op, channels: channels, outputs: channels, kernel: Size2D(3))
      }
    }
    // Eight filters over one channel.
    try graphs.expectAgreement(
      convolution: Conv2D(padding: .same(.upper)), channels: 1, outputs: 8, kernel: Size2D(3))
    try graphs.expectAgreement(
      convolution: Conv2D(padding: .same(.upper), groups: 3), channels: 3, outputs: 6, kernel: Size2D(3))
  }

  @Test(arguments: wideKinds) func denseLayers(type: ElementType, arithmetic: QuantizedArithmetic) throws {
    var graphs = QuantizedGraphs(type, arithmetic)
    for (rows, inputs, outputs) in [(1, 37, 10), (3, 64, 33), (2, 5, 1)] {
      let x = graphs.counts([rows, inputs])
      let (weights, bias) = try graphs.weights([outputs, inputs], input: x)
      try graphs.expectAgreement(
        of: .fullyConnected(FullyConnected()), inputs: [x],
        constants: [weights, bias],
        output: graphs.centered(scale: Float(inputs) * 0.01))
    }
  }

  @Test(arguments: wideKinds) func functionsOfTwoOperands(type: ElementType, arithmetic: QuantizedArithmetic) throws {
    var graphs = QuantizedGraphs(type, arithmetic)
    for function in [Binary.Function.add, .subtract, .multiply] {
      for (first, second) in [([1, 5, 4, 8], [1, 5, 4, 8]), ([1, 5, 4, 8], [8]), ([2, 3], [1, 1])] {
        let x = graphs.counts(first), y = graphs.counts(second)
        for clamp in [ClampRange.unbounded, .relu6] {
          try graphs.expectAgreement(
            of: .binary(Binary(function, outputClamp: clamp)), inputs: [x, y], output: graphs.outputType(magnitude: 2))
        }
      }
    }
    // A table of all pairs.
    let x = graphs.counts([3, 40])
    try graphs.expectAgreement(of: .binary(Binary(.maximum)), inputs: [x, x], output: x)
    try graphs.expectAgreement(of: .binary(Binary(.minimum)), inputs: [x, x], output: x)
  }

  @Test(arguments: kinds) func functionsOfOneOperand(type: ElementType, arithmetic: QuantizedArithmetic) throws {
    var graphs = QuantizedGraphs(type, arithmetic)
    let x = graphs.counts([2, 300])
    let share = TensorType(
      type, .unranked, quantization: .perTensor(scale: 1 / 256, zeroPoint: type == .int8 ? -128 : 0))
    try graphs.expectAgreement(of: .unary(Unary(.sigmoid)), inputs: [x], output: share)
    try graphs.expectAgreement(
      of: .unary(Unary(.hyperbolicTangent)), inputs: [x], output: graphs.outputType(magnitude: 1))
    try graphs.expectAgreement(
      of: .unary(Unary(.leakyReLU(alpha: 0.2))), inputs: [x], output: graphs.outputType(magnitude: 1))
    try graphs.expectAgreement(of: .clamp(Clamp(.relu6)), inputs: [x], output: graphs.outputType(magnitude: 2))
    let output = graphs.outputType(magnitude: 1)
    try graphs.expectAgreement(
      of: .quantize(
        Quantize(to: type, try #require(output.quantization), roundsHalfToEven: arithmetic == .onnx)), inputs: [x],
      output: output)
    try graphs.expectAgreement(of: .dequantize(Dequantize()), inputs: [x], output: TensorType(.float32, .unranked))
    let real = TensorType(.float32, [3, 100])
    try graphs.expectAgreement(
      of: .quantize(
        Quantize(to: type, try #require(output.quantization), roundsHalfToEven: arithmetic == .onnx)), inputs: [real],
      output: output)
  }

  @Test(arguments: wideKinds) func poolsAndReductions(type: ElementType, arithmetic: QuantizedArithmetic) throws {
    var graphs = QuantizedGraphs(type, arithmetic)
    let x = graphs.counts([2, 7, 6, 20])
    for kind in [Pool2D.Kind.average, .maximum] {
      for clamp in [ClampRange.unbounded, ClampRange(lower: -0.6, upper: 0.6)] {
        try graphs.expectAgreement(
          of: .pool2D(
            Pool2D(kind, kernel: Size2D(3), strides: Size2D(2), padding: .same(.upper), outputClamp: clamp)),
          inputs: [x],
          output: x)
      }
    }
    try graphs.expectAgreement(
      of: .reduce(Reduce(.mean, axes: [1, 2], keepsAxes: false)), inputs: [x], output: graphs.centered(scale: 0.03)
    )
    try graphs.expectAgreement(
      of: .reduce(Reduce(.mean, axes: [1, 3], keepsAxes: true)), inputs: [x], output: graphs.centered(scale: 0.03))
    for function in [Reduce.Function.maximum, .minimum] {
      for axes in [[1, 2], [0, 3]] {
        try graphs.expectAgreement(
          of: .reduce(Reduce(function, axes: axes, keepsAxes: false)), inputs: [x], output: x)
      }
    }
    if arithmetic == .onnx {
      try graphs.expectAgreement(
        of: .globalPool(GlobalPool(.average, keepsAxes: true)), inputs: [x], output: graphs.centered(scale: 0.03))
      try graphs.expectAgreement(
        of: .pool2D(
          Pool2D(.average, kernel: Size2D(3), strides: Size2D(1), padding: .same(.upper), countsPadding: true)),
        inputs: [x], output: graphs.outputType(magnitude: 0.4))
      try graphs.expectAgreement(
        of: .pool2D(Pool2D(.maximum, kernel: Size2D(2), strides: Size2D(2))), inputs: [x],
        output: graphs.outputType(magnitude: 0.4))
    }
  }

  @Test(arguments: kinds) func rowsAndMaps(type: ElementType, arithmetic: QuantizedArithmetic) throws {
    var graphs = QuantizedGraphs(type, arithmetic)
    let share = TensorType(
      type, .unranked, quantization: .perTensor(scale: 1 / 256, zeroPoint: type == .int8 ? -128 : 0))
    for columns in [2, 17, 100] {
      try graphs.expectAgreement(
        of: .softmax(Softmax(axis: 1)), inputs: [graphs.counts([3, columns])], output: share)
    }
    let map = graphs.counts([2, 5, 6, 9])
    for (axis, elementType) in [(3, ElementType.int64), (1, .int32)] {
      try graphs.expectAgreement(
        of: .argExtremum(ArgExtremum(.maximum, axis: axis, keepsAxis: false, elementType: elementType)), inputs: [map],
        output: TensorType(elementType, .unranked))
    }
    try graphs.expectAgreement(
      of: .resize2D(
        Resize2D(
          .size(height: 9, width: 13), interpolation: .nearest, coordinates: .asymmetric, nearestRounding: .floor)),
      inputs: [map], output: map)
    if arithmetic == .liteRT {
      for coordinates in [Resize2D.Coordinates.asymmetric, .halfPixel, .alignCorners] {
        try graphs.expectAgreement(
          of: .resize2D(Resize2D(.size(height: 9, width: 13), interpolation: .bilinear, coordinates: coordinates)),
          inputs: [map], output: map)
      }
    }
    try graphs.expectAgreement(
      of: .pad(Pad(before: [0, 1, 2, 0], after: [0, 1, 0, 3])), inputs: [map], output: map)
    try graphs.expectAgreement(of: .transpose(Transpose([0, 3, 1, 2])), inputs: [map], output: map)
    try graphs.expectAgreement(of: .concat(Concat(axis: 3)), inputs: [map, map], output: map)
    if arithmetic == .onnx || type == .uint8 {
      let other = graphs.counts([2, 5, 6, 4])
      try graphs.expectAgreement(
        of: .concat(Concat(axis: 3)), inputs: [map, other], output: graphs.outputType(magnitude: 2))
    }
  }

  /// Functions of 16-bit counts, and between 16 bits and 8: tables of 65,536 entries, or of two bytes each.
  @Test func functionsOfWideCounts() throws {
    var graphs = QuantizedGraphs(.int16, .liteRT)
    let x = graphs.counts([2, 300])
    try graphs.expectAgreement(of: .clamp(Clamp(.relu6)), inputs: [x], output: graphs.outputType(magnitude: 2))
    try graphs.expectAgreement(
      of: .unary(Unary(.leakyReLU(alpha: 0.2))), inputs: [x], output: graphs.outputType(magnitude: 1))
    try graphs.expectAgreement(
      of: .unary(Unary(.leakyReLU(alpha: -0.3))), inputs: [x], output: graphs.outputType(magnitude: 1))
    try graphs.expectAgreement(of: .dequantize(Dequantize()), inputs: [x], output: TensorType(.float32, .unranked))
    for from in [ElementType.int8, .uint8, .int16] {
      for to in [ElementType.int8, .uint8, .int16] {
        var graphs = QuantizedGraphs(from, .liteRT), others = QuantizedGraphs(to, .liteRT)
        let output = others.outputType(magnitude: 1)
        try graphs.expectAgreement(
          of: .quantize(Quantize(to: to, try #require(output.quantization), roundsHalfToEven: false)),
          inputs: [graphs.counts([2, 300])], output: output)
      }
    }
  }

  @Test func wideRowsAndMaps() throws {
    var graphs = QuantizedGraphs(.int16, .liteRT)
    let share = TensorType(.int16, .unranked, quantization: .perTensor(scale: 1 / 32768, zeroPoint: 0))
    for columns in [2, 17, 100] {
      try graphs.expectAgreement(
        of: .softmax(Softmax(axis: 1)), inputs: [graphs.counts([3, columns])], output: share)
    }
    let map = graphs.counts([2, 5, 6, 9])
    for interpolation in [Resize2D.Interpolation.nearest, .bilinear] {
      for coordinates in [Resize2D.Coordinates.asymmetric, .halfPixel, .alignCorners] {
        try graphs.expectAgreement(
          of: .resize2D(
            Resize2D(
              .size(height: 9, width: 4), interpolation: interpolation, coordinates: coordinates,
              nearestRounding: .floor)),
          inputs: [map], output: map)
      }
    }
    try graphs.expectAgreement(
      of: .pad(Pad(before: [0, 1, 2, 0], after: [0, 1, 0, 3])), inputs: [map], output: map)
    try graphs.expectAgreement(of: .transpose(Transpose([0, 3, 1, 2])), inputs: [map], output: map)
    try graphs.expectAgreement(of: .concat(Concat(axis: 3)), inputs: [map, map], output: map)
  }

  /// Weights of 4 bits, whose dense layers are rescaled in float64.
  @Test func denseLayersWithWeightsOf4Bits() throws {
    for hasBias in [true, false] {
      for (rows, inputs, outputs) in [(1, 37, 10), (3, 64, 33), (2, 5, 1), (5, 1, 17)] {
        var graphs = QuantizedGraphs(.int8, .liteRT)
        let x = graphs.counts([rows, inputs])
        let (weights, bias) = try graphs.weights([outputs, inputs], input: x)
        let nibbles = try weights.elements(as: UInt8.self).map { $0 >> 4 } + [0]
        let storage = OwnedStorage(
          (0..<((weights.elementCount + 1) / 2)).map { nibbles[2 * $0] | nibbles[2 * $0 + 1] << 4 })
        let packed = try Tensor(
          type: TensorType(.int4, weights.type.shape, quantization: weights.type.quantization), storage: storage,
          range: 0..<storage.bytes.count)
        try graphs.expectAgreement(
          of: .fullyConnected(FullyConnected(outputClamp: hasBias ? .relu6 : .unbounded)), inputs: [x],
          constants: hasBias ? [packed, bias] : [packed], output: graphs.centered(scale: Float(inputs) * 0.0007))
      }
    }
  }
}
