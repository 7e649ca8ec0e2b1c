import ModelGraph

extension Graph {
  /// The input that a node hands on unchanged; nil for a node that computes something, or may.
  func passedThrough(by node: Node) -> ValueID? {
    guard node.outputs.count == 1, let input = node.input(0), let from = value(input)?.type,
      let to = value(node.outputs[0])?.type, from.isCompatible(with: to), doesNothing(node.op, node, from, to)
    else { return nil }
    return input
  }

  private func doesNothing(_ op: Op, _ node: Node, _ from: TensorType, _ to: TensorType) -> Bool {
    switch op {
    case .identity, .cast: true
    case .clamp(let op): op.range.isUnbounded
    case .transpose(let op): op.permutation == Array(op.permutation.indices)
    case .pad(let op): (op.before + op.after).allSatisfy { $0 == 0 }
    case .tile(let op): op.repeats.allSatisfy { $0 == 1 }
    case .reshape, .flatten, .squeeze, .unsqueeze, .expand: from.shape.isSurelyEqual(to: to.shape)
    case .slice(let op): op.steps.allSatisfy { $0 == 1 } && from.shape.isSurelyEqual(to: to.shape)
    case .concat(let op): node.inputs.count == 1 && op.outputClamp.isUnbounded
    case .split(let op): op.extents.count == 1
    case .resize2D(let op): keepsEveryPixel(op, from, to)
    case .pool2D(let op):
      op.kernel == .one && op.strides == .one && op.outputClamp.isUnbounded
        && (op.padding == .none || op.padding == .valid)
    default: false
    }
  }

  /// Whether a resize samples each pixel at its own place.
  private func keepsEveryPixel(_ op: Resize2D, _ from: TensorType, _ to: TensorType) -> Bool {
    guard from.shape.isSurelyEqual(to: to.shape) else { return false }
    if case .scales(let height, let width) = op.target, height != 1 || width != 1 { return false }
    switch op.interpolation {
    case .nearest: return op.coordinates != .halfPixelForNearest || op.nearestRounding == .floor
    case .bilinear, .cubic: return op.coordinates != .halfPixelForNearest
    }
  }
}

extension Shape {
  /// Whether both are the same shape whatever the open extents turn out to be.
  func isSurelyEqual(to other: Shape) -> Bool {
    guard let a = dimensions, let b = other.dimensions else { return false }
    return a == b && !a.contains(.unknown)
  }
}
