import CKernels
import ModelGraph

/// Between real numbers and counts; parts with scales of their own as one tensor.
extension PlanBuilder {
  mutating func lowerCounts(_ op: Quantize, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let type = graph[y].type
    if graph[x].type.quantization != nil {
      try lowerTable(node)
      return
    }
    let width = try width(y)
    guard graph[x].type.elementType == .float32, let limits = type.elementType.countRange,
      let lowest = Int32(exactly: limits.lowerBound), let highest = Int32(exactly: limits.upperBound)
    else {
      throw ModelError(.unsupported, "a quantization from \(graph[x].type) to \(type)")
    }
    let kernel = try kernels.quantize(
      op.roundsHalfToEven ? ferry_quantize_ties_to_even : ferry_quantize_ties_away)
    let runs = try ScaledRuns(type, extents: try extents(y))
    let source = try plain(x), target = try newPlain(y)
    emit(
      QuantizeStep(
        kernel: kernel, input: source, output: target, width: width, runs: runs, range: lowest...highest), source,
      target)
  }

  mutating func lowerDequantize(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let type = graph[x].type
    if case .perTensor? = type.quantization, type.elementType == .int8 || type.elementType == .uint8 {
      try lowerTable(node)
      return
    }
    try emitDequantize(from: x, to: y, try ScaledRuns(type, extents: try extents(x)))
  }

  /// Integers as real numbers, whatever they stand for.
  mutating func lowerCast(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    guard graph[x].type.quantization == nil else {
      throw ModelError(.unsupported, "a cast from \(graph[x].type) to \(graph[y].type)")
    }
    try emitDequantize(from: x, to: y, ScaledRuns(plain: try elementCount(x)))
  }

  private mutating func emitDequantize(from x: ValueID, to y: ValueID, _ runs: ScaledRuns) throws(ModelError) {
    let (from, to) = (graph[x].type, graph[y].type)
    let operation: ferry_dequantize_operation? =
      switch from.elementType {
      case .int8: ferry_dequantize_int8
      case .uint8: ferry_dequantize_uint8
      case .int16: ferry_dequantize_int16
      case .uint16: ferry_dequantize_uint16
      case .int32: ferry_dequantize_int32
      default: nil
      }
    guard let operation, to.elementType == .float32 else {
      throw ModelError(.unsupported, "the engine has no kernel from \(from) to \(to)")
    }
    let kernel = try kernels.dequantize(operation)
    let source = try plain(x), target = try newPlain(y)
    emit(
      DequantizeStep(kernel: kernel, input: source, output: target, width: width(source), runs: runs), source, target)
  }

  /// Parts whose counts mean something else than the result's are looked up first; under ONNX's arithmetic all parts are as soon
  /// as one does.
  mutating func lowerCounts(_ op: Concat, _ node: Node) throws(ModelError) {
    let y = try output(node)
    let type = graph[y].type
    let parts = node.inputs.compactMap { $0 }
    let agree = parts.map { graph[$0].type.with(shape: type.shape) == type }
    if graph.arithmetic == .liteRT, !op.outputClamp.isUnbounded {
      throw ModelError(.unsupported, "a clamp of joined counts")
    }
    let moves = op.outputClamp.isUnbounded && agree.allSatisfy { $0 }
    var sources: [(buffer: BufferID, extents: [Int])] = []
    for (position, part) in parts.enumerated() {
      var source = try plain(part)
      if !moves, graph.arithmetic == .onnx || !agree[position] {
        let entries = try table(
          .concat(Concat(axis: 0, outputClamp: op.outputClamp)), from: graph[part].type, to: type)
        let rescaled = buffer(count: try elementCount(part), width: try width(y))
        try emitTable(entries, .table(node.id, part: position), from: source, to: rescaled)
        source = rescaled
      }
      sources.append((source, try extents(part)))
    }
    _ = try join(sources, axis: op.axis, into: y)
  }
}
