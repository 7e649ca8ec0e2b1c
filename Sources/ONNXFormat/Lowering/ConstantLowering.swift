internal import ModelGraph

/// Constants, and operators that pass values on or change their element type.
enum ConstantLowering {
  static let entries: [String: OperatorEntry] = [
    "Constant": OperatorEntry(inputs: 0, constant),
    "ConstantOfShape": OperatorEntry(since: 9, constantOfShape),
    "Identity": OperatorEntry(identity),
    "Cast": OperatorEntry(cast),
    "CastLike": OperatorEntry(since: 15, inputs: 2, castLike),
  ]

  @Sendable private static func constant(_ node: NodeLowering) throws(ModelError) {
    try node.finish(constant: try content(node))
  }

  /// The one attribute that holds the content.
  private static func content(_ node: NodeLowering) throws(ModelError) -> Tensor {
    let names = ["value", "value_float", "value_floats", "value_int", "value_ints"].filter(node.attributes.contains)
    for name in ["sparse_value", "value_string", "value_strings"] where node.attributes.contains(name) {
      throw ModelError(.unsupported, "a constant of this kind", context: [.attribute(name)])
    }
    guard names.count == 1 else {
      throw ModelError(.malformed, names.isEmpty ? "no attribute holds a value" : "values in \(names)")
    }
    if let record = try node.attributes.tensor("value") {
      return try within(.attribute("value")) { () throws(ModelError) in try node.tensor(record) }
    }
    if names == ["value_float"], let value = try node.attributes.float("value_float") {
      return try Tensor([value], shape: [])
    }
    if names == ["value_int"], let value = try node.attributes.int("value_int") {
      return try Tensor([Int64(value)], shape: [])
    }
    if let values = try node.attributes.floats("value_floats") { return try Tensor(values, shape: [values.count]) }
    let values = try node.attributes.ints("value_ints") ?? []
    return try Tensor(values.map { Int64($0) }, shape: [values.count])
  }

  /// The value is a tensor of one element; without it, float32 zeros.
  @Sendable private static func constantOfShape(_ node: NodeLowering) throws(ModelError) {
    let shape = try node.input(0)
    var op = ConstantOfShape(.floating(0), elementType: .float32)
    if let record = try node.attributes.tensor("value") {
      let tensor = try node.tensor(record)
      guard tensor.elementCount == 1 else {
        throw ModelError(.malformed, "\(tensor.elementCount) elements", context: [.attribute("value")])
      }
      let value: Scalar =
        if tensor.elementType.isFloatingPoint { .floating(try tensor.doubles()[0]) } else {
          .integer(Int64(try tensor.integers()[0]))
        }
      op = ConstantOfShape(value, elementType: tensor.elementType)
    }
    // A shape that is constant makes a constant, of which one element is kept. Above the bound, writing it out would be
    // a danger that only an operator's own evaluation should run.
    if let extents = node.constant(0).flatMap({ try? $0.integers() }), let count = Shape.elementCount(of: extents),
      count <= largestSplat
    {
      return try node.finish(
        constant: try Tensor(type: TensorType(op.elementType, Shape(extents)), splat: op.value))
    }
    try node.finish(.constantOfShape(op), [shape])
  }

  private static let largestSplat = 1 << 28

  @Sendable private static func identity(_ node: NodeLowering) throws(ModelError) {
    try node.finish(.identity(Identity()), [try node.input(0)])
    // Exporters share weights through it.
    if let tensor = node.constant(0) { node.noteConstantOutput(tensor) }
  }

  @Sendable private static func cast(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    guard let number = try node.attributes.int("to") else {
      throw ModelError(.malformed, "the attribute is missing", context: [.attribute("to")])
    }
    // Both concern 8-bit floating-point types alone, which are refused.
    node.attributes.ignore("saturate", "round_mode")
    let elementType = try within(.attribute("to")) { () throws(ModelError) in
      try DataType(number: Int32(exactly: number) ?? -1).requireElementType()
    }
    try finishCast(node, x, to: elementType)
  }

  @Sendable private static func castLike(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    node.attributes.ignore("saturate", "round_mode")
    try finishCast(node, x, to: try node.inputType(1).elementType)
  }

  private static func finishCast(_ node: NodeLowering, _ x: ValueID, to elementType: ElementType) throws(ModelError) {
    let source = try node.type(x).elementType
    guard elementType != .string, source != .string else { throw ModelError(.unsupported, "conversions of strings") }
    try node.finish(.cast(Cast(to: elementType)), [x])
  }
}
