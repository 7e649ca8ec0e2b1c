import ModelGraph

extension OperatorCases {
  static let conversions: [OperatorCase] = [
    OperatorCase("cast.to_int32", .cast(Cast(to: .int32)), .floats([-2.75, -0.5, 0, 0.99, 1.5, 1e6], [6])),
    OperatorCase(
      "cast.saturating", .cast(Cast(to: .int8)),
      .floats([-1e9, -128.9, 127.5, 300, .infinity, -.infinity, .nan], [7])),
    OperatorCase("cast.to_int64", .cast(Cast(to: .int64)), .floats([-3.5, 3.5, 1e10], [3])),
    OperatorCase("cast.to_bool", .cast(Cast(to: .bool)), .floats([0, -0.0, 0.25, -3], [4])),
    OperatorCase("cast.to_float16", .cast(Cast(to: .float16)), .random([40], scale: 100)),
    OperatorCase("cast.from_float16", .cast(Cast(to: .float32)), .random([20], as: .float16)),
    OperatorCase("cast.to_float64", .cast(Cast(to: .float64)), .random([10])),
    OperatorCase("cast.from_bool", .cast(Cast(to: .float32)), .integers([0, 1, 1], [3], as: .bool)),
    OperatorCase(
      "cast.integers_to_float", .cast(Cast(to: .float32)), .integers([16_777_217, -5, 1 << 53 + 1, 9], [4])),
    OperatorCase("cast.wrapping", .cast(Cast(to: .int8)), .integers([127, 128, -129, 256], [4], as: .int32)),
    OperatorCase("cast.to_uint8", .cast(Cast(to: .uint8)), .floats([0, 1.9, 254.5], [3])),
    OperatorCase(
      "quantize.per_tensor",
      .quantize(Quantize(to: .uint8, .perTensor(scale: 0.0125, zeroPoint: 100), roundsHalfToEven: true)),
      .random([60], scale: 2.5)),
    OperatorCase(
      "quantize.half_to_even",
      .quantize(Quantize(to: .int8, .perTensor(scale: 0.5, zeroPoint: 1), roundsHalfToEven: true)),
      .floats([-1.25, -0.75, -0.25, 0.25, 0.75, 1.25], [6])),
    OperatorCase(
      "quantize.half_away",
      .quantize(Quantize(to: .int8, .perTensor(scale: 0.5, zeroPoint: 1), roundsHalfToEven: false)),
      .floats([-1.25, -0.75, -0.25, 0.25, 0.75, 1.25], [6])),
    OperatorCase(
      "quantize.per_axis",
      .quantize(
        Quantize(
          to: .int8, .perAxis(axis: 1, scales: [0.01, 0.02, 0.005], zeroPoints: [0, -5, 7]), roundsHalfToEven: true)),
      .random([2, 3, 4])),
    OperatorCase(
      "dequantize.per_tensor", .dequantize(Dequantize()),
      .integers([0, 100, 128, 255], [4], as: .uint8, quantization: .perTensor(scale: 0.0125, zeroPoint: 128))),
    OperatorCase(
      "dequantize.per_axis", .dequantize(Dequantize()),
      .integers(
        [-128, -5, 0, 5, 100, 127], [3, 2], as: .int8,
        quantization: .perAxis(axis: 0, scales: [0.1, 0.03, 0.7], zeroPoints: [0, 3, -7]))),
    OperatorCase(
      "dequantize.blocked", .dequantize(Dequantize()),
      .integers(
        [-8, 7, 1, 2, 3, -4, 5, 6, -7, 0], [2, 5], as: .int8,
        quantization: .blocked(
          axis: 1, blockSize: 2, scales: [0.5, 0.25, 2, 1, 0.125, 4], zeroPoints: [0, 1, 2, -1, 0, 3]))),
    OperatorCase("dequantize.float16", .dequantize(Dequantize()), .random([20], as: .float16)),
    OperatorCase(
      "reinterpret.with_scale", .reinterpret(Reinterpret(as: .perTensor(scale: 0.5, zeroPoint: 3))),
      .integers([0, 3, 255], [3], as: .uint8, quantization: .perTensor(scale: 0.25, zeroPoint: 0))),
    OperatorCase("dynamicQuantize", .dynamicQuantize(DynamicQuantize()), .random([60], scale: 2.5, offset: 0.5)),
    OperatorCase("dynamicQuantize.positive", .dynamicQuantize(DynamicQuantize()), .random([6, 7], offset: 3)),
    OperatorCase(
      "integerConv2d.zero_points",
      .integerConv2D(
        IntegerConv2D(Conv2D(padding: .explicit(EdgeInsets(top: 1, left: 0, bottom: 0, right: 1))))),
      .integers([0, 50, 100, 150, 200, 250, 3, 2, 255], [1, 3, 3, 1], as: .uint8),
      .integers([-60, 60, 5, -7, 1, 2, 3, 4], [2, 2, 2, 1], as: .int8, isConstant: true),
      .integers([101], [], as: .uint8), .integers([2], [], as: .int8, isConstant: true)),
    OperatorCase(
      "integerConv2d.plain", .integerConv2D(IntegerConv2D(Conv2D(strides: Size2D(2)))),
      .integers([0, 50, 100, 150, 200, 250, 3, 2, 255], [1, 3, 3, 1], as: .uint8),
      .integers([9, 7, 5, 3], [1, 2, 2, 1], as: .uint8, isConstant: true)),
    OperatorCase(
      "integerMatMul.zero_points", .integerMatMul(IntegerMatMul()),
      .integers([0, 50, 100, 150, 200, 250], [2, 3], as: .uint8),
      .integers([-60, 60, 5, -7, 1, 2], [3, 2], as: .int8, isConstant: true), .integers([7], [], as: .uint8),
      .integers([1, -1], [2], as: .int8, isConstant: true)),
  ]
}
