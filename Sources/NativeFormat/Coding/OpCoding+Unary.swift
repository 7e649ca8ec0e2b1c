import ModelGraph

extension Unary: FieldCoded {
  static var blank: Unary { Unary(.absolute) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("function", &function)
  }
}

extension Unary.Function: FieldCoded {
  static var blank: Unary.Function { .absolute }

  /// The functions without parameters, under the names that the format gives them.
  private static let plain: [(name: String, function: Unary.Function)] = [
    ("absolute", .absolute), ("negate", .negate), ("exponential", .exponential), ("logarithm", .logarithm),
    ("squareRoot", .squareRoot), ("reciprocalSquareRoot", .reciprocalSquareRoot), ("reciprocal", .reciprocal),
    ("square", .square), ("floor", .floor), ("ceiling", .ceiling), ("roundHalfToEven", .roundHalfToEven),
    ("sign", .sign), ("sine", .sine), ("cosine", .cosine), ("errorFunction", .errorFunction), ("sigmoid", .sigmoid),
    ("hyperbolicTangent", .hyperbolicTangent), ("softplus", .softplus), ("softsign", .softsign), ("silu", .silu),
    ("hardSwish", .hardSwish), ("not", .not),
  ]

  private var kind: String {
    switch self {
    case .hardSigmoid: "hardSigmoid"
    case .leakyReLU: "leakyReLU"
    case .elu: "elu"
    case .selu: "selu"
    case .gelu: "gelu"
    case .thresholdedReLU: "thresholdedReLU"
    case .absolute, .negate, .exponential, .logarithm, .squareRoot, .reciprocalSquareRoot, .reciprocal, .square,
      .floor, .ceiling, .roundHalfToEven, .sign, .sine, .cosine, .errorFunction, .sigmoid, .hyperbolicTangent,
      .softplus, .softsign, .silu, .hardSwish, .not:
      Self.plain.first { $0.function == self }?.name ?? ""
    }
  }

  /// The parameters in the order of the case's labels.
  private var parameters: (first: Float, second: Float) {
    switch self {
    case .hardSigmoid(let alpha, let beta): (alpha, beta)
    case .selu(let alpha, let gamma): (alpha, gamma)
    case .leakyReLU(let parameter), .elu(let parameter), .thresholdedReLU(let parameter): (parameter, 0)
    default: (0, 0)
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    var (first, second) = parameters
    switch kind {
    case "hardSigmoid":
      try fields.code("alpha", &first)
      try fields.code("beta", &second)
      self = .hardSigmoid(alpha: first, beta: second)
    case "leakyReLU":
      try fields.code("alpha", &first)
      self = .leakyReLU(alpha: first)
    case "elu":
      try fields.code("alpha", &first)
      self = .elu(alpha: first)
    case "selu":
      try fields.code("alpha", &first)
      try fields.code("gamma", &second)
      self = .selu(alpha: first, gamma: second)
    case "gelu":
      var approximate = if case .gelu(let approximate) = self { approximate } else { false }
      try fields.code("approximate", &approximate)
      self = .gelu(approximate: approximate)
    case "thresholdedReLU":
      try fields.code("theta", &first)
      self = .thresholdedReLU(theta: first)
    default:
      guard let match = Self.plain.first(where: { $0.name == kind }) else { throw unknownKind(kind) }
      self = match.function
    }
  }
}
