internal import ModelGraph

/// MatMul and Gemm.
enum MatrixLowering {
  static let entries: [String: OperatorEntry] = [
    "MatMul": OperatorEntry(inputs: 2) { (node) throws(ModelError) in
      try node.finish(.matMul(MatMul()), [try node.input(0), try node.input(1)])
    },
    "Gemm": OperatorEntry(inputs: 3, gemm),
  ]

  /// α · A′ · B′ + β · C, A′ and B′ transposed where stated, C broadcast to the product.
  @Sendable private static func gemm(_ node: NodeLowering) throws(ModelError) {
    let a = try node.input(0)
    let b = try node.input(1)
    let c = node.optionalInput(2)
    let alpha = try node.attributes.float("alpha", default: 1)
    let beta = try node.attributes.float("beta", default: 1)
    let transposesA = try node.attributes.bool("transA", default: false)
    let transposesB = try node.attributes.bool("transB", default: false)
    // Before version 7, C broadcasts only where stated; a smaller C without it would be an error, not another result.
    if node.version < 7 { node.attributes.ignore("broadcast") }
    guard try node.dimensions(0).count == 2, try node.dimensions(1).count == 2 else {
      throw ModelError(.malformed, "factors that are no matrices")
    }
    if alpha == 1, beta == 1, !transposesA, node.isStatic(1) {
      let op = Op.fullyConnected(FullyConnected(weightLayout: transposesB ? .outputInput : .inputOutput))
      guard let c else { return try node.finish(op, [a, b]) }
      if let bias = try vectorBias(node, c, transposesB) { return try node.finish(op, [a, b, bias]) }
    }
    let product = Op.matMul(MatMul(transposesA: transposesA, transposesB: transposesB))
    let scalesProduct = alpha != 1
    guard scalesProduct || c != nil else { return try node.finish(product, [a, b]) }
    var result = try node.add(product, [a, b], "product")
    if scalesProduct {
      let operands = [result, try scalar(node, alpha, "alpha")]
      guard c != nil else { return try node.finish(.binary(Binary(.multiply)), operands) }
      result = try node.add(.binary(Binary(.multiply)), operands, "scaled")
    }
    guard var addend = c else { return }
    if beta != 1 {
      addend = try node.add(.binary(Binary(.multiply)), [addend, try scalar(node, beta, "beta")], "addend")
    }
    try node.finish(.binary(Binary(.add)), [result, addend])
  }

  private static func scalar(_ node: NodeLowering, _ value: Float, _ part: String) throws(ModelError) -> ValueID {
    let elementType = try node.inputType(0).elementType
    let tensor = try Tensor(type: TensorType(elementType, .scalar), splat: .floating(Double(value)))
    return node.addConstant(try tensor.densified(), part)
  }

  /// C as a bias with one element for each output; nil where it is of another shape or not known.
  private static func vectorBias(
    _ node: NodeLowering, _ c: ValueID, _ transposesB: Bool
  ) throws(ModelError) -> ValueID? {
    let outputs = try node.dimensions(1)[transposesB ? 0 : 1].fixedValue
    guard let outputs, let dimensions = try node.type(c).shape.dimensions else { return nil }
    if dimensions == [.fixed(outputs)] { return c }
    guard dimensions == [1, .fixed(outputs)], node.constant(2) != nil else { return nil }
    return try node.reshapedConstant(c, to: [outputs], "bias")
  }
}
