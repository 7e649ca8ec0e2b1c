internal import ModelGraph

/// Operators on counts with their scales beside them: ONNX's two, and those that ONNX Runtime defines in `com.microsoft`.
///
/// Inputs come in threes: counts, scale, zero point. Source: ONNX `Operators.md`, ONNX Runtime `ContribOperators.md`.
enum QuantizedLowering {
  static let entries: [String: OperatorEntry] = [
    "QLinearConv": OperatorEntry(since: 10, inputs: 9) { (node) throws(ModelError) in
      try convolution(node, layout: .channelsFirst)
    },
    "QLinearMatMul": OperatorEntry(since: 10, inputs: 8, product),
  ]

  static let contributedEntries: [String: OperatorEntry] = [
    "QLinearConv": OperatorEntry(contributed: 9) { (node) throws(ModelError) in
      try convolution(node, layout: try layout(node))
    },
    "QGemm": OperatorEntry(contributed: 9, dense),
    "QLinearAdd": OperatorEntry(contributed: 8) { (node) throws(ModelError) in try binary(node, .add) },
    "QLinearMul": OperatorEntry(contributed: 8) { (node) throws(ModelError) in try binary(node, .multiply) },
    "QLinearConcat": OperatorEntry(contributed: .max, concatenation),
    "QLinearAveragePool": unary { (node) throws(ModelError) in
      .pool2D(try PoolLowering.operation(node, .average, layout: try layout(node)))
    },
    "QLinearGlobalAveragePool": unary { (node) throws(ModelError) in
      .globalPool(GlobalPool(.average, keepsAxes: true, layout: try layout(node)))
    },
    "QLinearReduceMean": unary(mean),
    "QLinearLeakyRelu": unary { (node) throws(ModelError) in
      .unary(Unary(.leakyReLU(alpha: try node.attributes.float("alpha", default: 0.01))))
    },
    "QLinearSigmoid": unary { (_) throws(ModelError) in .unary(Unary(.sigmoid)) },
    "QLinearSoftmax": unary(softmax),
  ]

  private static func layout(_ node: NodeLowering) throws(ModelError) -> Layout {
    try node.attributes.bool("channels_last", default: false) ? .channelsLast : .channelsFirst
  }

  // MARK: Sums of products

  private static func convolution(_ node: NodeLowering, layout: Layout) throws(ModelError) {
    var op = try ConvolutionLowering.operation(node, filter: 3)
    op.layout = layout
    try node.attributes.requireAllRead()
    let x = try node.quantizedInput(0, scale: 1, zeroPoint: 2, "the map")
    let filter = try node.quantizedInput(3, scale: 4, zeroPoint: 5, axis: 0, "the filter")
    var inputs: [ValueID?] = [x, filter]
    if let bias = node.optionalInput(8) { inputs.append(try node.quantizedBias(bias, x: x, weights: filter)) }
    let standard = try node.type(x).elementType
    try node.finish(.conv2D(op), inputs, output: try node.quantizedOutput(scale: 6, zeroPoint: 7, standard: standard))
  }

  /// The scale of b for the whole matrix or by column.
  @Sendable private static func product(_ node: NodeLowering) throws(ModelError) {
    try node.attributes.requireAllRead()
    let a = try node.quantizedInput(0, scale: 1, zeroPoint: 2, "the left factor")
    let b = try node.quantizedInput(3, scale: 4, zeroPoint: 5, axis: -1, "the right factor")
    let standard = try node.type(a).elementType
    try node.finish(
      .matMul(MatMul()), [a, b], output: try node.quantizedOutput(scale: 6, zeroPoint: 7, standard: standard))
  }

  /// Gemm with α = 1; C is a bias of one element a column.
  @Sendable private static func dense(_ node: NodeLowering) throws(ModelError) {
    guard try node.attributes.float("alpha", default: 1) == 1 else {
      throw ModelError(.unsupported, "a factor other than 1", context: [.attribute("alpha")])
    }
    guard try !node.attributes.bool("transA", default: false) else {
      throw ModelError(.unsupported, "a transposed left factor", context: [.attribute("transA")])
    }
    let transposesB = try node.attributes.bool("transB", default: false)
    try node.attributes.requireAllRead()
    guard node.optionalInput(7) != nil else { throw ModelError(.unsupported, "a product of counts as real numbers") }
    guard try node.dimensions(0).count == 2, try node.dimensions(3).count == 2 else {
      throw ModelError(.malformed, "factors that are no matrices")
    }
    let x = try node.quantizedInput(0, scale: 1, zeroPoint: 2, "the left factor")
    let weights = try node.quantizedInput(
      3, scale: 4, zeroPoint: 5, axis: transposesB ? 0 : 1, "the right factor")
    var inputs: [ValueID?] = [x, weights]
    if let c = node.optionalInput(6) {
      let outputs = try node.dimensions(3)[transposesB ? 0 : 1]
      var bias = c
      if let tensor = node.constant(6), let count = outputs.fixedValue, tensor.extents == [1, count] {
        bias = try node.reshapedConstant(c, to: [count], "bias")
      }
      guard try node.type(bias).shape.dimensions == [outputs] else {
        throw ModelError(.unsupported, "an addend of type \(try node.type(c)), which is no bias")
      }
      inputs.append(try node.quantizedBias(bias, x: x, weights: weights))
    }
    let op = FullyConnected(weightLayout: transposesB ? .outputInput : .inputOutput)
    let standard = try node.type(x).elementType
    try node.finish(
      .fullyConnected(op), inputs, output: try node.quantizedOutput(scale: 7, zeroPoint: 8, standard: standard))
  }

  // MARK: Elements

  private static func binary(_ node: NodeLowering, _ function: Binary.Function) throws(ModelError) {
    try node.attributes.requireAllRead()
    let a = try node.quantizedInput(0, scale: 1, zeroPoint: 2, "the left operand")
    let b = try node.quantizedInput(3, scale: 4, zeroPoint: 5, "the right operand")
    let standard = try node.type(a).elementType
    try node.finish(
      .binary(Binary(function)), [a, b],
      output: try node.quantizedOutput(scale: 6, zeroPoint: 7, standard: standard))
  }

  /// The output's scale comes first here.
  @Sendable private static func concatenation(_ node: NodeLowering) throws(ModelError) {
    let count = node.inputs.count
    guard count >= 5, (count - 2) % 3 == 0 else {
      throw ModelError(.malformed, "\(count) inputs, which are no scale, zero point and triples")
    }
    guard let stated = try node.attributes.int("axis") else {
      throw ModelError(.malformed, "the attribute is missing", context: [.attribute("axis")])
    }
    let axis = try node.axis(stated, rank: try node.dimensions(2).count)
    try node.attributes.requireAllRead()
    var parts: [ValueID?] = []
    for index in stride(from: 2, to: count, by: 3) {
      parts.append(
        try node.quantizedInput(index, scale: index + 1, zeroPoint: index + 2, "part \((index - 2) / 3)"))
    }
    let standard = try node.inputType(2).elementType
    try node.finish(
      .concat(Concat(axis: axis)), parts,
      output: try node.quantizedOutput(scale: 0, zeroPoint: 1, standard: standard))
  }

  /// An operator of one tensor: counts, scale, zero point, then scale and zero point of the output.
  private static func unary(
    _ operation: @escaping @Sendable (NodeLowering) throws(ModelError) -> Op
  ) -> OperatorEntry {
    OperatorEntry(contributed: 5) { (node) throws(ModelError) in
      let op = try operation(node)
      try node.attributes.requireAllRead()
      let x = try node.quantizedInput(0, scale: 1, zeroPoint: 2, "the input")
      let standard = try node.type(x).elementType
      try node.finish(op, [x], output: try node.quantizedOutput(scale: 3, zeroPoint: 4, standard: standard))
    }
  }

  @Sendable private static func mean(_ node: NodeLowering) throws(ModelError) -> Op {
    let rank = try node.dimensions(0).count
    guard let axes = try node.attributes.ints("axes") else {
      throw ModelError(.malformed, "the attribute is missing", context: [.attribute("axes")])
    }
    let keeps = try node.attributes.bool("keepdims", default: true)
    let reduced = axes.isEmpty ? Array(0..<rank) : try node.axes(axes, rank: rank)
    return .reduce(Reduce(.mean, axes: reduced, keepsAxes: keeps))
  }

  /// As Softmax of the version that an attribute names.
  @Sendable private static func softmax(_ node: NodeLowering) throws(ModelError) -> Op {
    guard let version = try node.attributes.int("opset") else {
      throw ModelError(.malformed, "the attribute is missing", context: [.attribute("opset")])
    }
    return .softmax(try ActivationLowering.softmaxOperation(node, version: version, isLogarithm: false))
  }
}
