import ModelGraph

extension LayoutConversion {
  /// Operators that drop, add or join axes.
  mutating func convertRanks(_ node: Node) throws(ModelError) {
    guard let x = node.input(0) else { return try add(node, inputs: try readAll(node.inputs)) }
    if features(of: x) != nil { _ = try read(x) }
    guard let order = permutation(of: x) else {
      return try add(node, inputs: try readAll(node.inputs))
    }
    switch node.op {
    case .reduce(var op):
      let kept = op.keepsAxes ? order : order.removing(op.axes)
      op.axes = op.axes.map { order.inversePermutation[$0] }.sorted()
      try add(node, op: .reduce(op), inputs: [try read(x, as: order)], permutations: [kept])
    case .argExtremum(var op):
      let kept = op.keepsAxis ? order : order.removing([op.axis])
      op.axis = order.inversePermutation[op.axis]
      try add(node, op: .argExtremum(op), inputs: [try read(x, as: order)], permutations: [kept])
    case .squeeze(let op):
      let axes = op.axes.map { order.inversePermutation[$0] }.sorted()
      try add(
        node, op: .squeeze(Squeeze(axes: axes)), inputs: [try read(x, as: order)],
        permutations: [order.removing(op.axes)])
    case .unsqueeze(let op): try convertUnsqueeze(node, op, x, order)
    default: try convertReshape(node, x, order)
    }
  }

  private mutating func convertUnsqueeze(
    _ node: Node, _ op: Unsqueeze, _ x: ValueID, _ order: Permutation
  ) throws(ModelError) {
    let rank = order.count + op.axes.count
    let old = (0..<rank).filter { !op.axes.contains($0) }
    let renamed = order.map { old[$0] }
    // New axes go where the readers want them, or behind all others.
    var result = renamed + op.axes
    if let wish = demand.wishes[node.outputs[0]], wish.filter({ !op.axes.contains($0) }) == renamed { result = wish }
    let axes = result.indices.filter { op.axes.contains(result[$0]) }
    try add(
      node, op: .unsqueeze(Unsqueeze(axes: axes)), inputs: [try read(x, as: order)], permutations: [result])
  }

  /// A reshape or flatten of a value that is kept in another order than the file's.
  private mutating func convertReshape(_ node: Node, _ x: ValueID, _ order: Permutation) throws(ModelError) {
    let output = node.outputs[0]
    guard let dimensions = source[x].type.shape.dimensions, dimensions.count == order.count,
      let result = source[output].type.shape.dimensions, node.inputs.count == 1
    else { return try add(node, inputs: try readAll(node.inputs)) }
    // The kept value's axes that hold more than one element stand as in the file: no element moves.
    let moving = order.filter { dimensions[$0].fixedValue != 1 }
    if moving == moving.sorted(), let op = renamed(node.op, order, dimensions) {
      return try add(node, op: op, inputs: [try read(x, as: order)])
    }
    if order[0] == 0, flattens(dimensions, to: result), endsInDenseLayers(output) {
      let features = FeatureOrder(
        extents: dimensions.dropFirst().compactMap(\.fixedValue), permutation: order.dropFirst().map { $0 - 1 })
      return try add(
        node, op: .flatten(Flatten(axis: 1)), inputs: [try read(x, as: order)], features: features)
    }
    try add(node, inputs: try readAll(node.inputs))
  }

  /// The reshape as it reads from a value whose axes were reordered; nil when that cannot be said.
  private func renamed(_ op: Op, _ order: Permutation, _ dimensions: [Dimension]) -> Op? {
    let inverse = order.inversePermutation
    switch op {
    case .reshape(let reshape):
      guard let target = reshape.target else { return nil }
      return .reshape(
        Reshape(
          target.map { extent in
            if case .copied(let axis) = extent, inverse.indices.contains(axis) { return .copied(inverse[axis]) }
            return extent
          }))
    case .flatten(let flatten):
      // The same axes stand in front of the cut, but for those of extent one.
      let front = Set(order.prefix(flatten.axis))
      let crossing = (0..<flatten.axis).filter { !front.contains($0) } + front.filter { $0 >= flatten.axis }
      return crossing.allSatisfy { dimensions[$0].fixedValue == 1 } ? op : nil
    default: return nil
    }
  }

  /// Whether [N, a, b, …] becomes [N, a·b·…] with all but N known.
  private func flattens(_ before: [Dimension], to after: [Dimension]) -> Bool {
    guard after.count == 2, before.count > 2, before[0] == after[0], before[0] != .unknown else { return false }
    let features = before.dropFirst().reduce(Dimension.fixed(1)) { $0.multiplied(by: $1) }
    return features.fixedValue != nil && features == after[1]
  }

  /// Whether all that reads a value are dense layers with constant weights, element by element operators in between.
  private func endsInDenseLayers(_ value: ValueID) -> Bool {
    var waiting = [value]
    while let next = waiting.popLast() {
      guard !source.isOutput(next) else { return false }
      for reader in source.consumers(of: next) {
        switch reader.op {
        case .clamp, .unary, .cast, .identity: waiting += reader.outputs
        case .fullyConnected:
          guard reader.input(0) == next, let weights = reader.input(1), isConstant(weights),
            source[weights].type.elementType.bitWidth ?? 0 >= 8
          else { return false }
        case .matMul(let op):
          guard reader.input(0) == next, let weights = reader.input(1), isConstant(weights), !op.transposesA,
            source[weights].type.isPlainFloat32, rank(weights) == 2
          else { return false }
        default: return false
        }
      }
    }
    return true
  }
}

extension [Int] {
  /// The reordering of the axes that are left when `axes` are dropped.
  fileprivate func removing(_ axes: [Int]) -> Permutation {
    let left = filter { !axes.contains($0) }
    return left.map { axis in axis - axes.filter { $0 < axis }.count }
  }
}
