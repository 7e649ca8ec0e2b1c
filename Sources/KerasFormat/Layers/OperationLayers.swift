import FormatSupport
import ModelGraph

/// Functions that stand in a functional model like layers: `TFOpLambda` (TensorFlow's functions in Keras 2) and the
/// operations of `keras.ops` (Keras 3).
enum OperationLayers {
  /// A TensorFlow function, by its name in the attribute `function`.
  static func tensorFlowFunction(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    let name = try call.attributes.string("function")
    guard let operation = tensorFlowNames[name] else {
      throw ModelError(.unsupported, "unknown TensorFlow function '\(name)'").within(.attribute("function"))
    }
    return try perform(operation, &lowering, call)
  }

  /// An operation of `keras.ops`, by its class.
  static func kerasOperation(_ lowering: inout ModelLowering, _ call: LayerCall) throws(ModelError) -> [ValueID] {
    guard let operation = kerasNames[call.layer.className] else {
      throw ModelError(.unsupported, "unknown operation '\(call.layer.className)'")
    }
    return try perform(operation, &lowering, call)
  }

  /// Whether `keras.ops` has an operation of this class.
  static func isOperation(_ className: String) -> Bool { kerasNames[className] != nil }

  private enum Operation {
    case binary(Binary.Function)
    case unary(Unary.Function)
    case activation(Activation)
    case reduce(Reduce.Function)
    case reshape, transpose, concatenate, expandDimensions, squeeze, identity
  }

  private static let tensorFlowNames: [String: Operation] = [
    "__operators__.add": .binary(.add), "math.add": .binary(.add), "add": .binary(.add),
    "math.subtract": .binary(.subtract), "subtract": .binary(.subtract), "__operators__.sub": .binary(.subtract),
    "math.multiply": .binary(.multiply), "multiply": .binary(.multiply), "__operators__.mul": .binary(.multiply),
    "math.truediv": .binary(.divide), "math.divide": .binary(.divide), "truediv": .binary(.divide),
    "realdiv": .binary(.divide), "RealDiv": .binary(.divide), "math.maximum": .binary(.maximum),
    "maximum": .binary(.maximum), "math.minimum": .binary(.minimum), "minimum": .binary(.minimum),
    "math.negative": .unary(.negate), "math.abs": .unary(.absolute), "math.square": .unary(.square),
    "math.sqrt": .unary(.squareRoot), "math.rsqrt": .unary(.reciprocalSquareRoot), "math.exp": .unary(.exponential),
    "math.log": .unary(.logarithm), "math.tanh": .unary(.hyperbolicTangent), "nn.tanh": .unary(.hyperbolicTangent),
    "math.sigmoid": .unary(.sigmoid), "nn.sigmoid": .unary(.sigmoid), "nn.silu": .unary(.silu),
    "nn.swish": .unary(.silu), "nn.relu": .activation(.clamp(.relu)), "nn.relu6": .activation(.clamp(.relu6)),
    "nn.softmax": .activation(.softmax(axis: -1, isLogarithm: false)), "math.reduce_mean": .reduce(.mean),
    "math.reduce_sum": .reduce(.sum), "math.reduce_max": .reduce(.maximum), "reshape": .reshape,
    "transpose": .transpose, "concat": .concatenate, "expand_dims": .expandDimensions, "squeeze": .squeeze,
    "identity": .identity, "stop_gradient": .identity,
  ]

  private static let kerasNames: [String: Operation] = [
    "Add": .binary(.add), "Subtract": .binary(.subtract), "Multiply": .binary(.multiply),
    "TrueDivide": .binary(.divide), "Divide": .binary(.divide), "Maximum": .binary(.maximum),
    "Minimum": .binary(.minimum), "Negative": .unary(.negate), "Absolute": .unary(.absolute), "Abs": .unary(.absolute),
    "Square": .unary(.square), "Sqrt": .unary(.squareRoot), "Rsqrt": .unary(.reciprocalSquareRoot),
    "Exp": .unary(.exponential), "Log": .unary(.logarithm), "Tanh": .unary(.hyperbolicTangent),
    "Sigmoid": .unary(.sigmoid), "Silu": .unary(.silu), "HardSilu": .unary(.hardSwish),
    "HardSwish": .unary(.hardSwish), "HardSigmoid": .unary(.hardSigmoid(alpha: 1 / 6, beta: 0.5)),
    "Softplus": .unary(.softplus), "Relu": .activation(.clamp(.relu)), "Relu6": .activation(.clamp(.relu6)),
    "Softmax": .activation(.softmax(axis: -1, isLogarithm: false)), "Mean": .reduce(.mean), "Sum": .reduce(.sum),
    "Max": .reduce(.maximum), "Reshape": .reshape, "Transpose": .transpose, "Concatenate": .concatenate,
    "ExpandDims": .expandDimensions, "Squeeze": .squeeze, "Identity": .identity, "StopGradient": .identity,
  ]

  private static func perform(
    _ operation: Operation, _ lowering: inout ModelLowering, _ call: LayerCall
  ) throws(ModelError) -> [ValueID] {
    var options = CallOptions(call)
    switch operation {
    case .binary(let function):
      let left = try options.argument(0, "x", "x1")
      let right = try options.argument(1, "y", "x2")
      try options.requireAllRead()
      let operands = [
        try lowering.operand(left, call, part: "left"), try lowering.operand(right, call, part: "right"),
      ]
      return [try lowering.emit(.binary(Binary(function)), operands, call)]
    case .unary(let function):
      let x = try options.tensor()
      try options.requireAllRead()
      return [try lowering.emit(.unary(Unary(function)), [x], call)]
    case .activation(let activation):
      let x = try options.tensor()
      var activation = activation
      if case .softmax(_, let isLogarithm) = activation, let axis = options.constant("axis")?.integerValue {
        activation = .softmax(axis: axis, isLogarithm: isLogarithm)
      }
      try options.requireAllRead()
      return [try lowering.emit(activation, of: x, call)]
    case .identity:
      return [try lowering.emit(.identity(Identity()), [try options.tensor()], call)]
    case .reduce(let function):
      let x = try options.tensor()
      let rank = try lowering.dimensions(x).count
      let axes = try options.axes(1, rank: rank) ?? Array(0..<rank)
      let keeps = options.constant("keepdims")?.boolValue ?? false
      try options.requireAllRead()
      return [
        try lowering.emit(.reduce(Reduce(function, axes: axes.sorted(), keepsAxes: keeps)), [x], call)
      ]
    case .reshape:
      let x = try options.tensor()
      let extents = try options.integers(1, "shape", "newshape")
      try options.requireAllRead()
      return [try lowering.emit(.reshape(Reshape(try target(extents))), [x], call)]
    case .transpose:
      let x = try options.tensor()
      let permutation = try options.integers(1, "perm", "axes")
      try options.requireAllRead()
      return [try lowering.emit(.transpose(Transpose(permutation)), [x], call)]
    case .concatenate:
      guard let first = call.inputs.first else { throw ModelError(.malformed, "nothing is joined") }
      let rank = try lowering.dimensions(first).count
      options.markTensorsRead()
      let axes = try options.axes(1, rank: rank) ?? [0]
      try options.requireAllRead()
      return [try lowering.emit(.concat(Concat(axis: axes[0])), call.inputs, call)]
    case .expandDimensions:
      let x = try options.tensor()
      let axes = try options.axes(1, rank: try lowering.dimensions(x).count + 1) ?? [0]
      try options.requireAllRead()
      return [try lowering.emit(.unsqueeze(Unsqueeze(axes: axes.sorted())), [x], call)]
    case .squeeze:
      let x = try options.tensor()
      guard let axes = try options.axes(1, rank: try lowering.dimensions(x).count) else {
        throw ModelError(.unsupported, "squeeze without axes")
      }
      try options.requireAllRead()
      return [try lowering.emit(.squeeze(Squeeze(axes: axes.sorted())), [x], call)]
    }
  }

  private static func target(_ extents: [Int]) throws(ModelError) -> [Reshape.Extent] {
    var target: [Reshape.Extent] = []
    for extent in extents {
      guard extent >= -1 else { throw ModelError(.malformed, "an extent of \(extent)") }
      target.append(extent == -1 ? .inferred : .fixed(extent))
    }
    return target
  }
}
