internal import ModelGraph

/// Functions of two and more operands.
enum ArithmeticLowering {
  static let entries: [String: OperatorEntry] = {
    var entries: [String: OperatorEntry] = [
      "Pow": OperatorEntry(inputs: 2, power),
      "Where": OperatorEntry(since: 9, inputs: 3) { (node) throws(ModelError) in
        try node.finish(.select(Select()), [try node.input(0), try node.input(1), try node.input(2)])
      },
      "Mean": OperatorEntry(inputs: .max, mean),
    ]
    let binary: [(String, Int, Binary.Function)] = [
      ("Add", 6, .add), ("Sub", 6, .subtract), ("Mul", 6, .multiply), ("Div", 6, .divide), ("And", 6, .and),
      ("Or", 6, .or), ("Equal", 6, .equal), ("Less", 6, .less), ("Greater", 6, .greater),
      ("LessOrEqual", 12, .lessOrEqual), ("GreaterOrEqual", 12, .greaterOrEqual),
    ]
    for (name, since, function) in binary {
      entries[name] = OperatorEntry(since: since, inputs: 2) { (node) throws(ModelError) in
        try node.finish(.binary(Binary(function)), try operands(node))
      }
    }
    for (name, function) in [("Sum", Binary.Function.add), ("Max", .maximum), ("Min", .minimum)] {
      entries[name] = OperatorEntry(inputs: .max) { (node) throws(ModelError) in
        let inputs = try node.allInputs()
        guard inputs.count > 1 else { return try node.finish(.identity(Identity()), inputs) }
        let (left, right) = try chain(node, function, inputs)
        try node.finish(.binary(Binary(function)), [left, right])
      }
    }
    return entries
  }()

  /// Both operands; before version 7 the second is aligned by attributes.
  private static func operands(_ node: NodeLowering) throws(ModelError) -> [ValueID] {
    let a = try node.input(0)
    let b = try node.input(1)
    guard node.version < 7 else { return [a, b] }
    let broadcasts = try node.attributes.bool("broadcast", default: false)
    let stated = try node.attributes.int("axis")
    guard broadcasts, let stated else { return [a, b] }
    let rank = try node.dimensions(0).count
    let extents = try node.dimensions(1)
    let axis = try node.axis(stated, rank: max(rank, 1))
    let trailing = rank - axis - extents.count
    guard trailing >= 0 else {
      throw ModelError(.malformed, "axis \(axis) for operands of \(rank) and \(extents.count) axes")
    }
    if trailing == 0 { return [a, b] }
    if let constant = node.constant(1) {
      let shape = constant.extents + [Int](repeating: 1, count: trailing)
      return [a, try node.reshapedConstant(b, to: shape, "operand")]
    }
    let added = Array(extents.count..<(extents.count + trailing))
    return [a, try node.add(.unsqueeze(Unsqueeze(axes: added)), [b], "operand")]
  }

  /// Folds all but the last operand from the left; the caller adds the last step.
  private static func chain(
    _ node: NodeLowering, _ function: Binary.Function, _ inputs: [ValueID]
  ) throws(ModelError) -> (ValueID, ValueID) {
    var result = inputs[0]
    for index in 1..<(inputs.count - 1) {
      result = try node.add(.binary(Binary(function)), [result, inputs[index]], "\(function).\(index)")
    }
    return (result, inputs[inputs.count - 1])
  }

  /// The sum of all operands divided by their number.
  @Sendable private static func mean(_ node: NodeLowering) throws(ModelError) {
    let inputs = try node.allInputs()
    guard inputs.count > 1 else { return try node.finish(.identity(Identity()), inputs) }
    let elementType = try node.inputType(0).elementType
    let (left, right) = try chain(node, .add, inputs)
    let sum = try node.add(.binary(Binary(.add)), [left, right], "sum")
    let count = try Tensor(type: TensorType(elementType, .scalar), splat: .floating(Double(inputs.count)))
    try node.finish(.binary(Binary(.divide)), [sum, node.addConstant(try count.densified(), "count")])
  }

  /// Since version 12 the exponent may be of another type than the base, which the result keeps.
  @Sendable private static func power(_ node: NodeLowering) throws(ModelError) {
    let operands = try operands(node)
    let base = try node.type(operands[0]).elementType
    let exponent = try node.type(operands[1]).elementType
    guard base != exponent else { return try node.finish(.binary(Binary(.power)), operands) }
    guard base.isFloatingPoint else {
      throw ModelError(.unsupported, "\(base.name) to the power of \(exponent.name)")
    }
    if let constant = node.constant(1), exponent.isInteger || exponent.isFloatingPoint, base == .float32 {
      try node.spend(on: constant, width: MemoryLayout<Float>.size)
      let converted = try Tensor(try constant.floats(), shape: constant.extents)
      return try node.finish(.binary(Binary(.power)), [operands[0], node.addConstant(converted, "exponent")])
    }
    let cast = try node.add(.cast(Cast(to: base)), [operands[1]], "exponent")
    try node.finish(.binary(Binary(.power)), [operands[0], cast])
  }
}
