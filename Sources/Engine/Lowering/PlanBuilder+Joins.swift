import CKernels
import ModelGraph
import ReferenceInterpreter

extension PlanBuilder {
  mutating func lower(_ op: Concat, _ node: Node) throws(ModelError) {
    let y = try output(node)
    let to = try extents(y)
    let parts = node.inputs.compactMap { $0 }
    let target: BufferID
    if to.count == 4, op.axis == 3 || op.axis == 1, prefersBlocks(parts) {
      target = try joinBlocks(
        parts, axis: op.axis, into: y, try MapExtents(to), isClamped: !op.outputClamp.isUnbounded)
    } else {
      target = try joinPlain(parts, axis: op.axis, into: y)
    }
    if !op.outputClamp.isUnbounded {
      try emitUnary(.clamp(op.outputClamp), from: target, to: target, count: floats(target))
    }
  }

  private mutating func joinBlocks(
    _ parts: [ValueID], axis: Int, into y: ValueID, _ outputMap: MapExtents, isClamped: Bool
  ) throws(ModelError) -> BufferID {
    var sources: [(buffer: BufferID, map: MapExtents)] = []
    for part in parts { sources.append((try blocked(part), try MapExtents(try extents(part)))) }
    let target = try newBlocked(y)
    var first = 0
    // Parts that begin with a block of channels are made where they are to lie, if that is all that becomes of them.
    let mayMove = axis == 3 && outputMap.batch == 1 && !isClamped
    for (source, map) in sources {
      if mayMove, first % 8 == 0, move(source, into: target, floatOffset: first / 8 * outputMap.blockStride) {
        first += map.channels
      } else if axis == 3 {
        emit(
          CopyChannelsStep(
            input: source, inputMap: map, inputChannel: 0, output: target, outputMap: outputMap, outputChannel: first,
            channels: map.channels, lanes: lanes), source, target)
        first += map.channels
      } else {
        emit(
          CopyRowsStep(input: source, inputMap: map, output: target, outputMap: outputMap, outputRow: first), source,
          target)
        first += map.height
      }
    }
    return target
  }

  private mutating func joinPlain(
    _ parts: [ValueID], axis: Int, into y: ValueID
  ) throws(ModelError) -> BufferID {
    var sources: [(buffer: BufferID, extents: [Int])] = []
    for part in parts { sources.append((try plain(part), try extents(part))) }
    return try join(sources, axis: axis, into: y)
  }

  /// Row-major parts one behind the other along an axis.
  mutating func join(
    _ sources: [(buffer: BufferID, extents: [Int])], axis: Int, into y: ValueID
  ) throws(ModelError) -> BufferID {
    let to = try extents(y)
    let target = try newPlain(y)
    let strides = rowMajorStrides(to)
    // The axes behind the joined one are contiguous on both sides, those before it step alike.
    let inner = to[(axis + 1)...].reduce(1, *), outer = to[..<axis].reduce(1, *)
    var first = 0
    for (source, from) in sources {
      let run = from[axis] * inner
      copy(
        source, strides: [run, 1], to: target, strides: [to[axis] * inner, 1], targetOffset: first * strides[axis],
        extents: [outer, run])
      first += from[axis]
    }
    return target
  }

  /// The element that a constant padding adds: what the operator puts before a tensor of one element.
  private func paddingElement(_ op: Pad, _ type: TensorType) throws(ModelError) -> FillStep.Element {
    let one = Pad(before: [1], after: [0], mode: op.mode)
    let results = try ReferenceInterpreter.evaluate(
      .pad(one), [try Tensor(type: type.with(shape: [1]), splat: .integer(0)).densified()],
      outputTypes: [type.with(shape: [2])], arithmetic: graph.arithmetic)
    guard let padded = results.first else { throw ModelError(.internalFault, "a padding without result") }
    switch type.elementType.bitWidth {
    case 8: return .byte(try padded.elements(as: UInt8.self)[0])
    case 16: return .half(try padded.elements(as: UInt16.self)[0])
    case 32: return .word(try padded.elements(as: UInt32.self)[0])
    case 64: return .long(try padded.elements(as: UInt64.self)[0])
    default: throw ModelError(.unsupported, "a padding of \(type)")
    }
  }

  mutating func lower(_ op: Pad, _ node: Node) throws(ModelError) {
    guard case .constant(let value) = op.mode else { throw ModelError(.unsupported, "padding by mirrored elements") }
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    let isSpatial =
      from.count == 4 && [0, 3].allSatisfy { op.before[$0] == 0 && op.after[$0] == 0 }
      && [1, 2].allSatisfy { op.before[$0] >= 0 && op.after[$0] >= 0 }
    if isSpatial, graph[x].type.elementType == .float32, places(x).plain == nil || prefersBlocks([x]) {
      let source = try blocked(x), target = try newBlocked(y)
      let step = PadStep(
        input: source, output: target, inputMap: try MapExtents(from), outputMap: try MapExtents(to),
        top: op.before[1], left: op.before[2], value: value, lanes: lanes)
      emit(step, source, target)
      return
    }
    let strides = rowMajorStrides(from), targetStrides = rowMajorStrides(to)
    var extents: [Int] = []
    var (offset, targetOffset) = (0, 0)
    for axis in from.indices {
      // A negative padding cuts elements off.
      let (cutBefore, cutAfter) = (max(-op.before[axis], 0), max(-op.after[axis], 0))
      extents.append(max(from[axis] - cutBefore - cutAfter, 0))
      offset += cutBefore * strides[axis]
      targetOffset += max(op.before[axis], 0) * targetStrides[axis]
    }
    let source = try plain(x), target = try newPlain(y)
    let element = try paddingElement(op, graph[x].type)
    emit(FillStep(output: target, count: byteCount(target) / width(target), element: element), target)
    guard !extents.contains(0) else { return }
    copy(
      source, strides: strides, offset: offset, to: target, strides: targetStrides, targetOffset: targetOffset,
      extents: extents)
  }
}
