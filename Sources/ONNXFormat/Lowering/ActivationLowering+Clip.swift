internal import ModelGraph

extension ActivationLowering {
  /// Clip: bounds as attributes before version 11, as inputs since; each may be absent.
  @Sendable static func clip(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    guard node.version >= 11 else {
      let lower = try bound(try node.attributes.float("min"), isLower: true)
      let upper = try bound(try node.attributes.float("max"), isLower: false)
      return try node.finish(.clamp(Clamp(ClampRange(lower: lower, upper: upper))), [x])
    }
    let elementType = try node.inputType(0).elementType
    if let lower = try constantBound(node, 1, elementType), let upper = try constantBound(node, 2, elementType) {
      return try node.finish(.clamp(Clamp(ClampRange(lower: lower.value, upper: upper.value))), [x])
    }
    // A bound that is computed, or that no float32 holds, stays an operand.
    var result = x
    let operands: [(Int, Binary.Function)] = [(1, .maximum), (2, .minimum)].filter { node.optionalInput($0.0) != nil }
    for (position, operand) in operands.enumerated() {
      let (index, function) = operand
      let other = try node.input(index)
      if position == operands.count - 1 { return try node.finish(.binary(Binary(function)), [result, other]) }
      result = try node.add(.binary(Binary(function)), [result, other], "\(function)")
    }
    try node.finish(.identity(Identity()), [result])
  }

  /// A bound as the range knows it: the end of the float32 numbers limits nothing.
  private static func bound(_ value: Float?, isLower: Bool) throws(ModelError) -> Float? {
    guard let value else { return nil }
    guard !value.isNaN else { throw ModelError(.malformed, "a bound is not a number") }
    return (isLower ? -value : value) >= Float.greatestFiniteMagnitude ? nil : value
  }

  /// The bound in input `index`, with nil for none; nil as a whole when it is computed, or no float32 holds it exactly.
  private static func constantBound(
    _ node: NodeLowering, _ index: Int, _ elementType: ElementType
  ) throws(ModelError) -> (value: Float?, Void)? {
    guard node.optionalInput(index) != nil else { return (nil, ()) }
    guard let tensor = node.constant(index) else { return nil }
    guard tensor.elementCount == 1 else {
      throw ModelError(.malformed, "a bound of \(tensor.elementCount) elements")
    }
    guard tensor.elementType == elementType else {
      throw ModelError(.malformed, "a bound of type \(tensor.elementType.name) for \(elementType.name)")
    }
    let exact = try tensor.doubles()[0]
    let value = Float(exact)
    guard exact.isNaN || Double(value) == exact else { return nil }
    return (try bound(value, isLower: index == 1), ())
  }
}
