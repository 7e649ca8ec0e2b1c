import ModelGraph

/// One operator of each case, no attribute at its default; more than one where an attribute has several forms.
enum OpSamples {
  static let all: [Op] = convolutions + elementwise + unary + pools + shaping + moving + [opaque]

  static let clamp = ClampRange(lower: -0.1, upper: 6)

  static let convolutions: [Op] = [
    .conv2D(
      Conv2D(
        strides: Size2D(height: 2, width: 3), dilation: Size2D(height: 4, width: 5),
        padding: .explicit(EdgeInsets(top: 1, left: 2, bottom: 3, right: 4)), groups: 6, layout: .channelsFirst,
        filterLayout: .heightWidthInputMultiplier, outputClamp: clamp)),
    .conv2D(Conv2D(padding: .same(.lower), outputClamp: .relu)),
    .conv2D(Conv2D(padding: .valid, outputClamp: ClampRange(upper: .infinity))),
    .convTranspose2D(
      ConvTranspose2D(
        strides: Size2D(height: 2, width: 3), dilation: Size2D(height: 4, width: 5),
        cropping: EdgeInsets(top: 1, left: 2, bottom: 3, right: 4), outputPadding: Size2D(height: 6, width: 7),
        groups: 8,
        layout: .channelsFirst, filterLayout: .inputOutputHeightWidth, outputClamp: clamp)),
    .integerConv2D(
      IntegerConv2D(
        Conv2D(
          strides: Size2D(height: 2, width: 3), dilation: Size2D(height: 4, width: 5), padding: .same(.lower),
          groups: 6,
          layout: .channelsFirst, filterLayout: .outputInputHeightWidth))),
    .fullyConnected(FullyConnected(weightLayout: .inputOutput, keepsLeadingAxes: true, outputClamp: clamp)),
    .matMul(MatMul(transposesA: true, transposesB: false)), .matMul(MatMul(transposesA: false, transposesB: true)),
  ]

  static let elementwise: [Op] =
    [
      .batchNorm(BatchNorm(epsilon: 1e-3, axis: 3, outputClamp: clamp)), .layerNorm(LayerNorm(epsilon: 1e-5, axis: 2)),
      .clamp(Clamp(clamp)), .prelu(PReLU()), .select(Select()), .identity(Identity()), .dequantize(Dequantize()),
      .softmax(Softmax(axis: 1, beta: 0.5, isLogarithm: true, coversTrailingAxes: true)), .cast(Cast(to: .bfloat16)),
      .quantize(Quantize(to: .uint8, .perTensor(scale: 0.1, zeroPoint: -3), roundsHalfToEven: true)),
      .quantize(
        Quantize(to: .int8, .perAxis(axis: 1, scales: [0.1, 3], zeroPoints: [1, 2]), roundsHalfToEven: true)),
      .quantize(
        Quantize(
          to: .int4, .blocked(axis: 1, blockSize: 32, scales: [0.1, 3], zeroPoints: [1, 2]), roundsHalfToEven: true)),
      .reinterpret(Reinterpret(as: .perAxis(axis: 1, scales: [0.1, 3], zeroPoints: [1, 2]))),
      .reinterpret(Reinterpret(as: nil)), .dynamicQuantize(DynamicQuantize()), .integerMatMul(IntegerMatMul()),
    ] + Binary.Function.allCases.map { .binary(Binary($0, outputClamp: clamp)) }

  static let unary: [Op] = [
    .absolute, .negate, .exponential, .logarithm, .squareRoot, .reciprocalSquareRoot, .reciprocal, .square, .floor,
    .ceiling, .roundHalfToEven, .sign, .sine, .cosine, .errorFunction, .sigmoid, .hyperbolicTangent, .softplus,
    .softsign,
    .silu, .hardSwish, .hardSigmoid(alpha: 0.2, beta: 0.5), .leakyReLU(alpha: 0.3), .elu(alpha: 0.7),
    .selu(alpha: 1.6, gamma: 1.05), .gelu(approximate: true), .gelu(approximate: false), .thresholdedReLU(theta: 1.5),
    .not,
  ].map { .unary(Unary($0)) }

  static let pools: [Op] =
    [
      .pool2D(
        Pool2D(
          .maximum, kernel: Size2D(height: 2, width: 3), strides: Size2D(height: 4, width: 5),
          dilation: Size2D(height: 6, width: 7), padding: .same(.upper), countsPadding: true, roundsUp: true,
          layout: .channelsFirst, outputClamp: clamp)),
      .globalPool(GlobalPool(.maximum, keepsAxes: true, layout: .channelsFirst)),
      .argExtremum(ArgExtremum(.minimum, axis: 3, keepsAxis: true, takesLast: true, elementType: .int32)),
    ] + Reduce.Function.allCases.map { .reduce(Reduce($0, axes: [1, 2], keepsAxes: true)) }

  static let shaping: [Op] = [
    .reshape(Reshape(nil)), .reshape(Reshape([.fixed(3), .copied(1), .inferred])), .flatten(Flatten(axis: 1)),
    .squeeze(Squeeze(axes: [1, 2])), .unsqueeze(Unsqueeze(axes: [0])), .transpose(Transpose([0, 2, 3, 1])),
    .expand(Expand()), .tile(Tile([1, 2])), .shapeOf(ShapeOf(elementType: .int32, start: 1, end: 3)),
    .shapeOf(ShapeOf(elementType: .int32, start: -1, end: nil)),
    .constantOfShape(ConstantOfShape(.floating(0.1), elementType: .float64)),
    .constantOfShape(ConstantOfShape(.integer(.max), elementType: .int64)),
  ]

  static let moving: [Op] = [
    .pad(Pad(before: [0, 1], after: [2, 0], mode: .constant(-.infinity))),
    .pad(Pad(before: [1], after: [2], mode: .edge)),
    .pad(Pad(before: [1], after: [2], mode: .reflect)), .pad(Pad(before: [1], after: [2], mode: .symmetric)),
    .concat(Concat(axis: 3, outputClamp: clamp)), .split(Split(axis: 1, extents: [2, 3])),
    .slice(Slice(axes: [1], starts: [-3], ends: [.max], steps: [2])), .gather(Gather(axis: 2)),
    .spaceToDepth(SpaceToDepth(blockSize: 2, layout: .channelsFirst)),
    .depthToSpace(DepthToSpace(blockSize: 2, order: .channelFirst, layout: .channelsFirst)),
    .resize2D(
      Resize2D(
        .scales(height: 1.5, width: 2), interpolation: .cubic, coordinates: .pytorchHalfPixel, nearestRounding: .halfUp,
        cubicCoefficient: -0.5, layout: .channelsFirst)),
    .resize2D(Resize2D(.size(height: 7, width: 9), interpolation: .bilinear, coordinates: .alignCorners)),
  ]

  static let opaque = Op.opaque(
    OpaqueOp(
      domain: "tflite", operatorName: "CUSTOM", version: 2,
      attributes: [
        "a": .integer(.min), "b": .float(.infinity), "c": .string("é\n"), "d": .integers([1, -1]), "e": .floats([0.1]),
        "f": .strings(["", "x"]), "g": .description("a graph"),
      ], statedOutputTypes: [TensorType(.float32, [1, .unknown]), TensorType(.string, .unranked)], reason: "unknown"))
}
