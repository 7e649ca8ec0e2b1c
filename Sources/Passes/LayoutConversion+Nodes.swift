import ModelGraph

extension LayoutConversion {
  /// Adds what a node of the source becomes.
  mutating func convert(_ node: Node) throws(ModelError) {
    switch node.op {
    case .conv2D, .convTranspose2D, .integerConv2D, .pool2D, .globalPool, .resize2D, .spaceToDepth, .depthToSpace:
      try convertSpatial(node)
    case .fullyConnected(let op): try convertDense(node, op)
    case .matMul(let op): try convertProduct(node, op)
    case .clamp, .unary, .cast, .identity: try convertUnary(node, node.op, keepsFeatures: true)
    case .dequantize: try convertUnary(node, node.op, keepsFeatures: false)
    case .quantize(let op):
      try convertUnary(node, node.op, keepsFeatures: false) { permutation in
        var op = op
        op.quantization = op.quantization.permuted(by: permutation)
        return .quantize(op)
      }
    case .reinterpret(let op):
      try convertUnary(node, node.op, keepsFeatures: false) { permutation in
        .reinterpret(Reinterpret(as: op.quantization?.permuted(by: permutation)))
      }
    case .dynamicQuantize: try convertDynamicQuantize(node)
    case .binary, .select, .prelu: try convertBroadcast(node)
    case .concat(let op): try convertConcat(node, op)
    case .batchNorm(var op):
      try convertAxes(node) { order in
        op.axis = order.inversePermutation[op.axis]
        return .batchNorm(op)
      }
    case .softmax(let op): try convertSoftmax(node, op)
    case .pad(let op):
      try convertAxes(node) { order in
        .pad(Pad(before: order.map { op.before[$0] }, after: order.map { op.after[$0] }, mode: op.mode))
      }
    case .slice(var op):
      try convertAxes(node) { order in
        op.axes = op.axes.map { order.inversePermutation[$0] }
        return .slice(op)
      }
    case .split(var op):
      try convertAxes(node) { order in
        op.axis = order.inversePermutation[op.axis]
        return .split(op)
      }
    case .tile(let op): try convertAxes(node) { order in .tile(Tile(order.map { op.repeats[$0] })) }
    case .transpose(let op): try convertTranspose(node, op)
    case .reduce, .argExtremum, .squeeze, .unsqueeze, .reshape, .flatten: try convertRanks(node)
    case .shapeOf(let op): try convertShape(node, op)
    case .layerNorm, .gather, .expand, .constantOfShape, .integerMatMul, .opaque:
      // These take the file's own order and nothing else.
      try add(node, inputs: try readAll(node.inputs))
    }
  }

  // MARK: Operators on maps

  private mutating func convertSpatial(_ node: Node) throws(ModelError) {
    guard let layout = node.op.spatialLayout, let x = node.input(0) else {
      return try add(node, inputs: try readAll(node.inputs))
    }
    let order: Permutation? = layout == .channelsFirst ? Layout.firstToLast : nil
    var inputs: [ValueID?] = [try read(x, as: order)]
    var filterIsCanonical = true
    if let (filterLayout, groups) = node.op.filter, let id = node.input(1) {
      let filter = try canonicalFilter(id, filterLayout, groups: groups)
      filterIsCanonical = filter != nil
      inputs.append(filter == nil ? try read(id) : filter)
      inputs += try readAll(Array(node.inputs.dropFirst(2)))
    } else {
      inputs += try readAll(Array(node.inputs.dropFirst()))
    }
    let isMap = rank(node.outputs[0]) ?? 4 == 4
    try add(
      node, op: node.op.channelsLast(filterIsCanonical: filterIsCanonical), inputs: inputs,
      permutations: [isMap ? order : nil])
  }

  /// The filter as [O, kh, kw, I/groups]; nil when it has to stay as it is.
  private mutating func canonicalFilter(
    _ id: ValueID, _ layout: FilterLayout, groups: Int
  ) throws(ModelError) -> ValueID? {
    let value = source[id]
    // Elements of less than a byte cannot change places.
    let isNarrow = value.type.elementType.bitWidth.map { $0 < 8 } ?? true
    if let order = layout.canonicalPermutation(value.type.shape, groups: groups) {
      if isNarrow, order.unlessIdentity != nil { return nil }
      guard isConstant(id) || permutation(of: id) == order.unlessIdentity else { return nil }
      return try read(id, as: order)
    }
    guard let constant = value.constant, isConstant(id), !isNarrow, layout == .heightWidthInputMultiplier,
      constant.type.quantization?.axis == nil
    else { return nil }
    return self.constant(from: value, try layout.canonical(constant, groups: groups))
  }

  // MARK: Products

  private mutating func convertDense(_ node: Node, _ op: FullyConnected) throws(ModelError) {
    guard let x = node.input(0), let id = node.input(1) else {
      throw ModelError(.malformed, "a dense layer without weights")
    }
    var op = op
    let bias = try readAll(Array(node.inputs.dropFirst(2)))
    let isTransposed = op.weightLayout == .inputOutput
    if let features = features(of: x), let placement = placement(of: x), let constant = source[id].constant {
      let weights = try reordered(isTransposed ? try constant.transposed([1, 0]) : constant, features)
      op.weightLayout = .outputInput
      let inputs = [placement.value, self.constant(from: source[id], weights)] + bias
      return try add(node, op: .fullyConnected(op), inputs: inputs)
    }
    let data = try read(x)
    let mayMove = isConstant(id) && source[id].type.elementType.bitWidth.map { $0 >= 8 } ?? false
    if isTransposed, mayMove || permutation(of: id) == [1, 0] {
      op.weightLayout = .outputInput
      return try add(node, op: .fullyConnected(op), inputs: [data, try read(id, as: [1, 0])] + bias)
    }
    try add(node, op: .fullyConnected(op), inputs: [data, try read(id)] + bias)
  }

  /// Weights [O, I] with their columns in the order in which the features now come.
  private func reordered(_ weights: Tensor, _ features: FeatureOrder) throws(ModelError) -> Tensor {
    let extents = weights.extents
    let unfolded = try weights.reshaped(to: [extents[0]] + features.extents)
    return try unfolded.transposed([0] + features.permutation.map { $0 + 1 }).reshaped(to: extents)
  }

  /// A product with a constant matrix is a dense layer.
  private mutating func convertProduct(_ node: Node, _ op: MatMul) throws(ModelError) {
    guard let x = node.input(0), let id = node.input(1), isConstant(id), !isConstant(x), !op.transposesA,
      source[id].type.isPlainFloat32 || multipliesCountsByONNX(source[id].type), rank(id) == 2, let rank = rank(x),
      rank >= 2
    else { return try add(node, inputs: try readAll(node.inputs)) }
    try convertDense(node, FullyConnected(weightLayout: op.transposesB ? .outputInput : .inputOutput))
  }

  /// ONNX has one formula for every product with weights of counts, see ``RealRescaling``.
  private func multipliesCountsByONNX(_ weights: TensorType) -> Bool {
    weights.quantization != nil && source.arithmetic == .onnx && weights.elementType.bitWidth == 8
  }

  // MARK: Operators on elements

  /// An operator on each element of its first input.
  private mutating func convertUnary(
    _ node: Node, _ op: Op, keepsFeatures: Bool, permuted: (Permutation) -> Op? = { _ in nil }
  ) throws(ModelError) {
    guard let x = node.input(0) else { return try add(node, inputs: try readAll(node.inputs)) }
    if keepsFeatures, let features = features(of: x), let placement = placement(of: x), node.inputs.count == 1 {
      return try add(node, inputs: [placement.value], features: features)
    }
    if features(of: x) != nil { _ = try read(x) }
    // A constant follows its readers; everything else stays as it is kept.
    let order = isConstant(x) ? movableOrder(x, wish: demand.wishes[node.outputs[0]]) : permutation(of: x)
    let inputs = [try read(x, as: order)] + (try readAll(Array(node.inputs.dropFirst())))
    try add(node, op: order.flatMap(permuted) ?? op, inputs: inputs, permutations: [order])
  }

  /// The counts keep the order of what they were made from; scale and zero point have no axes.
  private mutating func convertDynamicQuantize(_ node: Node) throws(ModelError) {
    guard let x = node.input(0) else { throw ModelError(.malformed, "a quantization of nothing") }
    if features(of: x) != nil { _ = try read(x) }
    let order = permutation(of: x)
    try add(node, inputs: [try read(x, as: order)], permutations: [order, nil, nil])
  }

  private func movableOrder(_ id: ValueID, wish: Permutation?) -> Permutation? {
    guard let wish, wish.count == rank(id), source[id].type.elementType.bitWidth ?? 0 >= 8 else { return nil }
    return wish.unlessIdentity
  }

  /// An operator that takes any order of axes, once its axes are renamed.
  private mutating func convertAxes(_ node: Node, _ renamed: (Permutation) -> Op) throws(ModelError) {
    guard let x = node.input(0) else { return try add(node, inputs: try readAll(node.inputs)) }
    if features(of: x) != nil { _ = try read(x) }
    let rest = try readAll(Array(node.inputs.dropFirst()))
    guard let order = permutation(of: x) else { return try add(node, inputs: [try read(x)] + rest) }
    try add(node, op: renamed(order), inputs: [try read(x, as: order)] + rest, permutations: [order])
  }

  private mutating func convertConcat(_ node: Node, _ op: Concat) throws(ModelError) {
    let order = commonOrder(node, rank: rank(node.outputs[0]))
    var op = op
    if let order { op.axis = order.inversePermutation[op.axis] }
    try add(node, op: .concat(op), inputs: try readAll(node.inputs, as: order), permutations: [order])
  }

  private mutating func convertSoftmax(_ node: Node, _ op: Softmax) throws(ModelError) {
    var op = op
    let input = node.input(0)
    if op.coversTrailingAxes, let dimensions = input.flatMap({ source[$0].type.shape.dimensions }) {
      // Trailing axes of extent one add nothing to a sum.
      let wide = dimensions.indices.filter { $0 >= op.axis && dimensions[$0].fixedValue != 1 }
      if wide.count <= 1 {
        op.axis = wide.first ?? op.axis
        op.coversTrailingAxes = false
      }
    }
    if op.coversTrailingAxes { return try add(node, op: .softmax(op), inputs: try readAll(node.inputs)) }
    guard let input, features(of: input) == nil, let order = permutation(of: input) else {
      return try add(node, op: .softmax(op), inputs: try readAll(node.inputs))
    }
    op.axis = order.inversePermutation[op.axis]
    try add(node, op: .softmax(op), inputs: [try read(input, as: order)], permutations: [order])
  }

  private mutating func convertTranspose(_ node: Node, _ op: Transpose) throws(ModelError) {
    guard let x = node.input(0) else { throw ModelError(.malformed, "a transpose of nothing") }
    if features(of: x) != nil { _ = try read(x) }
    let kept = permutation(of: x)
    let value = try read(x, as: kept)
    // Axis i of the kept value is axis kept[i] of x, which is axis inverse[kept[i]] of the transposed one.
    let order = (kept ?? .identityPermutation(op.permutation.count)).map { op.permutation.inversePermutation[$0] }
    removedTransposes += 1
    place(node.outputs[0], value, order.unlessIdentity)
  }

  /// The extents in the source's order, picked from those of the value as it is kept.
  private mutating func convertShape(_ node: Node, _ op: ShapeOf) throws(ModelError) {
    guard let x = node.input(0), features(of: x) == nil, let order = permutation(of: x) else {
      return try add(node, inputs: try readAll(node.inputs))
    }
    let axes = op.axes(rank: order.count).map { Int64(order.inversePermutation[$0]) }
    let all = try builder.add(
      .shapeOf(ShapeOf(elementType: op.elementType)), name: "\(node.name)/kept", inputs: [try read(x, as: order)])
    let picks = builder.constant(name: "\(node.name)/axes", try Tensor(axes, shape: [axes.count]))
    try add(node, op: .gather(Gather(axis: 0)), inputs: [all[0], picks])
  }

  // MARK: Operators on several tensors

  /// The order that most suits the inputs of full rank: the readers' wish where one of them is kept so, else the first that is
  /// kept in another order than the file's.
  func commonOrder(_ node: Node, rank: Int?) -> Permutation? {
    guard let rank else { return nil }
    let kept = node.inputs.compactMap { $0 }.filter {
      !isConstant($0) && self.rank($0) == rank && features(of: $0) == nil
    }
    .map { permutation(of: $0) }
    guard let first = kept.first else { return nil }
    if kept.allSatisfy({ $0 == first }) { return first }
    if let wish = node.outputs.first.flatMap({ demand.wishes[$0] }), kept.contains(wish.unlessIdentity) {
      return wish.unlessIdentity
    }
    return kept.compactMap { $0 }.first
  }

  private mutating func convertBroadcast(_ node: Node) throws(ModelError) {
    let rank = rank(node.outputs[0])
    var order = commonOrder(node, rank: rank)
    // A computed operand of fewer axes aligns with the file's last ones.
    let isUneven = node.inputs.contains { id in
      guard let id, !isConstant(id), let own = self.rank(id) else { return false }
      return own != rank && own > 0
    }
    if isUneven { order = nil }
    var inputs: [ValueID?] = []
    for input in node.inputs {
      guard let input else {
        inputs.append(nil)
        continue
      }
      if isConstant(input), let rank, let constant = try broadcastConstant(input, rank: rank, order, node) {
        inputs.append(constant)
      } else if self.rank(input) == rank {
        inputs.append(try read(input, as: order))
      } else {
        inputs.append(try read(input))
      }
    }
    try add(node, inputs: inputs, permutations: [order])
  }

  /// A constant operand in the order of the others, without leading axes of extent one.
  private mutating func broadcastConstant(
    _ id: ValueID, rank: Int, _ order: Permutation?, _ node: Node
  ) throws(ModelError) -> ValueID? {
    let value = source[id]
    guard let constant = value.constant, constant.type.quantization?.axis == nil,
      constant.elementType.bitWidth ?? 0 >= 8, constant.extents.count <= rank,
      // Some other operand keeps the result at its rank.
      node.inputs.contains(where: { $0.map { $0 != id && !isConstant($0) && self.rank($0) == rank } ?? false })
    else { return nil }
    var tensor = constant
    if let order {
      let padded = [Int](repeating: 1, count: rank - constant.extents.count) + constant.extents
      tensor = try constant.reshaped(to: padded).transposed(order)
    }
    let extents = Array(tensor.extents.drop { $0 == 1 })
    guard extents != constant.extents || order != nil else { return nil }
    if extents == constant.extents, constant.extents.filter({ $0 != 1 }).count <= 1 { return try read(id) }
    return self.constant(from: value, try tensor.reshaped(to: extents))
  }
}
