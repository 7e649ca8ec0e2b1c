internal import ModelGraph

/// Pools over windows and over whole maps.
enum PoolLowering {
  static let entries: [String: OperatorEntry] = [
    "MaxPool": OperatorEntry { (node) throws(ModelError) in try pool(node, .maximum) },
    "AveragePool": OperatorEntry { (node) throws(ModelError) in try pool(node, .average) },
    "GlobalMaxPool": OperatorEntry { (node) throws(ModelError) in try globalPool(node, .maximum, .maximum) },
    "GlobalAveragePool": OperatorEntry { (node) throws(ModelError) in try globalPool(node, .average, .mean) },
  ]

  private static func pool(_ node: NodeLowering, _ kind: Pool2D.Kind) throws(ModelError) {
    try node.finish(.pool2D(try operation(node, kind)), [try node.input(0)])
  }

  /// The pool that the attributes describe.
  static func operation(
    _ node: NodeLowering, _ kind: Pool2D.Kind, layout: Layout = .channelsFirst
  ) throws(ModelError) -> Pool2D {
    guard let kernel = try node.attributes.ints("kernel_shape") else {
      throw ModelError(.malformed, "the attribute is missing", context: [.attribute("kernel_shape")])
    }
    let window = try WindowAttributes(node)
    var countsPadding = false
    if kind == .average {
      countsPadding = try node.attributes.bool("count_include_pad", default: false)
    } else {
      // The order of the indices in the second output, which is refused where it is used.
      node.attributes.ignore("storage_order")
    }
    return Pool2D(
      kind, kernel: try WindowAttributes.pair(kernel, "kernel_shape"), strides: window.strides,
      dilation: window.dilation, padding: window.padding, countsPadding: countsPadding,
      roundsUp: try node.attributes.bool("ceil_mode", default: false), layout: layout)
  }

  private static func globalPool(
    _ node: NodeLowering, _ kind: Pool2D.Kind, _ reduction: Reduce.Function
  ) throws(ModelError) {
    let x = try node.input(0)
    let rank = try node.dimensions(0).count
    guard rank >= 2 else { throw ModelError(.malformed, "a map with \(rank) axes") }
    guard rank == 4 else {
      // Over one or three spatial axes it is the plain reduction of them.
      return try node.finish(.reduce(Reduce(reduction, axes: Array(2..<rank), keepsAxes: true)), [x])
    }
    try node.finish(.globalPool(GlobalPool(kind, keepsAxes: true, layout: .channelsFirst)), [x])
  }
}
