import CKernels
import ModelGraph

extension PlanBuilder {
  /// The row-major place of a value; converted to it if need be.
  mutating func plain(_ id: ValueID) throws(ModelError) -> BufferID {
    let held = places(id)
    if let plain = held.plain { return plain }
    if let tensor = graph[id].constant {
      let width = try width(id)
      return try constant(.plain(id), width: width) { () throws(ModelError) in
        try AlignedMemory(byteCount: tensor.elementCount * width) { (target) throws(ModelError) in
          try tensor.withPlainElements { target.copyMemory(from: $0, byteCount: tensor.elementCount * width) }
        }
      }
    }
    let extents = try extents(id)
    if let blocked = held.blocked {
      let map = try MapExtents(extents)
      // One pixel in whole blocks, or of one map, lies in the same order either way.
      if map.pixels == 1, map.batch == 1 || map.channels % 8 == 0 {
        setPlain(id, blocked)
        return blocked
      }
      let result = try newPlain(id)
      try unpack(blocked, map, to: result, strides: [map.pixels * map.channels, map.channels, 1])
      return result
    }
    guard let external = held.external else {
      throw ModelError(.internalFault, "'\(graph[id].name)' is read before it is made")
    }
    let result = try newPlain(id)
    copy(external.buffer, strides: external.strides, to: result, strides: rowMajorStrides(extents), extents: extents)
    return result
  }

  /// The place of a map in blocks of eight channels; converted to it if need be.
  mutating func blocked(_ id: ValueID) throws(ModelError) -> BufferID {
    let held = places(id)
    if let blocked = held.blocked { return blocked }
    let map = try MapExtents(try extents(id))
    var source: BufferID
    var strides = [map.pixels * map.channels, map.width * map.channels, map.channels, 1]
    if let external = held.external, external.strides.count == 4,
      external.strides[1] == map.width * external.strides[2]
    {
      (source, strides) = (external.buffer, external.strides)
    } else {
      source = try plain(id)
    }
    let result = try newBlocked(id)
    let step = BlocksStep(
      kernel: try kernels.blocks(ferry_blocks_pack), input: source, output: result, map: map,
      imageStride: strides[0], pixelStride: strides[2], channelStride: strides[3], packs: true, lanes: lanes)
    emit(step, source, result)
    return result
  }

  /// Writes a blocked map into strided memory: strides of map, pixel and channel.
  mutating func unpack(
    _ source: BufferID, _ map: MapExtents, to target: BufferID, strides: [Int]
  ) throws(ModelError) {
    let step = BlocksStep(
      kernel: try kernels.blocks(ferry_blocks_unpack), input: source, output: target, map: map,
      imageStride: strides[0], pixelStride: strides[1], channelStride: strides[2], packs: false, lanes: lanes)
    emit(step, source, target)
  }

  /// Copies elements between strided places, `offset` elements into each.
  mutating func copy(
    _ source: BufferID, strides: [Int], offset: Int = 0, to target: BufferID, strides targetStrides: [Int],
    targetOffset: Int = 0, extents: [Int]
  ) {
    let step = StridedCopyStep(
      input: source, inputOffset: offset, inputStrides: strides, output: target, outputOffset: targetOffset,
      outputStrides: targetStrides, extents: extents, width: width(target))
    emit(step, source, target)
  }

  /// Whether an operator over maps should work on blocks: one of its operands lies so and none only plainly.
  func prefersBlocks(_ ids: [ValueID]) -> Bool {
    let runtime = ids.filter { !isConstant($0) }
    return runtime.contains { places($0).blocked != nil }
  }
}

/// Strides in elements of a row-major tensor.
func rowMajorStrides(_ extents: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: extents.count)
  for axis in stride(from: extents.count - 2, through: 0, by: -1) {
    strides[axis] = strides[axis + 1] * extents[axis + 1]
  }
  return strides
}
