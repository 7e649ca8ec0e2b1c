internal import ModelGraph

/// Functions of one element.
enum ActivationLowering {
  static let entries: [String: OperatorEntry] = {
    var entries: [String: OperatorEntry] = [
      "Relu": OperatorEntry { (node) throws(ModelError) in
        try node.finish(.clamp(Clamp(.relu)), [try node.input(0)])
      },
      "Clip": OperatorEntry(inputs: 3, earlier: .init(before: 11, inputs: 1), clip),
      "PRelu": OperatorEntry(inputs: 2, prelu),
      "Celu": OperatorEntry(since: 12, celu),
      "Mish": OperatorEntry(since: 18, mish),
      "Softmax": OperatorEntry { (node) throws(ModelError) in try softmax(node, isLogarithm: false) },
      "LogSoftmax": OperatorEntry { (node) throws(ModelError) in try softmax(node, isLogarithm: true) },
      "LeakyRelu": unary { (node) throws(ModelError) in
        .leakyReLU(alpha: try node.attributes.float("alpha", default: 0.01))
      },
      "Elu": unary { (node) throws(ModelError) in .elu(alpha: try node.attributes.float("alpha", default: 1)) },
      "Selu": unary { (node) throws(ModelError) in
        .selu(
          alpha: try node.attributes.float("alpha", default: 1.673_263_2),
          gamma: try node.attributes.float("gamma", default: 1.050_701))
      },
      "HardSigmoid": unary { (node) throws(ModelError) in
        .hardSigmoid(
          alpha: try node.attributes.float("alpha", default: 0.2), beta: try node.attributes.float("beta", default: 0.5)
        )
      },
      "ThresholdedRelu": unary(since: 10) { (node) throws(ModelError) in
        .thresholdedReLU(theta: try node.attributes.float("alpha", default: 1))
      },
      "Gelu": unary(since: 20) { (node) throws(ModelError) in
        .gelu(
          approximate: try node.attributes.choice("approximate", default: "none", ["none": false, "tanh": true]))
      },
      "Swish": unary(since: 24) { (node) throws(ModelError) in
        guard try node.attributes.float("alpha", default: 1) == 1 else {
          throw ModelError(.unsupported, "a factor other than 1", context: [.attribute("alpha")])
        }
        return .silu
      },
    ]
    for (name, since, function) in plain {
      entries[name] = unary(since: since) { (_) throws(ModelError) in function }
    }
    return entries
  }()

  /// Functions without attributes, and the version that brought them.
  private static let plain: [(String, Int, Unary.Function)] = [
    ("Abs", 6, .absolute), ("Neg", 6, .negate), ("Exp", 6, .exponential), ("Log", 6, .logarithm),
    ("Sqrt", 6, .squareRoot), ("Reciprocal", 6, .reciprocal), ("Floor", 6, .floor), ("Ceil", 6, .ceiling),
    ("Round", 11, .roundHalfToEven), ("Sign", 9, .sign), ("Sin", 7, .sine), ("Cos", 7, .cosine),
    ("Erf", 9, .errorFunction), ("Sigmoid", 6, .sigmoid), ("Tanh", 6, .hyperbolicTangent), ("Softplus", 6, .softplus),
    ("Softsign", 6, .softsign), ("HardSwish", 14, .hardSwish), ("Not", 6, .not),
  ]

  private static func unary(
    since: Int = 6, _ function: @escaping @Sendable (NodeLowering) throws(ModelError) -> Unary.Function
  ) -> OperatorEntry {
    OperatorEntry(since: since) { (node) throws(ModelError) in
      try node.finish(.unary(Unary(try function(node))), [try node.input(0)])
    }
  }

  /// max(0, x) + min(0, α (e^(x/α) − 1)), which for α = 1 is Elu.
  @Sendable private static func celu(_ node: NodeLowering) throws(ModelError) {
    guard try node.attributes.float("alpha", default: 1) == 1 else {
      throw ModelError(.unsupported, "a factor other than 1", context: [.attribute("alpha")])
    }
    try node.finish(.unary(Unary(.elu(alpha: 1))), [try node.input(0)])
  }

  /// x · tanh(softplus(x)), ONNX Mish.
  @Sendable private static func mish(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let softplus = try node.add(.unary(Unary(.softplus)), [x], "softplus")
    let tanh = try node.add(.unary(Unary(.hyperbolicTangent)), [softplus], "tanh")
    try node.finish(.binary(Binary(.multiply)), [x, tanh])
  }

  @Sendable private static func prelu(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    var slope = try node.input(1)
    // Before version 7 a vector of slopes goes along the channels.
    if node.version < 7, let tensor = node.constant(1), tensor.elementCount > 1, tensor.extents.count == 1 {
      let rank = try node.dimensions(0).count
      slope = try node.reshapedConstant(
        slope, to: tensor.extents + [Int](repeating: 1, count: max(rank - 2, 0)), "slope")
    }
    try node.finish(.prelu(PReLU()), [x, slope])
  }

  @Sendable private static func softmax(_ node: NodeLowering, isLogarithm: Bool) throws(ModelError) {
    let op = try softmaxOperation(node, version: node.version, isLogarithm: isLogarithm)
    try node.finish(.softmax(op), [try node.input(0)])
  }

  /// Softmax of a version of ONNX's operator set.
  static func softmaxOperation(
    _ node: NodeLowering, version: Int, isLogarithm: Bool
  ) throws(ModelError) -> Softmax {
    let rank = try node.dimensions(0).count
    // Before version 13 all axes from `axis` on are normalized as one.
    let covers = version < 13
    let stated = try node.attributes.int("axis", default: covers ? 1 : -1)
    let axis = covers && stated == rank ? max(rank - 1, 0) : try node.axis(stated, rank: rank)
    guard !(covers && stated == rank) else { throw ModelError(.unsupported, "a softmax over no axis") }
    return Softmax(axis: axis, isLogarithm: isLogarithm, coversTrailingAxes: covers && axis < rank - 1)
  }
}
