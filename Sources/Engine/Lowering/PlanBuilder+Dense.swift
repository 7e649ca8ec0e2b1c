import CKernels
import ModelGraph

extension PlanBuilder {
  mutating func lower(_ op: FullyConnected, _ node: Node) throws(ModelError) {
    var weights = try constantTensor(node, 1, "weights")
    if op.weightLayout == .inputOutput { weights = try weights.transposed([1, 0]) }
    try lowerRows(
      node, weights: weights, bias: try optionalConstant(node, 2, "a bias"), bounds: Bounds(op.outputClamp))
  }

  /// A product whose right factor is a constant matrix is a dense layer without bias.
  mutating func lower(_ op: MatMul, _ node: Node) throws(ModelError) {
    let right = try constantTensor(node, 1, "a right factor")
    let left = try extents(try input(node, 0))
    guard right.extents.count == 2, left.count >= 2, !op.transposesA else {
      throw ModelError(.unsupported, "a product of \(left) by \(right.extents), transposed or broadcast")
    }
    let weights = op.transposesB ? right : try right.transposed([1, 0])
    try lowerRows(node, weights: weights, bias: nil, bounds: Bounds())
  }

  /// Rows of features by weights [O, I].
  private mutating func lowerRows(
    _ node: Node, weights: Tensor, bias: Tensor?, bounds: Bounds
  ) throws(ModelError) {
    let kernel = try kernels.fullyConnected()
    let (outputs, inputs) = (weights.extents[0], weights.extents[1])
    guard outputs > 0, inputs > 0 else { throw ModelError(.unsupported, "weights \(weights.type)") }
    let packed = try packedPanels(
      .panels(node.id, width: Int(kernel.traits.panel), group: 0), weights: weights, bias: bias, outputs: outputs,
      depth: inputs, width: Int(kernel.traits.panel))
    let x = try input(node, 0), y = try output(node)
    fetchAhead(packed)
    let source = try plain(x)
    let target = try newPlain(y)
    let step = FullyConnectedStep(
      kernel: kernel, input: source, weights: packed, output: target, rows: try elementCount(x) / inputs,
      inputs: inputs, outputs: outputs, bounds: bounds, lanes: lanes)
    emit(step, source, packed, target)
  }

  mutating func lower(_ op: Softmax, _ node: Node) throws(ModelError) {
    guard !op.isLogarithm else { throw ModelError(.unsupported, "the logarithm of a softmax") }
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    let kernel = try kernels.softmax()
    let source = try plain(x)
    let axis = min(op.axis, max(extents.count - 1, 0))
    let columns = op.coversTrailingAxes ? extents[axis...].reduce(1, *) : extents.isEmpty ? 1 : extents[axis]
    let rows = try elementCount(x) / columns
    if op.coversTrailingAxes || axis == extents.count - 1 || extents.isEmpty {
      let target = try newPlain(y)
      emit(
        SoftmaxStep(kernel: kernel, input: source, output: target, rows: rows, columns: columns, beta: op.beta),
        source, target)
      return
    }
    // The axis goes last, is normalized, and goes back.
    let strides = rowMajorStrides(extents)
    let order = extents.indices.filter { $0 != axis } + [axis]
    let moved = order.map { extents[$0] }, movedStrides = order.map { strides[$0] }
    let lines = buffer(floats: rows * columns)
    let target = try newPlain(y)
    copy(source, strides: movedStrides, to: lines, strides: rowMajorStrides(moved), extents: moved)
    emit(
      SoftmaxStep(kernel: kernel, input: lines, output: lines, rows: rows, columns: columns, beta: op.beta), lines)
    copy(lines, strides: rowMajorStrides(moved), to: target, strides: movedStrides, extents: moved)
  }
}
