import FormatSupport
import ModelGraph

/// A function that a layer applies to its output, or is.
enum Activation: Hashable {
  case linear
  case clamp(ClampRange)
  case unary(Unary.Function)
  case softmax(axis: Int, isLogarithm: Bool)
  /// x · tanh(ln(1 + eˣ)); arXiv:1908.08681.
  case mish
  /// ln(1 / (1 + e⁻ˣ))
  case logSigmoid
  /// x − tanh x
  case tanhShrink
  /// min(max(x where x > threshold, 0), maximum) − slope · max(threshold − x, 0).
  case rectifier(slope: Float, maximum: Float?, threshold: Float)

  /// The range that a preceding operator can clamp its output to instead; nil for every other function.
  var outputClamp: ClampRange? {
    switch self {
    case .linear: .unbounded
    case .clamp(let range): range
    default: nil
    }
  }

  /// What is left to do behind an operator that clamps its output where it can.
  var behindClamp: Activation { outputClamp == nil ? self : .linear }

  /// The name of the node within its layer.
  var partName: String {
    switch self {
    case .linear: "linear"
    case .clamp: "clamp"
    case .softmax: "softmax"
    default: "activation"
    }
  }

  /// The activation of an attribute: a name, a function or layer in an object, or null.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`) for a function that Ferry does not know, and for Python code.
  init(_ value: JSONValue?, version: KerasVersion) throws(ModelError) {
    guard let value, !value.isNull else {
      self = .linear
      return
    }
    if let name = value.stringValue {
      self = try Self.named(name, version: version)
    } else if let object = value.objectValue {
      self = try Self.described(object, version: version)
    } else {
      throw ModelError(.unsupported, "an activation that is Python code", hint: "Ferry never executes code of a file")
        .within(.attribute("activation"))
    }
  }

  private static func described(
    _ object: [String: JSONValue], version: KerasVersion
  ) throws(ModelError) -> Activation {
    let className = ConfigParser.plainClassName(object["class_name"]?.stringValue ?? "")
    // A function: {"class_name": "function", "config": "relu6"}; a layer: {"class_name": "ReLU", "config": {…}}.
    if let name = object["config"]?.stringValue { return try named(name, version: version) }
    guard let config = object["config"]?.objectValue else {
      return try named(className, version: version)
    }
    let attributes = AttributeReader(config)
    attributes.ignore("name", "trainable", "dtype")
    let activation = try layer(className, attributes, version: version)
    guard let activation else {
      throw ModelError(.unsupported, "unknown activation '\(className)'").within(.attribute("activation"))
    }
    try attributes.requireNothingOfMeaningUnread(of: config)
    return activation
  }

  /// The activation that a layer of this class is; nil where the class is no activation without weights.
  static func layer(
    _ className: String, _ attributes: AttributeReader<JSONValue>, version: KerasVersion
  ) throws(ModelError) -> Activation? {
    switch className {
    case "Activation": return try Activation(attributes["activation"], version: version)
    case "ReLU":
      return simplified(
        slope: try attributes.float("negative_slope", default: 0),
        maximum: try attributes.optionalReal("max_value").map(Float.init),
        threshold: try attributes.float("threshold", default: 0))
    case "LeakyReLU":
      // `alpha` until Keras 3, which calls it `negative_slope`.
      let alpha = try attributes.optionalReal("alpha")
      let slope = try attributes.optionalReal("negative_slope") ?? alpha ?? 0.3
      return .unary(.leakyReLU(alpha: Float(slope)))
    case "ELU": return .unary(.elu(alpha: try attributes.float("alpha", default: 1)))
    case "ThresholdedReLU": return .unary(.thresholdedReLU(theta: try attributes.float("theta", default: 1)))
    default: return nil
    }
  }

  /// Keras's `relu(x, negative_slope, max_value, threshold)`, as simply as the numbers allow.
  private static func simplified(slope: Float, maximum: Float?, threshold: Float) -> Activation {
    switch (slope, maximum, threshold) {
    case (0, _, 0): .clamp(ClampRange(lower: 0, upper: maximum))
    case (_, nil, 0): .unary(.leakyReLU(alpha: slope))
    case (0, nil, _): .unary(.thresholdedReLU(theta: threshold))
    default: .rectifier(slope: slope, maximum: maximum, threshold: threshold)
    }
  }

  /// The function of a name, as `keras.activations` and the well-known custom objects define it.
  static func named(_ fullName: String, version: KerasVersion) throws(ModelError) -> Activation {
    switch ConfigParser.plainClassName(fullName) {
    case "linear", "": return .linear
    case "relu", "ReLU": return .clamp(.relu)
    case "relu6", "relu_6", "ReLU6", "Relu6": return .clamp(.relu6)
    case "sigmoid": return .unary(.sigmoid)
    case "tanh": return .unary(.hyperbolicTangent)
    case "softmax": return .softmax(axis: -1, isLogarithm: false)
    case "log_softmax": return .softmax(axis: -1, isLogarithm: true)
    case "softplus": return .unary(.softplus)
    case "softsign": return .unary(.softsign)
    case "exponential": return .unary(.exponential)
    case "elu", "celu": return .unary(.elu(alpha: 1))
    case "selu": return .unary(.selu(alpha: 1.67326324, gamma: 1.05070098))
    case "swish", "silu", "Swish": return .unary(.silu)
    case "hard_swish", "hard_silu", "h_swish", "hswish", "HardSwish": return .unary(.hardSwish)
    case "hard_sigmoid":
      // Keras 3 made it relu6(x + 3) / 6; it was max(0, min(1, 0.2 · x + 0.5)).
      return .unary(
        version.major >= 3 ? .hardSigmoid(alpha: 1 / 6, beta: 0.5) : .hardSigmoid(alpha: 0.2, beta: 0.5))
    case "h_sigmoid", "hsigmoid": return .unary(.hardSigmoid(alpha: 1 / 6, beta: 0.5))
    case "hard_tanh": return .clamp(ClampRange(lower: -1, upper: 1))
    case "gelu": return .unary(.gelu(approximate: false))
    case "leaky_relu": return .unary(.leakyReLU(alpha: 0.2))
    case "mish": return .mish
    case "log_sigmoid": return .logSigmoid
    case "tanh_shrink": return .tanhShrink
    case let name:
      throw ModelError(.unsupported, "unknown activation '\(name)'").within(.attribute("activation"))
    }
  }
}

extension ModelLowering {
  /// Adds the nodes of an activation.
  mutating func emit(
    _ activation: Activation, of x: ValueID, _ call: LayerCall, part: String? = nil
  ) throws(ModelError) -> ValueID {
    switch activation {
    case .linear: return try emit(.identity(Identity()), [x], call, part: part)
    case .clamp(let range): return try emit(.clamp(Clamp(range)), [x], call, part: part)
    case .unary(let function): return try emit(.unary(Unary(function)), [x], call, part: part)
    case .softmax(let axis, let isLogarithm):
      let rank = try dimensions(x).count
      guard axis >= -rank, axis < rank else {
        throw ModelError(.malformed, "axis \(axis) of a tensor with \(rank) axes")
      }
      let softmax = Softmax(axis: axis < 0 ? axis + rank : axis, isLogarithm: isLogarithm)
      return try emit(.softmax(softmax), [x], call, part: part)
    case .mish:
      let softplus = try emit(.unary(Unary(.softplus)), [x], call, part: "softplus", isResult: false)
      let tanh = try emit(.unary(Unary(.hyperbolicTangent)), [softplus], call, part: "tanh", isResult: false)
      return try emit(.binary(Binary(.multiply)), [x, tanh], call, part: part)
    case .logSigmoid:
      let negative = try emit(.unary(Unary(.negate)), [x], call, part: "negate", isResult: false)
      let softplus = try emit(.unary(Unary(.softplus)), [negative], call, part: "softplus", isResult: false)
      return try emit(.unary(Unary(.negate)), [softplus], call, part: part)
    case .tanhShrink:
      let tanh = try emit(.unary(Unary(.hyperbolicTangent)), [x], call, part: "tanh", isResult: false)
      return try emit(.binary(Binary(.subtract)), [x, tanh], call, part: part)
    case .rectifier(let slope, let maximum, let threshold):
      let passed: Op = threshold == 0 ? .clamp(Clamp(.relu)) : .unary(Unary(.thresholdedReLU(theta: threshold)))
      var positive = try emit(passed, [x], call, part: "positive", isResult: false)
      if let maximum {
        let range = ClampRange(lower: 0, upper: maximum)
        positive = try emit(.clamp(Clamp(range)), [positive], call, part: "maximum", isResult: slope == 0)
      }
      guard slope != 0 else { return positive }
      let limit = try scalar(threshold, call, part: "threshold")
      let below = try emit(
        .binary(Binary(.subtract, outputClamp: .relu)), [limit, x], call, part: "below", isResult: false)
      let factor = try scalar(slope, call, part: "slope")
      let negative = try emit(.binary(Binary(.multiply)), [below, factor], call, part: "negative", isResult: false)
      return try emit(.binary(Binary(.subtract)), [positive, negative], call, part: part)
    }
  }
}
