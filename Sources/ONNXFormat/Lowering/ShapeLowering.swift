internal import ModelGraph

/// Operators that keep elements and change shapes, and those that compute shapes.
enum ShapeLowering {
  static let entries: [String: OperatorEntry] = [
    "Flatten": OperatorEntry(flatten),
    "Reshape": OperatorEntry(inputs: 2, reshape),
    "Squeeze": OperatorEntry(inputs: 2, squeeze),
    "Unsqueeze": OperatorEntry(inputs: 2, unsqueeze),
    "Transpose": OperatorEntry(transpose),
    "Shape": OperatorEntry(shape),
    "Size": OperatorEntry(size),
    "Expand": OperatorEntry(since: 8, inputs: 2) { (node) throws(ModelError) in
      try node.finish(.expand(Expand()), [try node.input(0), try node.input(1)])
    },
    "DepthToSpace": OperatorEntry(depthToSpace),
    "SpaceToDepth": OperatorEntry { (node) throws(ModelError) in
      let x = try node.input(0)
      let op = SpaceToDepth(blockSize: try blockSize(node), layout: .channelsFirst)
      try node.finish(.spaceToDepth(op), [x])
    },
  ]

  @Sendable private static func flatten(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let stated = try node.attributes.int("axis", default: 1)
    var axis = stated
    if axis < 0 {
      // Counted from the end since version 11.
      let rank = try node.dimensions(0).count
      axis += rank
      guard axis >= 0, node.version >= 11 else { throw ModelError(.malformed, "axis \(stated) of \(rank) axes") }
    }
    try node.finish(.flatten(Flatten(axis: axis)), [x])
  }

  /// The new shape: 0 copies the extent of the same axis (unless `allowzero`), −1 is what is left.
  @Sendable private static func reshape(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let shape = try node.input(1)
    let allowsZero = node.version >= 14 ? try node.attributes.bool("allowzero", default: false) : false
    let requested: [Dimension]
    if let constant = node.constant(1) {
      requested = try constant.integers().map(Dimension.fixed)
    } else if let known = node.knownDimensions(1) {
      requested = known
    } else {
      return try node.finish(.reshape(Reshape(nil)), [x, shape])
    }
    guard let target = try target(requested, of: try node.inputType(0).shape, allowsZero) else {
      guard allowsZero || !requested.contains(0) else {
        throw ModelError(.unsupported, "a shape that copies extents and is computed at run time")
      }
      return try node.finish(.reshape(Reshape(nil)), [x, shape])
    }
    try node.finish(.reshape(Reshape(target)), [x])
  }

  /// The request in the graph's terms; nil when an open extent in it is none of the input's.
  private static func target(
    _ requested: [Dimension], of shape: Shape, _ allowsZero: Bool
  ) throws(ModelError) -> [Reshape.Extent]? {
    var target: [Reshape.Extent] = []
    for (axis, dimension) in requested.enumerated() {
      switch dimension.fixedValue {
      case 0 where !allowsZero: target.append(.copied(axis))
      case -1: target.append(.inferred)
      case let value?:
        guard value >= 0 else { throw ModelError(.malformed, "an extent of \(value) in a shape") }
        target.append(.fixed(value))
      case nil:
        guard dimension != .unknown, let source = shape.dimensions?.firstIndex(of: dimension) else { return nil }
        // The extent at the same axis before any other equal one: the usual case is the batch.
        let same = shape.dimensions.map { $0.indices.contains(axis) && $0[axis] == dimension } ?? false
        target.append(.copied(same ? axis : source))
      }
    }
    return target
  }

  /// Axes as an attribute before version 13 and as an input since.
  private static func statedAxes(_ node: NodeLowering) throws(ModelError) -> [Int]? {
    if node.version >= 13 { return try node.integers(1, "axes") }
    guard node.optionalInput(1) == nil else { throw ModelError(.malformed, "a second input") }
    return try node.attributes.ints("axes")
  }

  @Sendable private static func squeeze(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let stated = try statedAxes(node)
    let dimensions = try node.dimensions(0)
    let axes: [Int]
    if let stated {
      axes = try node.axes(stated, rank: dimensions.count)
    } else {
      guard !dimensions.contains(where: { $0.fixedValue == nil }) else {
        throw ModelError(.unsupported, "a squeeze of all axes of extent 1 where extents are open")
      }
      axes = dimensions.indices.filter { dimensions[$0] == 1 }
    }
    try node.finish(.squeeze(Squeeze(axes: axes)), [x])
  }

  @Sendable private static func unsqueeze(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    guard let stated = try statedAxes(node) else { throw ModelError(.malformed, "the axes are missing") }
    let rank = try node.dimensions(0).count + stated.count
    try node.finish(.unsqueeze(Unsqueeze(axes: try node.axes(stated, rank: rank))), [x])
  }

  @Sendable private static func transpose(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let permutation =
      if let stated = try node.attributes.ints("perm") { stated } else {
        Array((0..<(try node.dimensions(0).count)).reversed())
      }
    try node.finish(.transpose(Transpose(permutation)), [x])
  }

  @Sendable private static func shape(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    var op = ShapeOf()
    if node.version >= 15 {
      op.start = try node.attributes.int("start", default: 0)
      op.end = try node.attributes.int("end")
    }
    try node.finish(.shapeOf(op), [x])
  }

  /// The number of elements: the product of the extents.
  @Sendable private static func size(_ node: NodeLowering) throws(ModelError) {
    let shape = try node.add(.shapeOf(ShapeOf()), [try node.input(0)], "shape")
    try node.finish(.reduce(Reduce(.product, axes: [0], keepsAxes: false)), [shape])
  }

  private static func blockSize(_ node: NodeLowering) throws(ModelError) -> Int {
    guard let blockSize = try node.attributes.int("blocksize") else {
      throw ModelError(.malformed, "the attribute is missing", context: [.attribute("blocksize")])
    }
    return blockSize
  }

  @Sendable private static func depthToSpace(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    var order = DepthToSpace.Order.blockFirst
    if node.version >= 11 {
      order = try node.attributes.choice("mode", default: "DCR", ["DCR": .blockFirst, "CRD": .channelFirst])
    }
    let op = DepthToSpace(blockSize: try blockSize(node), order: order, layout: .channelsFirst)
    try node.finish(.depthToSpace(op), [x])
  }
}
