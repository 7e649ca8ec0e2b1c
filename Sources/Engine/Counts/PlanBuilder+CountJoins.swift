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
    guard graph[x].type.elementType == .float32, width <= 4 else {
      throw ModelError(.unsupported, "a quantization from \(graph[x].type) to \(type)")
    }
    let kernel = try kernels.quantize(
      op.roundsHalfToEven ? ferry_quantize_ties_to_even : ferry_quantize_ties_away)
    let source = try plain(x), target = try newPlain(y)
    let step = QuantizeStep(
      kernel: kernel, input: source, output: target, count: try elementCount(y), width: width,
      scale: try type.scale(), zeroPoint: try type.zeroPoint(), range: try ClampRange.unbounded.counts(of: type))
    emit(step, source, target)
  }

  mutating func lowerDequantize(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let type = graph[x].type
    let operation: ferry_dequantize_operation
    switch type.elementType {
    case .int8, .uint8:
      _ = try CountReading(type)
      try lowerTable(node)
      return
    case .int16: operation = ferry_dequantize_int16
    case .int32: operation = ferry_dequantize_int32
    default: throw ModelError(.unsupported, "real numbers from \(type)")
    }
    let kernel = try kernels.dequantize(operation)
    let source = try plain(x), target = try newPlain(y)
    let step = DequantizeStep(
      kernel: kernel, input: source, output: target, count: try elementCount(y), scale: try type.scale(),
      zeroPoint: try type.zeroPoint())
    emit(step, source, target)
  }

  /// Integers as real numbers, whatever they stand for.
  mutating func lowerCast(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let (from, to) = (graph[x].type, graph[y].type)
    guard to.elementType == .float32, from.quantization == nil else {
      throw ModelError(.unsupported, "a cast from \(from) to \(to)")
    }
    switch from.elementType {
    case .int8, .uint8: try lowerTable(node)
    case .int32:
      let kernel = try kernels.dequantize(ferry_dequantize_int32)
      let source = try plain(x), target = try newPlain(y)
      let step = DequantizeStep(
        kernel: kernel, input: source, output: target, count: try elementCount(y), scale: 1, zeroPoint: 0)
      emit(step, source, target)
    default: throw ModelError(.unsupported, "a cast from \(from) to \(to)")
    }
  }

  /// Parts whose counts mean something else than the result's are looked up first.
  mutating func lowerCounts(_ op: Concat, _ node: Node) throws(ModelError) {
    guard op.outputClamp.isUnbounded else { throw ModelError(.unsupported, "a clamp of joined counts") }
    let y = try output(node)
    let type = graph[y].type
    var parts: [(buffer: BufferID, extents: [Int])] = []
    for (position, part) in node.inputs.compactMap({ $0 }).enumerated() {
      let from = graph[part].type
      let source = try plain(part)
      if from.elementType == type.elementType, from.quantization == type.quantization {
        parts.append((source, try extents(part)))
        continue
      }
      let entries = try table(.concat(Concat(axis: 0)), from: from, to: type)
      let rescaled = buffer(count: try elementCount(part), width: try width(y))
      try emitTable(entries, .table(node.id, part: position), from: source, to: rescaled)
      parts.append((rescaled, try extents(part)))
    }
    _ = try join(parts, axis: op.axis, into: y)
  }
}
