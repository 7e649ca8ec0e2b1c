import ModelGraph

/// The state of ``CanonicalizeLayout`` while it builds: for each value of the source, what it became.
struct LayoutConversion {
  /// A value of the source in the new graph.
  struct Placement {
    var value: ValueID
    /// Axis `i` of the new value is axis `permutation[i]` of the source's.
    var permutation: Permutation?
    /// Set for a flattened map whose features stand in another order than the source's.
    var features: FeatureOrder?
  }

  /// The features of a map that was flattened in another order of axes: row-major over `extents` reordered by `permutation`.
  struct FeatureOrder {
    var extents: [Int]
    var permutation: Permutation
  }

  private struct Reading: Hashable {
    var value: ValueID
    var permutation: Permutation?
  }

  let source: Graph
  let demand: LayoutDemand
  var builder: GraphBuilder
  private var placements: [ValueID: Placement] = [:]
  private var readings: [Reading: ValueID] = [:]
  private var report = PassReport(name: CanonicalizeLayout.name)
  var convertedOperators = 0
  private var reorderedWeights = 0
  var removedTransposes = 0
  private var addedTransposes: [String] = []

  init(_ graph: Graph) {
    source = graph
    demand = LayoutDemand(graph)
    builder = GraphBuilder(name: graph.name, arithmetic: graph.arithmetic)
    for port in graph.inputs {
      let value = graph[port.value]
      let wish = demand.wishes[port.value]?.unlessIdentity
      let permutation = value.type.shape.rank == wish?.count ? wish : nil
      let type = permutation.map { value.type.permuted(by: $0) } ?? value.type
      let outer = permutation.map { port.permutation?.then($0) ?? $0 } ?? port.permutation
      let id = builder.input(
        name: port.name, type: type, origin: origin(of: value, permutation), permutation: outer?.unlessIdentity)
      place(port.value, id, permutation)
      if let permutation { report.explanations.append("input '\(port.name)' is read with its axes as \(permutation)") }
    }
  }

  // MARK: Reading and placing

  func rank(_ id: ValueID) -> Int? { source[id].type.shape.rank }

  func isConstant(_ id: ValueID) -> Bool { source[id].constant != nil && placements[id] == nil }

  /// How a value of the source is ordered in the new graph.
  func permutation(of id: ValueID) -> Permutation? { placements[id]?.permutation }

  func features(of id: ValueID) -> FeatureOrder? { placements[id]?.features }

  /// The new value that stands for `id` in whatever order it is kept.
  func placement(of id: ValueID) -> Placement? { placements[id] }

  mutating func place(_ id: ValueID, _ value: ValueID, _ permutation: Permutation?, features: FeatureOrder? = nil) {
    placements[id] = Placement(value: value, permutation: permutation, features: features)
    if features == nil { readings[Reading(value: id, permutation: permutation)] = value }
  }

  /// A value of the source with its axes in the order `permutation`; a transpose is added where it is kept otherwise.
  mutating func read(_ id: ValueID, as permutation: Permutation? = nil) throws(ModelError) -> ValueID {
    let permutation = permutation?.unlessIdentity
    let reading = Reading(value: id, permutation: permutation)
    if let known = readings[reading] { return known }
    let value = source[id]
    let result: ValueID
    if let placement = placements[id] {
      if let features = placement.features {
        let plain = try reordered(placement.value, features, value)
        place(id, plain, nil)
        return try read(id, as: permutation)
      }
      let rank = permutation?.count ?? placement.permutation?.count ?? 0
      let kept = placement.permutation ?? .identityPermutation(rank)
      let wanted = permutation ?? .identityPermutation(rank)
      guard kept.count == wanted.count else {
        throw ModelError(.internalFault, "'\(value.name)' is asked for as \(wanted), it has \(kept.count) axes")
      }
      result = try transposed(
        placement.value, by: kept.inversePermutation.then(wanted), name: value.name,
        origin: origin(of: value, permutation))
    } else {
      guard let constant = value.constant else {
        throw ModelError(.internalFault, "'\(value.name)' is read before it is made")
      }
      let tensor: Tensor
      if let permutation {
        tensor = try constant.transposed(permutation)
        reorderedWeights += 1
      } else {
        tensor = constant
      }
      result = builder.constant(
        name: value.name, tensor, origin: origin(of: value, permutation), isTrainable: value.isTrainable)
    }
    readings[reading] = result
    return result
  }

  mutating func readAll(_ ids: [ValueID?], as permutation: Permutation? = nil) throws(ModelError) -> [ValueID?] {
    var result: [ValueID?] = []
    for id in ids {
      guard let id else {
        result.append(nil)
        continue
      }
      result.append(try read(id, as: permutation))
    }
    return result
  }

  /// A new constant made from one of the source; counted as reordered.
  mutating func constant(from value: Value, _ tensor: Tensor) -> ValueID {
    reorderedWeights += 1
    return builder.constant(name: value.name, tensor, isTrainable: value.isTrainable)
  }

  private mutating func transposed(
    _ id: ValueID, by permutation: Permutation, name: String, origin: ValueOrigin?
  ) throws(ModelError) -> ValueID {
    let dimensions = builder.type(id)?.shape.dimensions
    if let dimensions, Self.movesOnlyOnes(permutation, dimensions) {
      // No element moves: a reshape says so, and can be merged with its neighbours.
      let target = permutation.map { axis in
        dimensions[axis].fixedValue.map(Reshape.Extent.fixed) ?? .copied(axis)
      }
      return try builder.add(
        .reshape(Reshape(target)), name: "\(name)/reordered", inputs: [id],
        outputs: [OutputSpecification(name: name, origin: origin)])[0]
    }
    addedTransposes.append(name)
    return try builder.add(
      .transpose(Transpose(permutation)), name: "\(name)/reordered", inputs: [id],
      outputs: [OutputSpecification(name: name, origin: origin)])[0]
  }

  /// A flattened value with its features in the source's order.
  private mutating func reordered(
    _ id: ValueID, _ features: FeatureOrder, _ value: Value
  ) throws(ModelError) -> ValueID {
    let extents = features.permutation.map { Reshape.Extent.fixed(features.extents[$0]) }
    let map = try builder.add(
      .reshape(Reshape([.copied(0)] + extents)), name: "\(value.name)/unflattened", inputs: [id])
    let back = [0] + features.permutation.inversePermutation.map { $0 + 1 }
    let ordered = try transposed(map[0], by: back, name: "\(value.name)/ordered", origin: nil)
    return try builder.add(
      .flatten(Flatten(axis: 1)), name: "\(value.name)/flattened", inputs: [ordered],
      outputs: [OutputSpecification(name: value.name, origin: value.origin, statedType: value.type)])[0]
  }

  /// Whether a reordering leaves all axes but those of extent one in their order.
  static func movesOnlyOnes(_ permutation: Permutation, _ dimensions: [Dimension]) -> Bool {
    let moving = permutation.filter { dimensions.indices.contains($0) && dimensions[$0].fixedValue != 1 }
    return moving == moving.sorted()
  }

  // MARK: Adding nodes

  /// Adds a node for one of the source.
  ///
  /// - Parameter permutations: for each output, how its axes are ordered; one for all when it has one element.
  mutating func add(
    _ node: Node, op: Op? = nil, inputs: [ValueID?], permutations: [Permutation?] = [nil],
    features: FeatureOrder? = nil
  ) throws(ModelError) {
    func permutation(_ index: Int) -> Permutation? {
      permutations.count == 1 ? permutations[0] : permutations.indices.contains(index) ? permutations[index] : nil
    }
    let specifications = node.outputs.enumerated().map { index, id in
      let value = source[id]
      let order = permutation(index)?.unlessIdentity
      return OutputSpecification(
        name: value.name, origin: features == nil ? origin(of: value, order) : nil,
        statedType: order.map { value.type.permuted(by: $0) } ?? value.type)
    }
    let op = op ?? node.op
    if op != node.op { convertedOperators += 1 }
    let outputs = try builder.add(
      op, name: node.name, inputs: inputs, outputs: specifications, origin: node.origin)
    for (index, (old, new)) in zip(node.outputs, outputs).enumerated() {
      place(old, new, permutation(index)?.unlessIdentity, features: features)
    }
  }

  private func origin(of value: Value, _ permutation: Permutation?) -> ValueOrigin? {
    guard let permutation else { return value.origin }
    return value.origin?.permuted(by: permutation)
  }

  /// The finished graph.
  mutating func finished() throws(ModelError) -> PassOutcome {
    for port in source.outputs {
      if features(of: port.value) != nil || isConstant(port.value) { _ = try read(port.value) }
      let permutation = permutation(of: port.value)
      let outer = permutation.map { port.permutation?.then($0) ?? $0 } ?? port.permutation
      builder.output(
        try read(port.value, as: permutation), name: port.name, permutation: outer?.unlessIdentity)
      if let permutation { report.explanations.append("output '\(port.name)' has its axes as \(permutation)") }
    }
    func tell(_ count: Int, _ one: String, _ many: String) {
      if count > 0 { report.explanations.append(count == 1 ? one : "\(count) \(many)") }
    }
    tell(convertedOperators, "one operator works channels-last", "operators work channels-last")
    tell(reorderedWeights, "one constant is reordered", "constants are reordered")
    tell(removedTransposes, "one transpose is gone", "transposes are gone")
    report.explanations += addedTransposes.map { "'\($0)' is transposed for a reader that needs the file's order" }
    report.applied = convertedOperators + reorderedWeights + removedTransposes
    return PassOutcome(graph: try builder.build(), report: report)
  }
}
