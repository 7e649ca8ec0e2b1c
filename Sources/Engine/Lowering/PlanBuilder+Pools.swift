import CKernels
import ModelGraph

extension PlanBuilder {
  mutating func lower(_ op: Pool2D, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    let x = try input(node, 0), y = try output(node)
    let inputMap = try MapExtents(try extents(x)), outputMap = try MapExtents(try extents(y))
    let insets = op.padding.insets(
      height: inputMap.height, width: inputMap.width, kernel: op.kernel, strides: op.strides, dilation: op.dilation)
    let kernel = try kernels.pool(op.kind.operation)
    let source = try blocked(x), target = try newBlocked(y)
    let step = PoolStep(
      kernel: kernel, input: source, output: target, inputMap: inputMap, outputMap: outputMap,
      window: ConvolutionStep.Window(kernel: op.kernel, strides: op.strides, dilation: op.dilation), insets: insets,
      countsPadding: op.countsPadding, bounds: Bounds(op.outputClamp), lanes: lanes)
    emit(step, source, target)
  }

  mutating func lower(_ op: GlobalPool, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    try lowerGlobalPool(node, op.kind)
  }

  private mutating func lowerGlobalPool(_ node: Node, _ kind: Pool2D.Kind) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let map = try MapExtents(try extents(x))
    let kernel = try kernels.globalPool(kind.operation)
    // [N, C] and [N, 1, 1, C] alike: blocks of one pixel.
    let source = try blocked(x), target = try newBlocked(y)
    emit(GlobalPoolStep(kernel: kernel, input: source, output: target, inputMap: map, lanes: lanes), source, target)
  }

  mutating func lower(_ op: Reduce, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    if extents.count == 4, op.axes == [1, 2], op.function == .mean || op.function == .maximum {
      try lowerGlobalPool(node, op.function == .mean ? .average : .maximum)
      return
    }
    guard op.function == .mean || op.function == .sum else {
      throw ModelError(.unsupported, "the engine has no kernel for the reduction \(op.function.rawValue)")
    }
    let strides = rowMajorStrides(extents)
    let kept = extents.indices.filter { !op.axes.contains($0) }
    let order = kept + op.axes
    let count = op.axes.reduce(1) { $0 * extents[$1] }
    let source = try plain(x), target = try newPlain(y)
    let step = ReduceStep(
      input: source, output: target, extents: order.map { extents[$0] }, strides: order.map { strides[$0] },
      keptRank: kept.count, divisor: op.function == .mean ? Double(count) : 1)
    emit(step, source, target)
  }

  mutating func lower(_ op: Resize2D, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    let operation: ferry_resize_operation
    switch op.interpolation {
    case .nearest: operation = ferry_resize_nearest
    case .bilinear: operation = ferry_resize_bilinear
    case .cubic: throw ModelError(.unsupported, "cubic interpolation")
    }
    let x = try input(node, 0), y = try output(node)
    let inputMap = try MapExtents(try extents(x)), outputMap = try MapExtents(try extents(y))
    var scales: (height: Double?, width: Double?) = (nil, nil)
    if case .scales(let height, let width) = op.target { scales = (Double(height), Double(width)) }
    let rows = op.taps(from: inputMap.height, to: outputMap.height, scale: scales.height)
    let columns = op.taps(from: inputMap.width, to: outputMap.width, scale: scales.width)
    let source = try blocked(x), target = try newBlocked(y)
    let step = ResizeStep(
      kernel: try kernels.resize(operation), input: source, output: target, inputMap: inputMap, outputMap: outputMap,
      rows: rows, columns: columns, lanes: lanes)
    emit(step, source, target)
  }
}

extension Pool2D.Kind {
  var operation: ferry_pool_operation { self == .average ? ferry_pool_average : ferry_pool_maximum }
}

extension Resize2D {
  /// Which input positions each of `output` positions takes, by the formulas of ``Resize2D``; without a scale it is
  /// output / input.
  func taps(from input: Int, to output: Int, scale: Double?) -> [ferry_resize_tap] {
    /// Quotients of whole numbers are taken last, so that a coordinate that is a whole number comes out as one.
    func unscaled(_ p: Double) -> Double { scale.map { p / $0 } ?? p * Double(input) / Double(output) }
    return (0..<output).map { position in
      let p = Double(position)
      var x: Double
      switch coordinates {
      case .halfPixel: x = unscaled(p + 0.5) - 0.5
      case .pytorchHalfPixel: x = output > 1 ? unscaled(p + 0.5) - 0.5 : 0
      case .asymmetric: x = unscaled(p)
      case .alignCorners: x = output > 1 ? p * Double(input - 1) / Double(output - 1) : 0
      case .halfPixelForNearest: x = unscaled(p + 0.5)
      }
      if interpolation == .nearest {
        // A scale such as 0.6 is not exact; in float32 the whole number that its writer means comes out.
        x = Double(Float(x))
        switch nearestRounding {
        case .floor: x = x.rounded(.down)
        case .ceiling: x = x.rounded(.up)
        case .halfDown: x = (x - 0.5).rounded(.up)
        case .halfUp: x = (x + 0.5).rounded(.down)
        }
      }
      x = min(max(x, 0), Double(input - 1))
      let first = Int(x)
      return ferry_resize_tap(
        first: UInt32(first), second: UInt32(min(first + 1, input - 1)), fraction: Float(x - Double(first)))
    }
  }
}
