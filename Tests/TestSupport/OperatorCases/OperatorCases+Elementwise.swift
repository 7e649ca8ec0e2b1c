import ModelGraph

extension OperatorCases {
  private static let special: [Float] = [.nan, .infinity, -.infinity, -0.5, 0, 3, 7]

  static let elementwise: [OperatorCase] = [
    OperatorCase("clamp.relu", .clamp(Clamp(.relu)), .random([2, 3, 4])),
    OperatorCase("clamp.relu6", .clamp(Clamp(.relu6)), .random([2, 3, 4], scale: 10)),
    OperatorCase("clamp.upper", .clamp(Clamp(ClampRange(upper: 0.25))), .random([10])),
    OperatorCase("clamp.not_a_number", .clamp(Clamp(.relu6)), .floats(special, [7])),
    OperatorCase(
      "clamp.integers", .clamp(Clamp(ClampRange(lower: -2, upper: 3))), .integers([-9, -2, 0, 3, 9], [5], as: .int32)),
    OperatorCase("prelu.channels_last", .prelu(PReLU()), .random([2, 3, 3, 4]), .weights([1, 1, 4])),
    OperatorCase("prelu.channels_first", .prelu(PReLU()), .random([2, 4, 3, 3]), .weights([4, 1, 1])),
    OperatorCase("prelu.one_slope", .prelu(PReLU()), .random([5, 2]), .weights([1])),
  ]

  static let functions: [OperatorCase] =
    [
      ("absolute", .absolute, 3, 0), ("negate", .negate, 3, 0), ("exponential", .exponential, 5, 0),
      ("logarithm", .logarithm, 2, 2.125), ("square_root", .squareRoot, 2, 2.125),
      ("reciprocal_square_root", .reciprocalSquareRoot, 2, 2.125), ("reciprocal", .reciprocal, 2, 2.125),
      ("square", .square, 3, 0), ("floor", .floor, 5, 0), ("ceiling", .ceiling, 5, 0), ("sign", .sign, 3, 0),
      ("sine", .sine, 10, 0), ("cosine", .cosine, 10, 0), ("error_function", .errorFunction, 3, 0),
      ("sigmoid", .sigmoid, 10, 0), ("hyperbolic_tangent", .hyperbolicTangent, 4, 0), ("softplus", .softplus, 10, 0),
      ("softsign", .softsign, 10, 0), ("silu", .silu, 10, 0), ("hard_swish", .hardSwish, 5, 0),
      ("hard_sigmoid", .hardSigmoid(alpha: 0.2, beta: 0.5), 5, 0), ("leaky_relu", .leakyReLU(alpha: 0.1), 3, 0),
      ("elu", .elu(alpha: 0.5), 3, 0), ("selu", .selu(alpha: 1.6732632, gamma: 1.050701), 3, 0),
      ("gelu", .gelu(approximate: false), 4, 0), ("gelu_tanh", .gelu(approximate: true), 4, 0),
      ("thresholded_relu", .thresholdedReLU(theta: 0.5), 2, 0),
    ].map { (name: String, function: Unary.Function, scale: Float, offset: Float) in
      OperatorCase("unary." + name, .unary(Unary(function)), .random([3, 7], scale: scale, offset: offset))
    } + [
      OperatorCase(
        "unary.round_half_to_even", .unary(Unary(.roundHalfToEven)),
        .floats([-2.5, -1.5, -0.4, 0.5, 1.5, 2.6, 3.5], [7])
      ),
      OperatorCase("unary.not", .unary(Unary(.not)), .integers([0, 1, 1], [3], as: .bool)),
      OperatorCase(
        "unary.absolute_integers", .unary(Unary(.absolute)), .integers([-3, 0, 5, -128], [4], as: .int8)),
      OperatorCase("unary.negate_integers", .unary(Unary(.negate)), .integers([-3, 0, 5], [3], as: .int32)),
    ]

  static let binaries: [OperatorCase] =
    [
      ("add", .add), ("subtract", .subtract), ("multiply", .multiply), ("divide", .divide), ("maximum", .maximum),
      ("minimum", .minimum), ("squared_difference", .squaredDifference), ("equal", .equal), ("not_equal", .notEqual),
      ("less", .less), ("less_or_equal", .lessOrEqual), ("greater", .greater), ("greater_or_equal", .greaterOrEqual),
    ].map { (name: String, function: Binary.Function) in
      OperatorCase("binary." + name, .binary(Binary(function)), .random([2, 3, 4]), .random([3, 1]))
    } + [
      OperatorCase(
        "binary.power", .binary(Binary(.power)), .random([2, 5], scale: 2, offset: 2.125), .random([5], scale: 3)),
      OperatorCase("binary.add_relu", .binary(Binary(.add, outputClamp: .relu)), .random([2, 4]), .random([2, 4])),
      OperatorCase("binary.scalar", .binary(Binary(.multiply)), .random([]), .random([2, 3])),
      OperatorCase("binary.same_shape", .binary(Binary(.add)), .random([1, 4, 4, 3]), .random([1, 4, 4, 3])),
      OperatorCase("binary.channel_constant", .binary(Binary(.multiply)), .random([1, 4, 4, 3]), .weights([3])),
      OperatorCase("binary.both_stretched", .binary(Binary(.subtract)), .random([4, 1, 3]), .random([1, 2, 1])),
      OperatorCase("binary.no_elements", .binary(Binary(.add)), .random([0, 3]), .random([1, 3])),
      OperatorCase(
        "binary.maximum_not_a_number", .binary(Binary(.maximum)), .floats(special, [7]), .floats([1], [1])),
      OperatorCase(
        "binary.minimum_not_a_number", .binary(Binary(.minimum)), .floats([1], [1]), .floats(special, [7])),
      OperatorCase(
        "binary.equal_numbers", .binary(Binary(.equal)), .floats([1, 2, .nan], [3]), .floats([1, 3, .nan], [3])),
      OperatorCase(
        "binary.and", .binary(Binary(.and)), .integers([0, 0, 1, 1], [4], as: .bool),
        .integers([0, 1, 0, 1], [4], as: .bool)),
      OperatorCase(
        "binary.or", .binary(Binary(.or)), .integers([0, 0, 1, 1], [4], as: .bool),
        .integers([0, 1, 0, 1], [4], as: .bool)),
      OperatorCase(
        "binary.floor_divide", .binary(Binary(.floorDivide)), .random([6], scale: 9), .random([6], scale: 2, offset: 3)),
      OperatorCase(
        "binary.floor_divide_integers", .binary(Binary(.floorDivide)), .integers([7, -7, 7, -7, 6], [5], as: .int32),
        .integers([2, 2, -2, -2, 3], [5], as: .int32)),
      OperatorCase(
        "binary.divide_integers", .binary(Binary(.divide)), .integers([7, -7, 7, -7, 6], [5], as: .int32),
        .integers([2, 2, -2, -2, 3], [5], as: .int32)),
      OperatorCase(
        "binary.multiply_wrapping", .binary(Binary(.multiply)), .integers([1 << 30, -3, 65537], [3], as: .int32),
        .integers([4, 7, 65537], [3], as: .int32)),
      OperatorCase(
        "binary.power_integers", .binary(Binary(.power)), .integers([2, -3, 10, 5], [4], as: .int64),
        .integers([10, 3, 2, 0], [4], as: .int64)),
      OperatorCase(
        "binary.subtract_integers", .binary(Binary(.subtract)), .integers([1, 2, 3], [3]), .integers([5], [1])),
      OperatorCase(
        "binary.less_integers", .binary(Binary(.less)), .integers([1, 2, 3], [3]), .integers([2], [])),
    ]
}
