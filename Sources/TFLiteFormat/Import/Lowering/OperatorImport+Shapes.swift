import FormatSupport
import ModelGraph

/// Operators that rearrange elements.
extension OperatorImport {
  /// The new shape is the second input, or, in older files, an option.
  func reshape() throws(ModelError) {
    try expectInputs(1...2)
    let option = try integersOption("new_shape")
    let request = try optionalInput(1)
    if let request, graph.builder.constant(request) == nil {
      return try emit(.reshape(Reshape(nil)), [try input(0), request])
    }
    var extents = request != nil ? try integers(1, "the new shape") : option
    // Old writers stored the shape of a scalar as [0].
    if request == nil, extents == [0], try outputType().shape.rank ?? 0 == 0 { extents = [] }
    var target: [Reshape.Extent] = []
    for extent in extents {
      guard extent >= -1 else { throw ModelError(.malformed, "an extent of \(extent) in the new shape") }
      target.append(extent == -1 ? .inferred : .fixed(extent))
    }
    try emit(.reshape(Reshape(target)), [try input(0)])
  }

  /// Without a list of axes, every axis of extent one goes.
  func squeeze() throws(ModelError) {
    try expectInputs(1...1)
    let dimensions = try dimensions(0)
    var axes: Set<Int> = []
    for given in try integersOption("squeeze_dims") { axes.insert(try axis(given, rank: dimensions.count)) }
    if axes.isEmpty {
      guard dimensions.allSatisfy({ $0.fixedValue != nil }) else {
        throw ModelError(.unsupported, "which axes go depends on open extents")
      }
      axes = Set(dimensions.indices.filter { dimensions[$0].fixedValue == 1 })
    }
    try emit(.squeeze(Squeeze(axes: axes.sorted())), [try input(0)])
  }

  func expandDimensions() throws(ModelError) {
    try expectInputs(2...2)
    let axis = try axis(try integer(1, "the axis"), rank: try dimensions(0).count + 1)
    try emit(.unsqueeze(Unsqueeze(axes: [axis])), [try input(0)])
  }

  func transpose() throws(ModelError) {
    try expectInputs(2...2)
    let rank = try dimensions(0).count
    var permutation: [Int] = []
    for given in try integers(1, "the permutation") { permutation.append(try axis(given, rank: rank)) }
    guard permutation.count == rank else {
      throw ModelError(.malformed, "a permutation of \(permutation.count) axes for a tensor with \(rank)")
    }
    try emit(.transpose(Transpose(permutation)), [try input(0)])
  }

  func concatenation() throws(ModelError) {
    let inputs = try allInputs()
    guard !inputs.isEmpty else { throw ModelError(.malformed, "nothing to join") }
    let activation = try activationOption()
    let axis = try axis(try integerOption("axis"), rank: try dimensions(0).count)
    try emit(.concat(Concat(axis: axis, outputClamp: activation.clamp)), inputs, then: activation.function)
  }

  /// Inputs: axis, x. As many equal parts as there are outputs.
  func split() throws(ModelError) {
    try expectInputs(2...2)
    let axis = try axis(try integer(0, "the axis"), rank: try dimensions(1).count)
    let parts = try integerOption("num_splits")
    guard parts == table.outputs.count, parts > 0 else {
      throw ModelError(.malformed, "\(parts) parts and \(table.outputs.count) outputs").within(.attribute("num_splits"))
    }
    let extent = try extent(1, axis: axis)
    guard extent % parts == 0 else {
      throw ModelError(.malformed, "an extent of \(extent) does not divide into \(parts) parts")
    }
    try emit(.split(Split(axis: axis, extents: table.outputs.map { _ in extent / parts })), [try input(1)])
  }

  /// Inputs: x, the parts' extents (one may be -1: what is left), axis.
  func splitIntoSizes() throws(ModelError) {
    try expectInputs(3...3)
    let axis = try axis(try integer(2, "the axis"), rank: try dimensions(0).count)
    var extents = try integers(1, "the list of extents")
    guard try integerOption("num_splits") == extents.count, extents.count == table.outputs.count else {
      throw ModelError(.malformed, "\(extents.count) extents and \(table.outputs.count) outputs")
    }
    let open = extents.indices.filter { extents[$0] == -1 }
    let whole = try extent(0, axis: axis)
    guard open.count <= 1, extents.allSatisfy({ (-1...whole).contains($0) }) else {
      throw ModelError(.malformed, "parts of extents \(extents) of \(whole)")
    }
    if let position = open.first { extents[position] = whole - (extents.reduce(0, +) + 1) }
    try emit(.split(Split(axis: axis, extents: extents)), [try input(0)])
  }

  func gather() throws(ModelError) {
    try expectInputs(2...2)
    guard try integerOption("batch_dims") == 0 else { throw ModelError(.unsupported, "gathering within batches") }
    let axis = try axis(try integerOption("axis"), rank: try dimensions(0).count)
    try emit(.gather(Gather(axis: axis)), [try input(0), try input(1)])
  }

  /// Joins tensors of one shape along a new axis.
  func pack() throws(ModelError) {
    let inputs = try allInputs()
    guard !inputs.isEmpty, try integerOption("values_count", default: inputs.count) == inputs.count else {
      throw ModelError(.malformed, "values_count does not match \(inputs.count) inputs")
    }
    let axis = try axis(try integerOption("axis"), rank: try dimensions(0).count + 1)
    try options.requireAllRead()
    var parts: [ValueID?] = []
    for (index, value) in inputs.enumerated() {
      parts.append(try step(.unsqueeze(Unsqueeze(axes: [axis])), [value], "part \(index)"))
    }
    try emit(.concat(Concat(axis: axis)), parts)
  }

  /// Cuts a tensor into its slices along an axis, which disappears.
  func unpack() throws(ModelError) {
    try expectInputs(1...1)
    let axis = try axis(try integerOption("axis"), rank: try dimensions(0).count)
    let count = try extent(0, axis: axis)
    guard try integerOption("num", default: count) == count, count == table.outputs.count, count > 0 else {
      throw ModelError(.malformed, "an extent of \(count) and \(table.outputs.count) outputs")
    }
    try options.requireAllRead()
    try graph.budget.spend(name: name, count: count)
    let parts = try graph.builder.add(
      .split(Split(axis: axis, extents: table.outputs.map { _ in 1 })), name: "\(name)/parts", inputs: [try input(0)],
      origin: [source])
    for (part, output) in zip(parts, table.outputs) {
      try define(.squeeze(Squeeze(axes: [axis])), [part], outputs: [output])
    }
  }

  func tile() throws(ModelError) {
    try expectInputs(2...2)
    try emit(.tile(Tile(try integers(1, "the list of repeats"))), [try input(0)])
  }

  func broadcast() throws(ModelError) {
    try expectInputs(2...2)
    try emit(.expand(Expand()), [try input(0), try input(1)])
  }

  /// Inputs: the shape, the value.
  func fill() throws(ModelError) {
    try expectInputs(2...2)
    let value = try constant(1, "the value")
    guard value.elementCount == 1 else { throw ModelError(.malformed, "\(value.elementCount) values to fill with") }
    let isReal = value.elementType.isFloatingPoint
    guard
      let scalar = isReal
        ? try value.doubles().first.map(Scalar.floating)
        : try value.integers().first.map({ Scalar.integer(Int64($0)) })
    else { throw ModelError(.internalFault, "no value to fill with") }
    try emit(.constantOfShape(ConstantOfShape(scalar, elementType: value.elementType)), [try input(0)])
  }

  func shapeOf() throws(ModelError) {
    try expectInputs(1...1)
    // What the option says, the output's own type says again.
    options.ignore("out_type")
    try emit(.shapeOf(ShapeOf(elementType: try outputType().elementType)), [try input(0)])
  }

  func spaceToDepth() throws(ModelError) {
    try expectInputs(1...1)
    try emit(.spaceToDepth(SpaceToDepth(blockSize: try integerOption("block_size"))), [try input(0)])
  }

  func depthToSpace() throws(ModelError) {
    try expectInputs(1...1)
    try emit(.depthToSpace(DepthToSpace(blockSize: try integerOption("block_size"))), [try input(0)])
  }

  /// Inputs: x [N, H, W, C], the output's height and width.
  func resize(_ interpolation: Resize2D.Interpolation) throws(ModelError) {
    try expectInputs(2...2)
    let size = try integers(1, "the output size")
    guard size.count == 2 else { throw ModelError(.malformed, "an output size of \(size.count) numbers") }
    let alignsCorners = try boolOption("align_corners")
    let usesCenters = try boolOption("half_pixel_centers")
    guard !(alignsCorners && usesCenters) else {
      throw ModelError(.malformed, "align_corners and half_pixel_centers exclude each other")
    }
    let isNearest = interpolation == .nearest
    let coordinates: Resize2D.Coordinates =
      alignsCorners ? .alignCorners : !usesCenters ? .asymmetric : isNearest ? .halfPixelForNearest : .halfPixel
    try emit(
      .resize2D(
        Resize2D(
          .size(height: size[0], width: size[1]), interpolation: interpolation, coordinates: coordinates,
          // The runtime rounds a corner-aligned position to the nearest pixel, any other down.
          nearestRounding: alignsCorners ? .halfUp : .floor)),
      [try input(0)])
  }
}
