import ModelGraph

/// How one builtin operator is given its meaning, and the versions that have this meaning.
///
/// A version rises when an operator learns new element types or options; below the upper bound all options are known.
struct OperatorLowering: Sendable {
  typealias Body = @Sendable (OperatorImport) throws(ModelError) -> Void

  let versions: ClosedRange<Int>
  /// The options table that belongs to the operator; `nil` where it has none with fields.
  let options: String?
  let body: Body

  private init(_ latest: Int, _ options: String? = nil, from first: Int = 1, _ body: @escaping Body) {
    versions = first...latest
    self.options = options
    self.body = body
  }

  private static func unary(_ latest: Int, _ function: Unary.Function) -> Self {
    Self(latest) { (node) throws(ModelError) in try node.unary(function) }
  }

  private static func clamp(_ latest: Int, _ range: ClampRange) -> Self {
    Self(latest) { (node) throws(ModelError) in try node.clamp(range) }
  }

  private static func binary(_ latest: Int, _ function: Binary.Function, _ options: String? = nil) -> Self {
    Self(latest, options) { (node) throws(ModelError) in try node.binary(function) }
  }

  private static func reduce(_ latest: Int, _ function: Reduce.Function) -> Self {
    Self(latest, "ReducerOptions") { (node) throws(ModelError) in try node.reduce(function) }
  }

  /// By the operators' names in the schema.
  static let all: [String: OperatorLowering] = [
    // Convolutions and dense layers.
    "CONV_2D": Self(8, "Conv2DOptions") { (node) throws(ModelError) in try node.convolution() },
    "DEPTHWISE_CONV_2D": Self(7, "DepthwiseConv2DOptions") { (node) throws(ModelError) in
      try node.depthwiseConvolution()
    },
    "TRANSPOSE_CONV": Self(5, "TransposeConvOptions") { (node) throws(ModelError) in try node.transposedConvolution() },
    "FULLY_CONNECTED": Self(13, "FullyConnectedOptions") { (node) throws(ModelError) in try node.fullyConnected() },
    "BATCH_MATMUL": Self(4, "BatchMatMulOptions") { (node) throws(ModelError) in try node.batchMatMul() },

    // Pooling, reductions.
    "AVERAGE_POOL_2D": Self(3, "Pool2DOptions") { (node) throws(ModelError) in try node.pool(.average) },
    "MAX_POOL_2D": Self(3, "Pool2DOptions") { (node) throws(ModelError) in try node.pool(.maximum) },
    "MEAN": reduce(3, .mean),
    "SUM": reduce(2, .sum),
    "REDUCE_MAX": reduce(3, .maximum),
    "REDUCE_MIN": reduce(3, .minimum),
    "REDUCE_PROD": reduce(2, .product),
    "ARG_MAX": Self(3, "ArgMaxOptions") { (node) throws(ModelError) in try node.argExtremum(.maximum) },
    "ARG_MIN": Self(3, "ArgMinOptions") { (node) throws(ModelError) in try node.argExtremum(.minimum) },
    "SOFTMAX": Self(3, "SoftmaxOptions") { (node) throws(ModelError) in try node.softmax(isLogarithm: false) },
    "LOG_SOFTMAX": Self(2) { (node) throws(ModelError) in try node.softmax(isLogarithm: true) },

    // Two operands.
    "ADD": binary(5, .add, "AddOptions"),
    "SUB": binary(5, .subtract, "SubOptions"),
    "MUL": binary(7, .multiply, "MulOptions"),
    "DIV": binary(2, .divide, "DivOptions"),
    "MAXIMUM": binary(4, .maximum),
    "MINIMUM": binary(4, .minimum),
    "POW": binary(1, .power),
    "SQUARED_DIFFERENCE": binary(2, .squaredDifference),
    "FLOOR_DIV": binary(3, .floorDivide),
    "EQUAL": binary(4, .equal),
    "NOT_EQUAL": binary(3, .notEqual),
    "LESS": binary(3, .less),
    "LESS_EQUAL": binary(2, .lessOrEqual),
    "GREATER": binary(2, .greater),
    "GREATER_EQUAL": binary(3, .greaterOrEqual),
    "LOGICAL_AND": binary(1, .and),
    "LOGICAL_OR": binary(1, .or),
    "PRELU": Self(1) { (node) throws(ModelError) in try node.prelu() },
    "SELECT": Self(4) { (node) throws(ModelError) in try node.select(broadcasts: false) },
    "SELECT_V2": Self(2) { (node) throws(ModelError) in try node.select(broadcasts: true) },

    // One operand.
    "RELU": clamp(3, .relu),
    "RELU6": clamp(3, .relu6),
    "RELU_N1_TO_1": clamp(1, ClampRange(lower: -1, upper: 1)),
    "RELU_0_TO_1": clamp(1, ClampRange(lower: 0, upper: 1)),
    "LEAKY_RELU": Self(2, "LeakyReluOptions") { (node) throws(ModelError) in
      try node.unary(.leakyReLU(alpha: try node.floatOption("alpha")))
    },
    "GELU": Self(2, "GeluOptions") { (node) throws(ModelError) in
      try node.unary(.gelu(approximate: try node.boolOption("approximate")))
    },
    "ELU": unary(1, .elu(alpha: 1)),
    "HARD_SWISH": unary(1, .hardSwish),
    "LOGISTIC": unary(3, .sigmoid),
    "TANH": unary(3, .hyperbolicTangent),
    "EXP": unary(2, .exponential),
    "LOG": unary(2, .logarithm),
    "SQRT": unary(1, .squareRoot),
    "RSQRT": unary(2, .reciprocalSquareRoot),
    "SQUARE": unary(1, .square),
    "NEG": unary(1, .negate),
    "ABS": unary(5, .absolute),
    "SIGN": unary(2, .sign),
    "SIN": unary(1, .sine),
    "COS": unary(1, .cosine),
    "FLOOR": unary(1, .floor),
    "CEIL": unary(1, .ceiling),
    "ROUND": unary(1, .roundHalfToEven),
    "LOGICAL_NOT": unary(1, .not),

    // Shapes.
    "PAD": Self(4) { (node) throws(ModelError) in try node.pad(hasValue: false) },
    "PADV2": Self(4) { (node) throws(ModelError) in try node.pad(hasValue: true) },
    "MIRROR_PAD": Self(3, "MirrorPadOptions") { (node) throws(ModelError) in try node.mirrorPad() },
    "RESHAPE": Self(1, "ReshapeOptions") { (node) throws(ModelError) in try node.reshape() },
    "SQUEEZE": Self(2, "SqueezeOptions") { (node) throws(ModelError) in try node.squeeze() },
    "EXPAND_DIMS": Self(1) { (node) throws(ModelError) in try node.expandDimensions() },
    "TRANSPOSE": Self(6) { (node) throws(ModelError) in try node.transpose() },
    "CONCATENATION": Self(5, "ConcatenationOptions") { (node) throws(ModelError) in try node.concatenation() },
    "SPLIT": Self(4, "SplitOptions") { (node) throws(ModelError) in try node.split() },
    "SPLIT_V": Self(2, "SplitVOptions") { (node) throws(ModelError) in try node.splitIntoSizes() },
    "SLICE": Self(6) { (node) throws(ModelError) in try node.slice() },
    "STRIDED_SLICE": Self(8, "StridedSliceOptions") { (node) throws(ModelError) in try node.stridedSlice() },
    "GATHER": Self(7, "GatherOptions") { (node) throws(ModelError) in try node.gather() },
    "PACK": Self(4, "PackOptions") { (node) throws(ModelError) in try node.pack() },
    "UNPACK": Self(4, "UnpackOptions") { (node) throws(ModelError) in try node.unpack() },
    "TILE": Self(3) { (node) throws(ModelError) in try node.tile() },
    "BROADCAST_TO": Self(3, from: 2) { (node) throws(ModelError) in try node.broadcast() },
    "FILL": Self(4) { (node) throws(ModelError) in try node.fill() },
    "SHAPE": Self(1, "ShapeOptions") { (node) throws(ModelError) in try node.shapeOf() },
    "RESIZE_BILINEAR": Self(4, "ResizeBilinearOptions") { (node) throws(ModelError) in try node.resize(.bilinear) },
    "RESIZE_NEAREST_NEIGHBOR": Self(4, "ResizeNearestNeighborOptions") { (node) throws(ModelError) in
      try node.resize(.nearest)
    },
    "SPACE_TO_DEPTH": Self(2, "SpaceToDepthOptions") { (node) throws(ModelError) in try node.spaceToDepth() },
    "DEPTH_TO_SPACE": Self(2, "DepthToSpaceOptions") { (node) throws(ModelError) in try node.depthToSpace() },

    // Types.
    "CAST": Self(7, "CastOptions") { (node) throws(ModelError) in try node.cast() },
    "QUANTIZE": Self(4) { (node) throws(ModelError) in try node.quantize() },
    "DEQUANTIZE": Self(6) { (node) throws(ModelError) in try node.dequantize() },
    "DENSIFY": Self(1) { (node) throws(ModelError) in try node.densify() },
  ]
}
