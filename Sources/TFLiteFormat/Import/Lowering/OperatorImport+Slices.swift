import FormatSupport
import ModelGraph

/// Padding and slicing.
extension OperatorImport {
  /// The paddings [rank, 2] of an input: elements in front of and behind each axis.
  private func paddings(_ index: Int) throws(ModelError) -> (before: [Int], after: [Int]) {
    let values = try integers(index, "the table of paddings")
    guard try type(index).shape.extents?.last == 2 else {
      throw ModelError(.malformed, "a table of paddings of shape \(try type(index).shape)")
    }
    return (
      stride(from: 0, to: values.count, by: 2).map { values[$0] },
      stride(from: 1, to: values.count, by: 2).map { values[$0] }
    )
  }

  /// - Parameter hasValue: whether a third input holds what to pad with; zero otherwise (in counts, the zero point).
  func pad(hasValue: Bool) throws(ModelError) {
    try expectInputs(hasValue ? 3...3 : 2...2)
    let paddings = try paddings(1)
    guard (paddings.before + paddings.after).allSatisfy({ $0 >= 0 }) else {
      throw ModelError(.malformed, "negative paddings")
    }
    var value: Float = 0
    if hasValue {
      let constant = try constant(2, "the value to pad with")
      guard constant.elementCount == 1, let number = try constant.doubles().first else {
        throw ModelError(.malformed, "\(constant.elementCount) values to pad with")
      }
      if case .perTensor(let scale, let zeroPoint)? = constant.type.quantization {
        value = scale * (Float(number) - Float(zeroPoint))
      } else {
        value = Float(number)
      }
    }
    try emit(.pad(Pad(before: paddings.before, after: paddings.after, mode: .constant(value))), [try input(0)])
  }

  func mirrorPad() throws(ModelError) {
    try expectInputs(2...2)
    let paddings = try paddings(1)
    let mode: Pad.Mode
    switch try enumerationOption("mode") {
    case 0: mode = .reflect
    case 1: mode = .symmetric
    case let number: throw ModelError(.unsupported, "mirroring of kind \(number)").within(.attribute("mode"))
    }
    guard (paddings.before + paddings.after).allSatisfy({ $0 >= 0 }) else {
      throw ModelError(.malformed, "negative paddings")
    }
    try emit(.pad(Pad(before: paddings.before, after: paddings.after, mode: mode)), [try input(0)])
  }

  /// Inputs: x, the first index and the number of elements of each axis; -1 elements: all that follow.
  func slice() throws(ModelError) {
    try expectInputs(3...3)
    let begin = try integers(1, "the list of first indices")
    let sizes = try integers(2, "the list of sizes")
    let rank = try dimensions(0).count
    guard begin.count == rank, sizes.count == rank else {
      throw ModelError(.malformed, "\(begin.count) first indices and \(sizes.count) sizes for \(rank) axes")
    }
    var ends: [Int] = []
    for axis in 0..<rank {
      let bound = 0...Int(Int32.max)
      guard bound.contains(begin[axis]), sizes[axis] == -1 || bound.contains(sizes[axis]) else {
        throw ModelError(.malformed, "\(sizes[axis]) elements from \(begin[axis]) along axis \(axis)")
      }
      ends.append(sizes[axis] == -1 ? Int(Int32.max) : begin[axis] + sizes[axis])
      if let extent = try dimensions(0)[axis].fixedValue, sizes[axis] != -1 {
        guard ends[axis] <= extent else {
          throw ModelError(.malformed, "\(sizes[axis]) elements from \(begin[axis]) along an axis of \(extent)")
        }
      }
    }
    try emit(
      .slice(Slice(axes: Array(0..<rank), starts: begin, ends: ends, steps: begin.map { _ in 1 })), [try input(0)])
  }

  /// Inputs: x, begin, end, stride of the leading axes, with masks that change what an entry means (TensorFlow's
  /// StridedSlice): an open begin or end, an ellipsis, a new axis, an axis that disappears.
  func stridedSlice() throws(ModelError) {
    try expectInputs(4...4)
    let begin = try integers(1, "begin")
    let end = try integers(2, "end")
    let strides = try integers(3, "the list of strides")
    let rank = try dimensions(0).count
    guard begin.count == end.count, begin.count == strides.count, begin.count <= 32 else {
      throw ModelError(.malformed, "\(begin.count) begins, \(end.count) ends, \(strides.count) strides")
    }
    guard try !boolOption("offset") else { throw ModelError(.unsupported, "ends that count from the begins") }
    let beginMask = try integerOption("begin_mask")
    let endMask = try integerOption("end_mask")
    let ellipsisMask = try integerOption("ellipsis_mask")
    let newAxisMask = try integerOption("new_axis_mask") & ~ellipsisMask
    let shrinkMask = try integerOption("shrink_axis_mask") & ~ellipsisMask & ~newAxisMask
    func isSet(_ mask: Int, _ index: Int) -> Bool { mask >> index & 1 == 1 }
    guard begin.indices.filter({ isSet(ellipsisMask, $0) }).count <= 1 else {
      throw ModelError(.malformed, "two ellipses")
    }
    let consumed = begin.indices.filter { !isSet(ellipsisMask, $0) && !isSet(newAxisMask, $0) }.count
    guard consumed <= rank else { throw ModelError(.malformed, "\(consumed) entries for \(rank) axes") }

    var slice = Slice(axes: [], starts: [], ends: [], steps: [])
    var dropped: [Int] = []
    var added: [Int] = []
    var axis = 0
    var outputAxis = 0
    let farthest = Int(Int32.max)
    for index in begin.indices {
      if isSet(ellipsisMask, index) {
        axis += rank - consumed
        outputAxis += rank - consumed
        continue
      }
      if isSet(newAxisMask, index) {
        added.append(outputAxis)
        outputAxis += 1
        continue
      }
      let step = strides[index]
      guard step != 0, abs(step) <= farthest, abs(begin[index]) <= farthest, abs(end[index]) <= farthest else {
        throw ModelError(.malformed, "from \(begin[index]) to \(end[index]) in steps of \(step)")
      }
      let start = isSet(beginMask, index) ? (step > 0 ? 0 : farthest) : begin[index]
      slice.axes.append(axis)
      slice.starts.append(start)
      if isSet(shrinkMask, index) {
        slice.ends.append(start == -1 ? farthest : start + 1)
        slice.steps.append(1)
        dropped.append(axis)
      } else {
        slice.ends.append(isSet(endMask, index) ? (step > 0 ? farthest : -farthest) : end[index])
        slice.steps.append(step)
        outputAxis += 1
      }
      axis += 1
    }
    var chain: [(op: Op, suffix: String)] = []
    if !slice.axes.isEmpty { chain.append((.slice(slice), "slice")) }
    if !dropped.isEmpty { chain.append((.squeeze(Squeeze(axes: dropped)), "squeeze")) }
    if !added.isEmpty { chain.append((.unsqueeze(Unsqueeze(axes: added)), "unsqueeze")) }
    try emit(chain: chain, from: try input(0))
  }
}
