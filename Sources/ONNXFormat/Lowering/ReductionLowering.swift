internal import ModelGraph

/// Reductions over axes.
enum ReductionLowering {
  static let entries: [String: OperatorEntry] = {
    let functions: [(String, Reduce.Function)] = [
      ("ReduceMean", .mean), ("ReduceSum", .sum), ("ReduceMax", .maximum), ("ReduceMin", .minimum),
      ("ReduceProd", .product), ("ReduceL1", .absoluteSum), ("ReduceL2", .euclideanNorm),
      ("ReduceSumSquare", .sumOfSquares),
    ]
    var entries: [String: OperatorEntry] = [
      "ArgMax": OperatorEntry { (node) throws(ModelError) in try argExtremum(node, .maximum) },
      "ArgMin": OperatorEntry { (node) throws(ModelError) in try argExtremum(node, .minimum) },
      "ReduceLogSum": OperatorEntry(inputs: 2, logarithmOfSum),
    ]
    for (name, function) in functions {
      entries[name] = OperatorEntry(inputs: 2) { (node) throws(ModelError) in
        let x = try node.input(0)
        guard let op = try reduction(node, function) else { return try node.finish(.identity(Identity()), [x]) }
        try node.finish(.reduce(op), [x])
      }
    }
    return entries
  }()

  /// The reduction, or nil where nothing is reduced.
  ///
  /// Axes are an attribute before version 18 (of ReduceSum before 13) and an input since; none mean all.
  private static func reduction(_ node: NodeLowering, _ function: Reduce.Function) throws(ModelError) -> Reduce? {
    let keepsAxes = try node.attributes.bool("keepdims", default: true)
    let takesInput = node.version >= (node.record.operatorType == "ReduceSum" ? 13 : 18)
    guard takesInput || node.optionalInput(1) == nil else { throw ModelError(.malformed, "a second input") }
    let stated = takesInput ? try node.integers(1, "axes") : try node.attributes.ints("axes")
    let rank = try node.dimensions(0).count
    if takesInput, try node.attributes.bool("noop_with_empty_axes", default: false), (stated ?? []).isEmpty {
      // Functions that change an element on its own do so here too, by the later wording of ONNX.
      switch function {
      case .mean, .sum, .maximum, .minimum, .product: return nil
      case .euclideanNorm, .sumOfSquares, .absoluteSum:
        throw ModelError(.unsupported, "a reduction over no axis", context: [.attribute("noop_with_empty_axes")])
      }
    }
    let axes = (stated ?? []).isEmpty ? Array(0..<rank) : try node.axes(stated ?? [], rank: rank)
    return Reduce(function, axes: axes, keepsAxes: keepsAxes)
  }

  @Sendable private static func logarithmOfSum(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    var sum = x
    if let op = try reduction(node, .sum) { sum = try node.add(.reduce(op), [x], "sum") }
    try node.finish(.unary(Unary(.logarithm)), [sum])
  }

  private static func argExtremum(_ node: NodeLowering, _ kind: ArgExtremum.Kind) throws(ModelError) {
    let x = try node.input(0)
    let rank = try node.dimensions(0).count
    let axis = try node.axis(try node.attributes.int("axis", default: 0), rank: rank)
    let keepsAxis = try node.attributes.bool("keepdims", default: true)
    let takesLast = node.version >= 12 ? try node.attributes.bool("select_last_index", default: false) : false
    try node.finish(.argExtremum(ArgExtremum(kind, axis: axis, keepsAxis: keepsAxis, takesLast: takesLast)), [x])
  }
}
