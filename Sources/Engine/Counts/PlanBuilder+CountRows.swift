import CKernels
import ModelGraph

extension PlanBuilder {
  mutating func lowerCounts(_ op: Softmax, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    let (from, to) = (graph[x].type, graph[y].type)
    let reading = try CountReading(from)
    _ = try CountReading(to)
    guard !op.isLogarithm, extents.indices.contains(op.axis) else {
      throw ModelError(.unsupported, "the engine has no kernel for the logarithm of a softmax of counts")
    }
    let isLast = op.coversTrailingAxes || op.axis == extents.count - 1
    let columns = op.coversTrailingAxes ? extents[op.axis...].reduce(1, *) : extents[op.axis]
    let operation: ferry_q8_softmax_operation
    let terms: Tensor
    var reach: Int32 = 255
    switch graph.arithmetic {
    case .liteRT:
      guard from.elementType == to.elementType, isLast else {
        throw ModelError(.unsupported, "a softmax from \(from) to \(to) other than along the last axis")
      }
      operation = ferry_q8_softmax_fixed
      // More terms of one could overflow the sum.
      guard columns < 1 << 12 else { throw ModelError(.unsupported, "a softmax over \(columns) counts") }
      let table = try SoftmaxTerms(scale: try from.scale(), beta: op.beta)
      terms = try Tensor(table.values, type: TensorType(.int32, [256]))
      reach = table.reach
    case .onnx:
      operation = ferry_q8_softmax_real
      terms = try table(.dequantize(Dequantize()), from: from, to: TensorType(.float32, [256]))
    }
    let (kernel, range) = (try kernels.countSoftmax(operation), try ClampRange.unbounded.counts(of: to))
    let (scale, zeroPoint) = (try to.scale(), try to.zeroPoint())
    let rows = try elementCount(x) / columns
    let source = try plain(x), target = try newPlain(y)
    let entries = try constant(.table(node.id, part: 0), terms)
    func step(_ input: BufferID, _ output: BufferID) -> CountSoftmaxStep {
      CountSoftmaxStep(
        kernel: kernel, input: input, output: output, table: entries, rows: rows, columns: columns, flip: reading.flip,
        reach: reach, beta: op.beta, scale: scale, zeroPoint: zeroPoint, range: range)
    }
    if isLast {
      emit(step(source, target), source, entries, target)
      return
    }
    // The axis goes last, is normalized, and goes back.
    let strides = rowMajorStrides(extents)
    let order = extents.indices.filter { $0 != op.axis } + [op.axis]
    let moved = order.map { extents[$0] }, movedStrides = order.map { strides[$0] }
    let lines = buffer(count: rows * columns, width: 1), shares = buffer(count: rows * columns, width: 1)
    copy(source, strides: movedStrides, to: lines, strides: rowMajorStrides(moved), extents: moved)
    emit(step(lines, shares), lines, entries, shares)
    copy(shares, strides: rowMajorStrides(moved), to: target, strides: movedStrides, extents: moved)
  }

  mutating func lowerCounts(_ op: ArgExtremum, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    let type = graph[y].type.elementType
    guard type == .int64 || type == .int32, extents.indices.contains(op.axis) else {
      throw ModelError(.unsupported, "indices of type \(type.name)")
    }
    let reading = try CountReading(graph[x].type)
    let source = try plain(x), target = try newPlain(y)
    let step = CountArgStep(
      kernel: try kernels.countArg(op.kind == .maximum ? ferry_arg_maximum : ferry_arg_minimum), input: source,
      output: target, outer: extents[..<op.axis].reduce(1, *), extent: extents[op.axis],
      inner: extents[(op.axis + 1)...].reduce(1, *), flip: reading.flip, takesLast: op.takesLast,
      isWide: type == .int64, lanes: lanes)
    emit(step, source, target)
  }

  mutating func lowerCounts(_ op: Resize2D, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    let x = try input(node, 0), y = try output(node)
    let (from, to) = (graph[x].type, graph[y].type)
    guard from.elementType == to.elementType, from.quantization == to.quantization else {
      throw ModelError(.unsupported, "a resize from \(from) to \(to)")
    }
    let isWide = from.elementType == .int16
    let reading = isWide ? .plain : try CountReading(from)
    let inputMap = try MapExtents(try extents(x)), outputMap = try MapExtents(try extents(y))
    let operation: ferry_q8_resize_operation
    switch (op.interpolation, graph.arithmetic) {
    case (.nearest, _): operation = ferry_q8_resize_nearest
    case (.bilinear, .liteRT) where isWide: operation = ferry_q8_resize_wide_fixed
    case (.bilinear, .liteRT): operation = reading.flip == 0 ? ferry_q8_resize_fixed : ferry_q8_resize_real
    case (.bilinear, .onnx), (.cubic, _):
      throw ModelError(.unsupported, "the engine has no kernel for a \(op.interpolation) resize of counts")
    }
    var scales: (height: Double?, width: Double?) = (nil, nil)
    if case .scales(let height, let width) = op.target { scales = (Double(height), Double(width)) }
    func taps(_ input: Int, _ output: Int, _ scale: Double?) -> [ferry_q8_resize_tap] {
      switch operation {
      case ferry_q8_resize_fixed, ferry_q8_resize_wide_fixed: op.fixedTaps(from: input, to: output)
      case ferry_q8_resize_real: op.realTaps(from: input, to: output)
      case _ where graph.arithmetic == .liteRT: op.nearestTaps(from: input, to: output)
      default:
        op.taps(from: input, to: output, scale: scale).map {
          ferry_q8_resize_tap(first: $0.first, second: $0.second, steps: 0, fraction: $0.fraction)
        }
      }
    }
    let rows = taps(inputMap.height, outputMap.height, scales.height)
    let columns = taps(inputMap.width, outputMap.width, scales.width)
    let source = try plain(x), target = try newPlain(y)
    // Who only copies pixels takes their bytes.
    let copies = operation == ferry_q8_resize_nearest
    let step = CountResizeStep(
      kernel: try kernels.countResize(operation), input: source, output: target, inputMap: inputMap,
      outputMap: outputMap, rows: rows, columns: columns,
      channels: copies ? inputMap.channels * width(source) : inputMap.channels, width: copies ? 1 : width(source),
      lanes: lanes)
    emit(step, source, target)
  }
}
