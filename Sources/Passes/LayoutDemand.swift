import ModelGraph

/// In which order of axes the readers of each value would like it, as far back as the wish can travel.
///
/// Spatial operators wish their map channels-last and their filter canonical; operators that take any order pass the wish on
/// to their inputs. Where readers disagree, the first one in the graph's order is heard.
struct LayoutDemand {
  private(set) var wishes: [ValueID: Permutation] = [:]

  init(_ graph: Graph) {
    for node in graph.nodes.reversed() { note(node, graph) }
  }

  private mutating func note(_ node: Node, _ graph: Graph) {
    func rank(_ id: ValueID?) -> Int? { id.flatMap { graph[$0].type.shape.rank } }
    guard let first = node.outputs.first else { return }
    if let layout = node.op.spatialLayout {
      wish(node.input(0), layout == .channelsFirst ? Layout.firstToLast : .identityPermutation(4))
      if let (filterLayout, groups) = node.op.filter, let filter = graph.type(node, 1) {
        wish(node.input(1), filterLayout.canonicalPermutation(filter.shape, groups: groups))
      }
      return
    }
    switch node.op {
    case .fullyConnected(let op):
      if op.weightLayout == .inputOutput { wish(node.input(1), [1, 0]) }
    case .transpose(let op):
      if let wanted = wishes[first], wanted.count == op.permutation.count {
        wish(node.input(0), op.permutation.then(wanted))
      } else {
        // A transpose with no wish behind it is wished away: its input is read as it leaves.
        wish(node.input(0), op.permutation)
      }
    case .clamp, .unary, .cast, .quantize, .dequantize, .reinterpret, .dynamicQuantize, .identity, .softmax, .batchNorm,
      .pad, .slice, .split, .tile,
      .binary, .select, .prelu, .concat, .resize2D:
      guard let wanted = firstWish(node.outputs) else { return }
      for input in node.inputs where rank(input) == wanted.count { wish(input, wanted) }
    case .reduce(let op) where op.keepsAxes:
      if let wanted = wishes[first] { wish(node.input(0), wanted) }
    default: break
    }
  }

  private func firstWish(_ ids: [ValueID]) -> Permutation? {
    for id in ids {
      if let wish = wishes[id] { return wish }
    }
    return nil
  }

  private mutating func wish(_ id: ValueID?, _ permutation: Permutation?) {
    if let id, let permutation { wishes[id] = permutation }
  }
}

extension Op {
  /// The layout of an operator that works on maps.
  var spatialLayout: Layout? {
    switch self {
    case .conv2D(let op): op.layout
    case .convTranspose2D(let op): op.layout
    case .integerConv2D(let op): op.convolution.layout
    case .pool2D(let op): op.layout
    case .globalPool(let op): op.layout
    case .resize2D(let op): op.layout
    case .spaceToDepth(let op): op.layout
    case .depthToSpace(let op): op.layout
    default: nil
    }
  }

  /// The filter's layout and the groups of a convolution.
  var filter: (FilterLayout, groups: Int)? {
    switch self {
    case .conv2D(let op): (op.filterLayout, op.groups)
    case .convTranspose2D(let op): (op.filterLayout, op.groups)
    case .integerConv2D(let op): (op.convolution.filterLayout, op.convolution.groups)
    default: nil
    }
  }

  /// The same operator on channels-last maps, its filter canonical where `filterIsCanonical`.
  func channelsLast(filterIsCanonical: Bool) -> Op {
    switch self {
    case .conv2D(var op):
      op.layout = .channelsLast
      if filterIsCanonical { op.filterLayout = .outputHeightWidthInput }
      return .conv2D(op)
    case .convTranspose2D(var op):
      op.layout = .channelsLast
      if filterIsCanonical { op.filterLayout = .outputHeightWidthInput }
      return .convTranspose2D(op)
    case .integerConv2D(var op):
      op.convolution.layout = .channelsLast
      if filterIsCanonical { op.convolution.filterLayout = .outputHeightWidthInput }
      return .integerConv2D(op)
    case .pool2D(var op):
      op.layout = .channelsLast
      return .pool2D(op)
    case .globalPool(var op):
      op.layout = .channelsLast
      return .globalPool(op)
    case .resize2D(var op):
      op.layout = .channelsLast
      return .resize2D(op)
    case .spaceToDepth(var op):
      op.layout = .channelsLast
      return .spaceToDepth(op)
    case .depthToSpace(var op):
      op.layout = .channelsLast
      return .depthToSpace(op)
    default: return self
    }
  }
}

extension FilterLayout {
  /// The reordering that makes a filter [O, kh, kw, I/groups]; nil where it takes more than that.
  func canonicalPermutation(_ shape: Shape, groups: Int) -> Permutation? {
    guard let dimensions = shape.dimensions, dimensions.count == 4 else { return nil }
    switch self {
    case .outputHeightWidthInput: return [0, 1, 2, 3]
    case .outputInputHeightWidth: return [0, 2, 3, 1]
    case .heightWidthInputOutput: return [3, 0, 1, 2]
    case .oneHeightWidthOutput: return [3, 1, 2, 0]
    case .heightWidthInputMultiplier: return dimensions[3].fixedValue == 1 ? [2, 0, 1, 3] : nil
    case .heightWidthOutputInput: return [2, 0, 1, 3]
    case .inputOutputHeightWidth: return groups == 1 ? [1, 2, 3, 0] : nil
    }
  }
}
