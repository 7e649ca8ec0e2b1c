internal import ModelGraph

/// Operators that take tensors apart, join them, and add elements around them.
enum SlicingLowering {
  static let entries: [String: OperatorEntry] = [
    "Concat": OperatorEntry(inputs: .max, concat),
    "Split": OperatorEntry(inputs: 2, earlier: .init(before: 13, inputs: 1), split),
    "Slice": OperatorEntry(inputs: 5, earlier: .init(before: 10, inputs: 1), slice),
    "Gather": OperatorEntry(inputs: 2, gather),
    "Pad": OperatorEntry(inputs: 4, earlier: .init(before: 11, inputs: 1), pad),
    "Tile": OperatorEntry(inputs: 2, tile),
  ]

  @Sendable private static func concat(_ node: NodeLowering) throws(ModelError) {
    let inputs = try node.allInputs()
    guard let stated = try node.attributes.int("axis") else {
      throw ModelError(.malformed, "the attribute is missing", context: [.attribute("axis")])
    }
    let axis = try node.axis(stated, rank: try node.dimensions(0).count)
    try node.finish(.concat(Concat(axis: axis)), inputs)
  }

  /// The extents of the parts: stated, or equal ones; a number of parts leaves the last one smaller.
  @Sendable private static func split(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let dimensions = try node.dimensions(0)
    let axis = try node.axis(try node.attributes.int("axis", default: 0), rank: dimensions.count)
    let stated = node.version >= 13 ? try node.integers(1, "extents") : try node.attributes.ints("split")
    let parts = node.record.outputs.count
    if let number = node.version >= 18 ? try node.attributes.int("num_outputs") : nil {
      guard number == parts, stated == nil else {
        throw ModelError(
          .malformed, "\(number) parts, \(parts) outputs\(stated == nil ? "" : " and a list of extents")",
          context: [.attribute("num_outputs")])
      }
    }
    if let stated {
      guard stated.count == parts else {
        throw ModelError(.malformed, "\(stated.count) parts are stated, and \(parts) outputs")
      }
      return try node.finish(.split(Split(axis: axis, extents: stated)), [x])
    }
    guard let extent = dimensions[axis].fixedValue else {
      throw ModelError(.unsupported, "equal parts of an axis whose extent is open")
    }
    guard parts > 0, parts <= max(extent, 1) else {
      throw ModelError(.malformed, "\(parts) parts of an axis of extent \(extent)")
    }
    guard node.version >= 18 || extent % parts == 0 else {
      throw ModelError(.malformed, "an axis of extent \(extent) does not split into \(parts) equal parts")
    }
    let part = extent / parts + (extent % parts == 0 ? 0 : 1)
    var extents = [Int](repeating: part, count: parts - 1)
    guard extent >= part * (parts - 1) else {
      throw ModelError(.malformed, "an axis of extent \(extent) does not split into \(parts) parts")
    }
    extents.append(extent - part * (parts - 1))
    try node.finish(.split(Split(axis: axis, extents: extents)), [x])
  }

  /// Bounds as attributes before version 10, as inputs since.
  @Sendable private static func slice(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let takesInputs = node.version >= 10
    let starts = takesInputs ? try node.integers(1, "starts") : try node.attributes.ints("starts")
    let ends = takesInputs ? try node.integers(2, "ends") : try node.attributes.ints("ends")
    let statedAxes = takesInputs ? try node.integers(3, "axes") : try node.attributes.ints("axes")
    let steps = takesInputs ? try node.integers(4, "steps") : nil
    guard let starts, let ends else { throw ModelError(.malformed, "starts or ends are missing") }
    let rank = try node.dimensions(0).count
    var axes: [Int] = []
    for axis in statedAxes ?? Array(starts.indices) { axes.append(try node.axis(axis, rank: rank)) }
    let op = Slice(
      axes: axes, starts: starts, ends: ends, steps: steps ?? [Int](repeating: 1, count: starts.count))
    try node.finish(.slice(op), [x])
  }

  @Sendable private static func gather(_ node: NodeLowering) throws(ModelError) {
    let inputs = [try node.input(0), try node.input(1)]
    let rank = try node.dimensions(0).count
    let axis = try node.axis(try node.attributes.int("axis", default: 0), rank: rank)
    try node.finish(.gather(Gather(axis: axis)), inputs)
  }

  /// Sides and value as attributes before version 11, as inputs since; from 18 on for listed axes only.
  @Sendable private static func pad(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    let takesInputs = node.version >= 11
    let pads = takesInputs ? try node.integers(1, "padding") : try node.attributes.ints("pads")
    guard let pads else { throw ModelError(.malformed, "the padding is missing") }
    let rank = try node.dimensions(0).count
    var axes = Array(0..<rank)
    if node.version >= 18, let stated = try node.integers(3, "axes") {
      axes = []
      for axis in stated { axes.append(try node.axis(axis, rank: rank)) }
    }
    guard pads.count == 2 * axes.count, Set(axes).count == axes.count else {
      throw ModelError(.malformed, "\(pads.count) paddings for \(axes.count) axes")
    }
    var before = [Int](repeating: 0, count: rank)
    var after = before
    for (position, axis) in axes.enumerated() {
      before[axis] = pads[position]
      after[axis] = pads[position + axes.count]
    }
    var value: Float = 0
    if takesInputs {
      if let stated = try node.floats(2, "a padding value") {
        guard stated.count == 1 else { throw ModelError(.malformed, "\(stated.count) padding values") }
        value = stated[0]
      }
    } else {
      value = try node.attributes.float("value") ?? 0
    }
    let mode: Pad.Mode = try node.attributes.choice(
      "mode", default: "constant", ["constant": .constant(value), "reflect": .reflect, "edge": .edge])
    try node.finish(.pad(Pad(before: before, after: after, mode: mode)), [x])
  }

  @Sendable private static func tile(_ node: NodeLowering) throws(ModelError) {
    let x = try node.input(0)
    guard let repeats = try node.integers(1, "repeats") else { throw ModelError(.malformed, "repeats are missing") }
    try node.finish(.tile(Tile(repeats)), [x])
  }
}
