internal import ModelGraph

/// The steps between real numbers and counts, and the operators whose scales are found at run time.
enum QuantizationLowering {
  static let entries: [String: OperatorEntry] = [
    "QuantizeLinear": OperatorEntry(since: 10, inputs: 3) { (node) throws(ModelError) in
      try quantize(node, Since(node.version))
    },
    "DequantizeLinear": OperatorEntry(since: 10, inputs: 3) { (node) throws(ModelError) in
      try dequantize(node, Since(node.version))
    },
    "DynamicQuantizeLinear": OperatorEntry(since: 11) { (node) throws(ModelError) in
      try node.finish(.dynamicQuantize(DynamicQuantize()), [try node.input(0)])
    },
    "ConvInteger": OperatorEntry(since: 10, inputs: 4, integerConvolution),
    "MatMulInteger": OperatorEntry(since: 10, inputs: 4) { (node) throws(ModelError) in
      try node.finish(.integerMatMul(IntegerMatMul()), try operands(node))
    },
  ]

  /// ONNX Runtime's own spellings, which knew axes and 16-bit counts before ONNX did.
  static let contributedEntries: [String: OperatorEntry] = [
    "QuantizeLinear": OperatorEntry(contributed: 3) { (node) throws(ModelError) in try quantize(node, .contributed) },
    "DequantizeLinear": OperatorEntry(contributed: 3) { (node) throws(ModelError) in try dequantize(node, .contributed)
    },
  ]

  /// What the two operators know in a version.
  private struct Since {
    var hasAxis: Bool
    var hasSaturate: Bool
    var hasBlocks: Bool
    var hasPrecision: Bool
    var hasWideCounts: Bool

    init(_ version: Int) {
      hasAxis = version >= 13
      hasSaturate = version >= 19
      hasBlocks = version >= 21
      hasPrecision = version >= 23
      hasWideCounts = version >= 21
    }

    static let contributed: Since = {
      var since = Since(13)
      since.hasWideCounts = true
      return since
    }()

    /// - Throws: `.unsupported` for element types that are no counts here, or not yet in the version.
    func expectCounts(_ elementType: ElementType, _ others: ElementType...) throws(ModelError) {
      switch elementType {
      case .int8, .uint8: return
      case .int16 where hasWideCounts, .uint16 where hasWideCounts: return
      case let other where others.contains(other): return
      default: throw ModelError(.unsupported, "counts of type \(elementType.name)")
      }
    }
  }

  /// The axis of the scales; it matters where there is more than one.
  private static func axis(_ node: NodeLowering, _ since: Since) throws(ModelError) -> Int? {
    if since.hasBlocks {
      let blockSize = try node.attributes.int("block_size", default: 0)
      guard blockSize == 0 else {
        throw ModelError(.unsupported, "blocks of \(blockSize)", context: [.attribute("block_size")])
      }
    }
    return since.hasAxis ? try node.attributes.int("axis", default: 1) : nil
  }

  /// A type that an attribute names by its number; nil where it names none.
  private static func elementType(_ node: NodeLowering, _ name: String) throws(ModelError) -> ElementType? {
    guard let number = try node.attributes.int(name), number != 0 else { return nil }
    return try within(.attribute(name)) { () throws(ModelError) in
      try DataType(number: Int32(exactly: number) ?? -1).requireElementType()
    }
  }

  /// y = saturate(round(x / scale) + zero point).
  private static func quantize(_ node: NodeLowering, _ since: Since) throws(ModelError) {
    let x = try node.input(0)
    let axis = try axis(node, since)
    // Concerns 8-bit floating-point types alone, which are refused.
    if since.hasSaturate { node.attributes.ignore("saturate") }
    var target: ElementType?
    if since.hasBlocks { target = try elementType(node, "output_dtype") }
    if since.hasPrecision, let precision = try elementType(node, "precision"), precision != .float32 {
      throw ModelError(.unsupported, "a quotient of type \(precision.name)", context: [.attribute("precision")])
    }
    if let zeroPoint = node.optionalInput(2) {
      let own = try node.type(zeroPoint).elementType
      guard target == nil || target == own else {
        throw ModelError(
          .malformed, "a zero point of type \(own.name) for counts of type \(target?.name ?? "")",
          context: [.attribute("output_dtype")])
      }
      target = own
    }
    let elementType = target ?? .uint8
    try since.expectCounts(elementType)
    let type = try node.type(x)
    guard type.elementType == .float32 else {
      throw ModelError(.unsupported, "a quantization of \(type.elementType.name) elements")
    }
    let quantization = try node.quantization(
      scale: 1, zeroPoint: 2, of: TensorType(elementType, type.shape), axis: axis, "the output")
    try node.finish(.quantize(Quantize(to: elementType, quantization, roundsHalfToEven: true)), [x])
  }

  /// y = (x − zero point) · scale.
  private static func dequantize(_ node: NodeLowering, _ since: Since) throws(ModelError) {
    let x = try node.input(0)
    let axis = try axis(node, since)
    if since.hasPrecision, let target = try elementType(node, "output_dtype"), target != .float32 {
      throw ModelError(.unsupported, "real numbers of type \(target.name)", context: [.attribute("output_dtype")])
    }
    let type = try node.type(x)
    guard !type.elementType.isFloatingPoint else {
      throw ModelError(.malformed, "a dequantization of \(type.elementType.name) elements")
    }
    try since.expectCounts(type.elementType, .int32)
    let quantization = try node.quantization(scale: 1, zeroPoint: 2, of: type, axis: axis, "the input")
    try node.attributes.requireAllRead()
    try node.finish(.dequantize(Dequantize()), [try node.counts(x, as: quantization)])
  }

  @Sendable private static func integerConvolution(_ node: NodeLowering) throws(ModelError) {
    let op = try ConvolutionLowering.operation(node, filter: 1)
    try node.finish(.integerConv2D(IntegerConv2D(op)), try operands(node))
  }

  /// Two operands of counts and their zero points; absent ones at the end are left away.
  private static func operands(_ node: NodeLowering) throws(ModelError) -> [ValueID?] {
    var operands = [try node.input(0), try node.input(1), node.optionalInput(2), node.optionalInput(3)]
    while operands.last == .some(nil) { operands.removeLast() }
    return operands
  }
}
